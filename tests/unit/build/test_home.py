"""Which home is meant, and that what people ask for is never written among a home's own files."""

from pathlib import Path

import pytest

from pipelines.errors import RaygError
from pipelines.home import Home, outside_homes

WITHIN = ["marts", "marts/current", "marts/current/sub", "marts/builds/x", "marts/frozen/x/y.csv", "raw", "raw/inbox"]
WITHIN += ["warehouse/x.md", "raw/ks2/2024-25/x.csv", "logs/x", "dagster/x", "backtest/x", "fetch/x", "raw/../marts/x"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.builds.mkdir(parents=True)
    return home


@pytest.mark.parametrize("asked", WITHIN)
def test_a_place_in_the_home_is_refused(home: Home, asked: str) -> None:
    with pytest.raises(RaygError, match="lies among the home's own files"):
        outside_homes(home.root / asked, home)


@pytest.mark.parametrize("asked", WITHIN)
def test_a_place_in_another_home_is_refused(home: Home, asked: str) -> None:
    home.lock_file.touch()
    with pytest.raises(RaygError, match="lies among the home's own files"):
        outside_homes(home.root / asked)


def test_a_link_into_the_home_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home.builds)
    with pytest.raises(RaygError, match="lies among the home's own files"):
        outside_homes(tmp_path / "link" / "site", home)


@pytest.mark.parametrize("asked", ["../site", "site", "marts2/x", "out/marts", "x.csv"])
def test_any_other_place_is_given(home: Home, asked: str) -> None:
    assert outside_homes(home.root / asked, home) == home.root / asked


def test_a_home_is_the_one_asked_for_else_the_environments_else_the_usual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, named = tmp_path / "sample", tmp_path / "named"
    monkeypatch.delenv("RAYG_HOME", raising=False)
    assert Home.resolve(None, usual).root == usual
    monkeypatch.setenv("RAYG_HOME", str(named))
    assert Home.resolve(None, usual).root == named
    assert Home.resolve(tmp_path / "asked", usual).root == tmp_path / "asked"
