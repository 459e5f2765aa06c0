"""What tests share is made once, is left as it was made, and fails once for all."""

from pathlib import Path

import pytest

from pipelines.home import Home
from tests.shared import Shared, copy_home


def write(folder: Path) -> None:
    (folder / "file").write_text("made", encoding="utf-8")


def test_the_second_worker_finds_what_the_first_made(tmp_path: Path) -> None:
    first, second = Shared(tmp_path), Shared(tmp_path)
    folder = first("thing", write)
    assert second("thing", lambda _: pytest.fail("made a second time")) == folder
    assert (folder / "file").read_text(encoding="utf-8") == "made"
    assert first.changed() == second.changed() == []


def test_a_file_written_later_is_named(tmp_path: Path) -> None:
    shared = Shared(tmp_path)
    folder = shared("thing", write)
    (folder / "file").write_text("changed", encoding="utf-8")
    (folder / "more").touch()
    assert shared.changed() == ["thing/file", "thing/more"]


def test_what_cannot_be_made_fails_every_test_with_the_same_words(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        raise AssertionError("the build says why")

    with pytest.raises(AssertionError, match="the build says why"):
        Shared(tmp_path)("thing", fail)
    with pytest.raises(pytest.fail.Exception, match="thing could not be made: the build says why"):
        Shared(tmp_path)("thing", write)


def test_a_copied_home_takes_new_files_and_leaves_the_old_home_alone(tmp_path: Path) -> None:
    shared = Shared(tmp_path / "shared")

    def make(folder: Path) -> None:
        for part in ("raw", "warehouse/landing"):
            (folder / part).mkdir(parents=True)
            write(folder / part)

    copy = copy_home(Home(shared("home", make)), tmp_path / "copy")
    assert (copy.raw / "file").read_text(encoding="utf-8") == "made"
    (copy.landing / "part").write_text("anew", encoding="utf-8")
    (copy.landing / "part").replace(copy.landing / "file")
    assert shared.changed() == []
