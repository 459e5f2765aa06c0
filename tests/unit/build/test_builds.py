"""The swap: at every point where it may be cut short, warehouse and marts stay of one build, and nothing is left."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication import builds
from tests.published import seal

OLD, NEW, HALF = (f"2026-0{number}-01T0600-0000000{number}" for number in (1, 2, 3))


def make(home: Home, build_id: str) -> None:
    """A build about to be installed: a whole partial folder and the building file."""
    folder = builds.partial_folder(home, build_id)
    (folder / "schools.parquet").write_text(f"the schools of {build_id}")
    seal(folder, build_id=build_id)
    home.warehouse.mkdir(exist_ok=True)
    home.building_file.write_text(build_id)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    make(home, OLD)
    builds.install(home, OLD)
    return home


def stands(home: Home) -> str:
    """The build that both the warehouse file and `current` are of."""
    facts = builds.current_facts(home)
    assert facts is not None
    assert home.warehouse_file.read_text() == facts.build_id
    return facts.build_id


def test_a_build_stands_for_its_own_day_whatever_its_newest_file(home: Home) -> None:
    """A package of an earlier version says no day: there its as-at day stands, or that of its newest file."""
    facts = builds.current_facts(home)
    assert facts is not None
    newest_on = date(2026, 5, 1)
    assert facts.day(newest_on) == newest_on
    assert replace(facts, as_at="2025-04-30").day(newest_on) == date(2025, 4, 30)
    assert replace(facts, reference_on="2024-12-31").day(newest_on) == date(2024, 12, 31)


def test_install_makes_a_build_current(home: Home) -> None:
    make(home, NEW)
    builds.install(home, NEW)
    assert stands(home) == NEW
    assert home.current.readlink() == Path(f"builds/{NEW}")
    assert sorted(path.name for path in home.marts.iterdir()) == ["builds", "current"]


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("write_text_whole", OLD),  # before anything was noted
        ("rename", OLD),  # the swap is noted, the folder still partial
        ("replace", OLD),  # the folder is whole, the warehouse file not yet moved
        ("_point_current", NEW),  # the warehouse file is the new one: the swap is finished
        ("unlink", NEW),  # all is done but the note
    ],
)
def test_a_swap_cut_short_is_undone_or_finished(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: str, expected: str
) -> None:
    make(home, NEW)

    def killed(*_: object) -> None:
        raise Killed

    write_whole = builds.write_text_whole
    with monkeypatch.context() as patch:
        patch.setattr(builds if hasattr(builds, step) else Path, step, killed)
        if step in ("replace", "unlink"):  # the note's own writing uses them too, which must not be what fails
            patch.setattr(builds, "write_text_whole", lambda path, text: path.write_text(text))
        with pytest.raises(Killed):
            builds.install(home, NEW)
    assert builds.write_text_whole is write_whole

    builds.clear_leftovers(home)
    assert stands(home) == expected
    assert not home.building_file.exists()
    assert sorted(path.name for path in home.marts.iterdir()) == ["builds", "current"]
    assert [path.name for path in home.builds.glob("*.partial")] == []


def test_a_reader_of_current_never_finds_it_missing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        seen.append((home.current / builds.PACKAGE_FILE).exists())
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    make(home, NEW)
    builds.install(home, NEW)
    assert seen and all(seen)


def test_leftovers_of_a_killed_build_are_removed(home: Home) -> None:
    builds.partial_folder(home, HALF)
    home.building_file.write_text(HALF)
    home.building_file.with_name("building.duckdb.wal").write_text(HALF)
    builds.clear_leftovers(home)
    assert stands(home) == OLD
    assert [path.name for path in home.builds.iterdir()] == [OLD]
    assert [path.name for path in home.warehouse.iterdir()] == ["rayg.duckdb"]


def test_ten_builds_are_kept_and_the_current_one_always(home: Home) -> None:
    newer = [f"2026-12-{number:02}T0600-00000000" for number in range(1, 13)]
    for name in newer:
        (home.builds / name).mkdir()
    builds.prune(home)
    kept = sorted(path.name for path in home.builds.iterdir())
    assert kept == [OLD, *newer[2:]]


@pytest.mark.parametrize("name", ["notes", "backup of 2026", "2026-01-01", ".hidden", "frozen"])
def test_what_is_no_build_is_never_cleared_away(home: Home, name: str) -> None:
    (home.builds / name).mkdir()
    (home.builds / f"{name}.partial").mkdir()
    for number in range(1, 13):
        (home.builds / f"2026-12-{number:02}T0600-00000000").mkdir()
    builds.clear_leftovers(home)
    builds.prune(home)
    assert (home.builds / name).is_dir() and (home.builds / f"{name}.partial").is_dir()


def test_a_build_without_its_warehouse_is_not_current(home: Home) -> None:
    home.warehouse_file.unlink()
    assert builds.current_facts(home) is None


def test_build_names_do_not_repeat(home: Home) -> None:
    first = builds.new_build_id(home, "abcdef0123456789")
    (home.builds / first).mkdir()
    second = builds.new_build_id(home, "abcdef0123456789")
    assert first != second
    assert "abcdef01" in first and "abcdef01" in second


# What a power cut, an editor or a curious hand may leave in the note of a swap.
ODD_NOTES = [
    "",
    "\n",
    "\0" * 20,
    ".",
    "..",
    "../..",
    "../../..",
    "/",
    "/tmp",
    "builds",
    "frozen",
    f"../{OLD}",
    f"{OLD}/",
]
ODD_NOTES += [f"{OLD}\n", f"{OLD} ", "C:\\", "..\\..", "*", "x" * 5000, "2026-01-01", "2099-01-01T0000-ffffffff"]


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("has_building_file", [True, False])
@pytest.mark.parametrize("note", ODD_NOTES, ids=repr)
def test_an_odd_note_of_a_swap_removes_nothing_but_itself(home: Home, note: str, has_building_file: bool) -> None:
    (home.raw / "ks2").mkdir(parents=True)
    (home.raw / "ks2" / "held.csv").write_text("held")
    (home.marts / "frozen" / "kept").mkdir(parents=True)
    before = tree(home.root)
    (home.marts / "swap.txt").write_text(note)
    if has_building_file:
        home.building_file.write_text("half")
    builds.clear_leftovers(home)
    assert tree(home.root) == before
    assert stands(home) == OLD


def test_a_note_that_is_not_text_removes_nothing_but_itself(home: Home) -> None:
    before = tree(home.root)
    (home.marts / "swap.txt").write_bytes(b"\xff\xfe\x00")
    home.building_file.write_text("half")
    builds.clear_leftovers(home)
    assert tree(home.root) == before


def test_a_note_that_outlived_its_swap_does_not_remove_the_current_build(home: Home) -> None:
    (home.marts / "swap.txt").write_text(OLD)
    home.building_file.write_text("half")
    builds.clear_leftovers(home)
    assert stands(home) == OLD


@pytest.mark.parametrize("note", ["", "0", "-1", "1", "x", "12x", "9" * 40, "\0\0"])
def test_an_odd_note_of_a_writer_ends_no_process(home: Home, monkeypatch: pytest.MonkeyPatch, note: str) -> None:
    ended: list[int] = []
    locked = iter([True, False])
    monkeypatch.setattr(builds, "_is_locked", lambda _: next(locked))
    monkeypatch.setattr(builds.os, "kill", lambda pid, _: ended.append(pid))
    (home.warehouse / "writer.pid").write_text(note)
    builds.clear_leftovers(home)
    assert ended == []


def test_what_is_published_is_on_the_disk_before_current_leads_there(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    for name in ("sync_tree", "sync", "write_text_whole", "_point_current"):
        real = getattr(builds, name)
        monkeypatch.setattr(
            builds, name, lambda *arguments, name=name, real=real: (steps.append(name), real(*arguments))
        )
    make(home, NEW)
    builds.install(home, NEW)
    assert steps == ["sync_tree", "sync", "write_text_whole", "_point_current", "sync"]


def test_published_files_may_not_be_written(home: Home) -> None:
    assert [path.stat().st_mode & 0o222 for path in home.current.iterdir()] == [0, 0]
    make(home, NEW)
    builds.install(home, NEW)
    builds.remove_child(home.builds, OLD)  # but cleared away
    assert [path.name for path in home.builds.iterdir()] == [NEW]


def cut(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-3])


def swap_a_byte(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"the", b"teh"))


@pytest.mark.parametrize(
    ("hurt", "said"),
    [
        (cut, "is damaged ("),
        (lambda path: (path.chmod(0o600), path.write_bytes(b"")), r"is damaged \(0 bytes"),
        (swap_a_byte, "is damaged (its bytes have changed"),
        (Path.unlink, "is not there"),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(home: Home, hurt, said: str) -> None:
    file = home.current / "schools.parquet"
    assert builds.published_file(home.current, file.name) == file
    assert list(builds.damaged_files(home.current)) == []
    hurt(file)
    said = said.replace("\\", "")
    for ask in (
        lambda: builds.published_file(home.current, file.name),
        lambda: builds.require_intact(home.current, ".parquet"),
    ):
        with pytest.raises(RaygError) as told:
            ask()
        assert str(told.value).startswith(f"{file} {said}")
        assert str(told.value).endswith(": run `rayg build --force` to publish it again.")
        assert "\n" not in str(told.value)
    assert [line.startswith(f"{file} {said}") for line in builds.damaged_files(home.current)] == [True]


PACKAGES = ["", "{", "[]", "null", "7", '{"rayg": 7}', '{"rayg": {}}', "\0\0\0", '{"rayg": {"build_id": "x"}}']


@pytest.mark.parametrize("text", [*PACKAGES, None])
def test_a_broken_package_is_named_and_the_next_build_mends_it(home: Home, text: str | None) -> None:
    package = home.current / builds.PACKAGE_FILE
    package.unlink()
    if text is not None:
        package.write_text(text)
    with pytest.raises(RaygError, match=r"current/datapackage.json is .*: run `rayg build --force`"):
        builds.current_build(home)
    assert builds.current_facts(home) is None  # as far as a build goes, there is none: it makes another
    make(home, NEW)
    builds.install(home, NEW)
    assert stands(home) == NEW


@pytest.mark.parametrize("resources", ["7", "[7]", "[{}]", '[{"path": "schools.parquet"}]', "null"])
def test_a_package_of_odd_resources_is_named(home: Home, resources: str) -> None:
    package = home.current / builds.PACKAGE_FILE
    package.unlink()
    package.write_text(f'{{"rayg": {{}}, "resources": {resources}}}')
    with pytest.raises(RaygError, match=r"current/datapackage.json is damaged: run `rayg build --force`"):
        builds.published_file(home.current, "schools.parquet")


@pytest.mark.parametrize("target", ["builds/gone", "current", "../nowhere", None])
def test_a_current_that_leads_nowhere_is_said(home: Home, target: str | None) -> None:
    home.current.unlink()
    if target:
        home.current.symlink_to(target)
    with pytest.raises(RaygError, match=r"marts/current (leads to no build|is not there, though builds are)") as told:
        builds.current_build(home)
    assert "run `rayg build --force`" in str(told.value)
    make(home, NEW)
    builds.install(home, NEW)
    assert stands(home) == NEW


def test_before_the_first_build_nothing_is_built(tmp_path: Path) -> None:
    with pytest.raises(RaygError, match="Nothing is built in this home yet"):
        builds.current_build(Home(tmp_path))
