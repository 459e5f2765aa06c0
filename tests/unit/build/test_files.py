"""Files are written whole and removed by name: nothing is half there, nothing goes that was not meant."""

import ast
import os
from pathlib import Path

import pytest

from pipelines import files
from pipelines.errors import RaygError
from pipelines.files import remove_child, write_text_whole, write_whole
from pipelines.home import project_root

PRODUCT = project_root() / "pipelines"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "x/y", "x/..", "/", "/tmp", "x\\y", "..\\x", "x\0", "./x", "x/"]
)
def test_only_a_named_child_is_removed(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "folder"
    for kept in (inside / "x" / "y", tmp_path / "x"):
        kept.mkdir(parents=True)
    with pytest.raises(RaygError, match="nothing was removed"):
        remove_child(inside, name)
    assert (inside / "x" / "y").is_dir() and (tmp_path / "x").is_dir()


def test_files_folders_and_links_go_and_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    inside, outside = tmp_path / "folder", tmp_path / "outside"
    (inside / "tree" / "deep").mkdir(parents=True)
    (inside / "tree" / "deep" / "file").write_text("x")
    (inside / "tree" / "deep" / "file").chmod(0o400)
    outside.mkdir()
    (outside / "kept").write_text("x")
    (inside / "tree" / "link").symlink_to(outside)
    (inside / "link").symlink_to(outside)
    (inside / "dangling").symlink_to(tmp_path / "gone")
    (inside / "file").write_text("x")
    os.mkfifo(inside / "pipe")
    for name in ("tree", "link", "dangling", "file", "pipe", "never there"):
        remove_child(inside, name)
    assert list(inside.iterdir()) == []
    assert (outside / "kept").read_text() == "x"


def _calls(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PRODUCT.rglob("*.py")) if path != PRODUCT / "files.py"],
    ids=lambda path: path.relative_to(PRODUCT).as_posix(),
)
def test_trees_are_removed_in_one_place(path: Path) -> None:
    assert not {"rmtree", "removedirs"} & set(_calls(path)), "use pipelines.files.remove_child"


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["write", "sync", "replace"])
def test_a_file_cut_short_leaves_the_old_one_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "state.json"
    write_text_whole(path, "old")

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if step == "sync":
            patch.setattr(files, "sync", killed)
        if step == "replace":
            patch.setattr(Path, "replace", killed)
        with pytest.raises(Killed):
            write_whole(path, killed if step == "write" else lambda part: part.write_text("new"))
    assert path.read_text() == "old"
    write_text_whole(path, "new")
    assert path.read_text() == "new"
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]


def test_a_link_in_the_way_is_not_written_through(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("kept")
    (tmp_path / ".state.json.part").symlink_to(target)
    write_text_whole(tmp_path / "state.json", "new")
    assert target.read_text() == "kept"
    assert (tmp_path / "state.json").read_text() == "new" and not (tmp_path / "state.json").is_symlink()


def test_bytes_and_name_reach_the_disk_in_that_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, bool]] = []
    path = tmp_path / "note.txt"
    monkeypatch.setattr(files, "sync", lambda one: seen.append((one.name, path.exists())))
    write_text_whole(path, "x")
    assert seen == [(".note.txt.part", False), (tmp_path.name, True)]
