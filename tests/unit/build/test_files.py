"""Files are written whole and removed by name: nothing is half there, nothing goes that was not meant."""

import ast
import os
from pathlib import Path

import pytest

from pipelines import files
from pipelines.errors import RaygError
from pipelines.files import is_shared, make_private, make_read_only, remove_child, write_text_whole, write_whole
from pipelines.home import Home, project_root

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


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.fixture
def open_home(tmp_path: Path) -> Home:
    """A home as an earlier version left it, readable by every user."""
    home = Home(tmp_path / "home")
    for folder in (home.builds / "x", home.raw, home.dagster):
        folder.mkdir(parents=True)
    (home.builds / "x" / "schools.csv").write_text("x")
    (home.builds / "x" / "script").write_text("x")
    (home.current).symlink_to(Path("builds/x"))
    (tmp_path / "outside").write_text("x")
    (home.raw / "link").symlink_to(tmp_path / "outside")
    for path in (tmp_path / "outside", *home.root.rglob("*.csv")):
        path.chmod(0o644)
    (home.builds / "x" / "script").chmod(0o755)
    for folder in (home.root, *(path for path in home.root.rglob("*") if path.is_dir() and not path.is_symlink())):
        folder.chmod(0o755)
    return home


def test_a_home_is_closed_to_other_users_once(open_home: Home) -> None:
    paths = [*open_home.own_folders, open_home.root]
    assert make_private(open_home.root, paths) == 8
    assert mode(open_home.root) == mode(open_home.marts) == mode(open_home.builds / "x") == 0o700
    assert mode(open_home.builds / "x" / "schools.csv") == 0o600
    assert mode(open_home.root.parent / "outside") == 0o644  # what a link leads to is not the home's
    assert make_private(open_home.root, paths) == 0


def test_a_home_shared_with_a_group_is_open_to_it_alone(open_home: Home) -> None:
    open_home.root.chmod(0o2775)
    assert is_shared(open_home.root)
    make_private(open_home.root, [*open_home.own_folders, open_home.root])
    assert mode(open_home.root) == mode(open_home.builds / "x") == 0o2770
    assert mode(open_home.builds / "x" / "schools.csv") == 0o660
    make_read_only(open_home.builds)
    assert mode(open_home.builds / "x" / "schools.csv") == 0o440


@pytest.mark.parametrize("its_mode", [0o700, 0o755, 0o775, 0o777, 0o2700, 0o2755])
def test_no_home_is_shared_by_accident(tmp_path: Path, its_mode: int) -> None:
    tmp_path.chmod(its_mode)
    assert not is_shared(tmp_path)


@pytest.mark.parametrize(("home_mode", "file_mode", "folder_mode"), [(0o755, 0o600, 0o700), (0o2770, 0o660, 0o2770)])
def test_what_is_written_is_closed_from_the_start(
    tmp_path: Path, home_mode: int, file_mode: int, folder_mode: int
) -> None:
    before = os.umask(0o022)
    try:
        tmp_path.chmod(home_mode)
        home = Home.resolve(tmp_path)
        write_text_whole(home.warehouse / "note", "x")
        assert (mode(home.warehouse / "note"), mode(home.warehouse)) == (file_mode, folder_mode)
    finally:
        os.umask(before)
