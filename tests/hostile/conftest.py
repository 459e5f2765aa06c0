"""What hostile and unlucky tries are made with: an empty home, and the makers of the rooms' own tests."""

from pathlib import Path

import pytest

from pipelines.home import Home
from tests.unit.landing.conftest import Made as Published
from tests.unit.returns.conftest import Made as Returned


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def returned() -> Returned:
    return Returned()
