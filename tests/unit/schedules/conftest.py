"""Small files in publishers' layouts, as the landing tests make them, and a home that holds them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.landing.intake import add
from tests.unit.landing.conftest import made

__all__ = ["made"]


@pytest.fixture
def hold(home: Home, tmp_path: Path) -> Callable[[str, bytes, str | None], None]:
    """Adds a file to the home."""

    def put(name: str, content: bytes, year: str | None = None) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        (outcome,) = add(home, [path], academic_year=year)
        assert outcome.status == "accepted", outcome.reason

    return put
