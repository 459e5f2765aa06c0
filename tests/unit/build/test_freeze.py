"""Frozen builds: kept under a name whatever is cleared away, found again, and never under a name that misleads."""

import json
import shutil
from pathlib import Path

import pytest

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.lock import BuildLock
from pipelines.publication import builds
from pipelines.publication.freeze import find_build, freeze, frozen

FACTS = {
    "digest": "d",
    "code_version": "1",
    "la_code": "919",
    "as_at": None,
    "review_year": 2025,
    "is_sample": False,
    "files_n": 1,
    "tests_n": 1,
    "warnings": [],
    "quarantined": [],
}


def make(home: Home, build_id: str) -> None:
    folder = home.builds / build_id
    (folder / "data_docs").mkdir(parents=True)
    (folder / builds.PACKAGE_FILE).write_text(json.dumps({"rayg": {**FACTS, "build_id": build_id}}))
    (folder / "held_files.parquet").write_text(f"the files of {build_id}")
    (folder / "data_docs" / "index.html").write_text(build_id)
    home.current.unlink(missing_ok=True)
    home.current.symlink_to(folder)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    for build_id in ("2026-01", "2026-02"):
        make(home, build_id)
    return home


def test_a_frozen_build_outlives_the_clearing_up(home: Home) -> None:
    assert freeze(home, "JAPR autumn 2026", "2026-01").build_id == "2026-01"
    for number in range(10, 10 + builds.KEPT_BUILDS):
        make(home, f"2027-{number}")
    builds.prune(home)
    assert not (home.builds / "2026-01").exists()
    folder, facts = find_build(home, "JAPR autumn 2026")
    assert facts.build_id == "2026-01"
    assert (folder / "held_files.parquet").read_text() == "the files of 2026-01"
    assert (folder / "data_docs" / "index.html").read_text() == "2026-01"


def test_the_current_build_is_frozen_as_it_is_now(home: Home) -> None:
    freeze(home, "now", "current")
    make(home, "2026-03")
    assert {name: facts.build_id for name, facts in frozen(home).items()} == {"now": "2026-02"}
    assert find_build(home, "current")[1].build_id == "2026-03"
    assert not (home.marts / "frozen" / "now").is_symlink()


@pytest.mark.parametrize(
    "name",
    [
        "",
        " x",
        "x ",
        "../x",
        "a/b",
        "a\\b",
        ".",
        "..",
        ".hidden",
        "x.",
        "-x",
        "Ünder",
        "a" * 81,
        "x.partial",
        "a\nb",
        "a:b",
    ],
)
def test_a_name_that_is_no_folders_name_is_refused(home: Home, name: str) -> None:
    with pytest.raises(RaygError, match="cannot be a frozen build's name") as refused:
        freeze(home, name, "current")
    assert "\n" not in str(refused.value)
    assert frozen(home) == {}


@pytest.mark.parametrize("name", ["current", "Current", "2026-01", "JAPR", "japr"])
def test_a_name_that_stands_for_another_build_is_refused(home: Home, name: str) -> None:
    freeze(home, "JAPR", "2026-01")
    with pytest.raises(RaygError, match=f"a build called {name} already"):
        freeze(home, name, "2026-02")
    assert {name: facts.build_id for name, facts in frozen(home).items()} == {"JAPR": "2026-01"}


@pytest.mark.parametrize("name", ["2020-01", "../builds/2026-01", "", ".", "2026-01/"])
def test_a_build_that_is_not_there_is_one_line(home: Home, name: str) -> None:
    with pytest.raises(RaygError, match="There is no build") as refused:
        freeze(home, "kept", name)
    assert "2026-02" in str(refused.value)
    assert not (home.marts / "frozen").exists()


def test_nothing_built_yet(tmp_path: Path) -> None:
    with pytest.raises(RaygError, match="Nothing is built"):
        freeze(Home(tmp_path), "kept", "current")


def test_a_disk_that_fills_leaves_no_half_frozen_build(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.link", full)  # a disk that cannot link is copied to
        freeze(home, "copied", "current")
        patch.setattr(shutil, "copy2", full)
        with pytest.raises(RaygError, match=r"could not be frozen: .*No space left"):
            freeze(home, "kept", "current")
    assert [path.name for path in (home.marts / "frozen").iterdir()] == ["copied"]
    freeze(home, "kept", "current")
    assert list(frozen(home)) == ["copied", "kept"]


def test_nothing_is_frozen_while_a_build_runs(home: Home) -> None:
    lock = BuildLock(home)
    lock.acquire()
    try:
        with pytest.raises(RaygError, match="Another build"):
            freeze(home, "kept", "2026-01")
    finally:
        lock.release()
