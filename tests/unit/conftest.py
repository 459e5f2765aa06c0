"""Where unit tests put files: an empty home. What they put there is made beside them."""

from pathlib import Path

import pytest

from pipelines.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")
