"""Frozen builds: kept under a name whatever is cleared away, found again, and never under a name that misleads."""

import multiprocessing
import shutil
from pathlib import Path

import pytest

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.lock import BuildLock
from pipelines.publication import builds
from pipelines.publication.builds import damaged_files
from pipelines.publication.freeze import find_build, freeze, frozen
from tests.published import seal

FIRST, SECOND, THIRD = (f"2026-0{number}-01T0600-0000000{number}" for number in (1, 2, 3))


def make(home: Home, build_id: str) -> None:
    folder = home.builds / build_id
    (folder / "data_docs").mkdir(parents=True)
    (folder / "held_files.parquet").write_text(f"the files of {build_id}")
    (folder / "data_docs" / "index.html").write_text(build_id)
    seal(folder, build_id=build_id)
    home.current.unlink(missing_ok=True)
    home.current.symlink_to(folder)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    for build_id in (FIRST, SECOND):
        make(home, build_id)
    return home


def test_a_frozen_build_outlives_the_clearing_up(home: Home) -> None:
    assert freeze(home, "JAPR autumn 2026", FIRST).build_id == FIRST
    for number in range(10, 10 + builds.KEPT_BUILDS):
        make(home, f"2027-{number}-01T0600-{number:08}")
    builds.prune(home)
    assert not (home.builds / FIRST).exists()
    folder, facts = find_build(home, "JAPR autumn 2026")
    assert facts.build_id == FIRST
    assert (folder / "held_files.parquet").read_text() == f"the files of {FIRST}"
    assert (folder / "data_docs" / "index.html").read_text() == FIRST


def test_the_current_build_is_frozen_as_it_is_now(home: Home) -> None:
    freeze(home, "now", "current")
    make(home, THIRD)
    assert {name: facts.build_id for name, facts in frozen(home).items()} == {"now": SECOND}
    assert find_build(home, "current")[1].build_id == THIRD
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


@pytest.mark.parametrize("name", ["current", "Current", FIRST, "JAPR", "japr"])
def test_a_name_that_stands_for_another_build_is_refused(home: Home, name: str) -> None:
    freeze(home, "JAPR", FIRST)
    with pytest.raises(RaygError, match=f"a build called {name} already"):
        freeze(home, name, SECOND)
    assert {name: facts.build_id for name, facts in frozen(home).items()} == {"JAPR": FIRST}


@pytest.mark.parametrize("name", ["2020-01", f"../builds/{FIRST}", "", ".", f"{FIRST}/"])
def test_a_build_that_is_not_there_is_one_line(home: Home, name: str) -> None:
    with pytest.raises(RaygError, match="There is no build") as refused:
        freeze(home, "kept", name)
    assert SECOND in str(refused.value)
    assert not (home.marts / "frozen").exists()


def test_nothing_built_yet(tmp_path: Path) -> None:
    with pytest.raises(RaygError, match="Nothing is built"):
        freeze(Home(tmp_path), "kept", "current")


def test_a_disk_that_fills_leaves_no_half_frozen_build(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    freeze(home, "copied", "current")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copy2", full)
        with pytest.raises(RaygError, match=r"^The disk is full: make room under .* and freeze it again; every other"):
            freeze(home, "kept", "current")
    assert [path.name for path in (home.marts / "frozen").iterdir()] == ["copied"]
    freeze(home, "kept", "current")
    assert list(frozen(home)) == ["copied", "kept"]


def test_nothing_is_frozen_while_a_build_runs(home: Home) -> None:
    lock = BuildLock(home)
    lock.acquire()
    try:
        with pytest.raises(RaygError, match="Another build"):
            freeze(home, "kept", FIRST)
    finally:
        lock.release()


def test_two_who_freeze_at_once_keep_one_whole_build_under_a_name(home: Home) -> None:
    """Each would clear away what the other has half copied."""
    context = multiprocessing.get_context("fork")
    together, said = context.Barrier(4), context.Queue()

    def run(build: str) -> None:
        together.wait()
        try:
            said.put(freeze(home, "kept", build).build_id)
        except RaygError as fault:
            said.put(str(fault))

    processes = [context.Process(target=run, args=(build,)) for build in (FIRST, SECOND) * 2]
    for process in processes:
        process.start()
    answers = [said.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    (kept,) = [answer for answer in answers if answer in (FIRST, SECOND)]
    refused = "a build called kept already", "Another freeze of", "Another build of"
    assert all(answer == kept or any(words in answer for words in refused) for answer in answers)
    assert frozen(home)["kept"].build_id == kept
    assert list(damaged_files(home.marts / "frozen" / "kept")) == []


def test_a_frozen_build_shares_nothing_with_the_one_it_was_copied_from(home: Home) -> None:
    freeze(home, "kept", "current")
    kept = home.marts / "frozen" / "kept" / "held_files.parquet"
    with (home.current / "held_files.parquet").open("r+") as file:  # as an editor does that saves in place
        file.write("edited")
    assert kept.read_text() == f"the files of {SECOND}"
    assert kept.stat().st_mode & 0o222 == 0  # and nobody edits the copy either
    assert (kept.parent / "data_docs" / "index.html").stat().st_mode & 0o222 == 0


def test_a_damaged_build_is_not_frozen(home: Home) -> None:
    (home.current / "held_files.parquet").write_text("cut")
    with pytest.raises(RaygError, match=r"current/held_files.parquet is damaged .*: run `rayg build --force`"):
        freeze(home, "kept", "current")
    assert frozen(home) == {}


def test_a_damaged_frozen_build_is_listed_as_such_and_keeps_its_name(home: Home) -> None:
    freeze(home, "kept", "current")
    package = home.marts / "frozen" / "kept" / builds.PACKAGE_FILE
    package.chmod(0o600)
    package.write_text("{")
    assert frozen(home) == {"kept": None}
    with pytest.raises(RaygError, match="a build called kept already"):
        freeze(home, "kept", "current")
    with pytest.raises(RaygError, match=r"frozen/kept/datapackage.json is damaged: bring .*frozen/kept back"):
        find_build(home, "kept")
