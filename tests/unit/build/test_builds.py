"""The swap: at every point where it may be cut short, warehouse and marts stay of one build, and nothing is left."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.publication import builds

FACTS = (
    '{"rayg": {"build_id": "%s", "digest": "d", "code_version": "1", "la_code": "919", "as_at": null,'
    ' "review_year": 2025, "is_sample": false, "files_n": 1, "tests_n": 1, "warnings": [], "quarantined": []}}'
)


def make(home: Home, build_id: str) -> None:
    """A build about to be installed: a whole partial folder and the building file."""
    folder = builds.partial_folder(home, build_id)
    (folder / builds.PACKAGE_FILE).write_text(FACTS % build_id)
    home.warehouse.mkdir(exist_ok=True)
    home.building_file.write_text(build_id)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    make(home, "old")
    builds.install(home, "old")
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
    make(home, "new")
    builds.install(home, "new")
    assert stands(home) == "new"
    assert home.current.readlink() == Path("builds/new")
    assert sorted(path.name for path in home.marts.iterdir()) == ["builds", "current"]


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("_write_whole", "old"),  # before anything was noted
        ("rename", "old"),  # the swap is noted, the folder still partial
        ("replace", "old"),  # the folder is whole, the warehouse file not yet moved
        ("_point_current", "new"),  # the warehouse file is the new one: the swap is finished
        ("unlink", "new"),  # all is done but the note
    ],
)
def test_a_swap_cut_short_is_undone_or_finished(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: str, expected: str
) -> None:
    make(home, "new")

    def killed(*_: object) -> None:
        raise Killed

    write_whole = builds._write_whole
    with monkeypatch.context() as patch:
        patch.setattr(builds if step.startswith("_") else Path, step, killed)
        if step == "replace":  # the note is written by a replace of its own, which must not be the one that fails
            patch.setattr(builds, "_write_whole", lambda path, text: path.write_text(text))
        with pytest.raises(Killed):
            builds.install(home, "new")
    assert builds._write_whole is write_whole

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
    make(home, "new")
    builds.install(home, "new")
    assert seen and all(seen)


def test_leftovers_of_a_killed_build_are_removed(home: Home) -> None:
    builds.partial_folder(home, "half")
    home.building_file.write_text("half")
    home.building_file.with_name("building.duckdb.wal").write_text("half")
    builds.clear_leftovers(home)
    assert stands(home) == "old"
    assert [path.name for path in home.builds.iterdir()] == ["old"]
    assert [path.name for path in home.warehouse.iterdir()] == ["rayg.duckdb"]


def test_ten_builds_are_kept_and_the_current_one_always(home: Home) -> None:
    for number in range(12):
        (home.builds / f"p{number:02}").mkdir()
    builds.prune(home)
    kept = sorted(path.name for path in home.builds.iterdir())
    assert kept == ["old", *(f"p{number:02}" for number in range(2, 12))]


def test_a_build_without_its_warehouse_is_not_current(home: Home) -> None:
    home.warehouse_file.unlink()
    assert builds.current_facts(home) is None


def test_build_names_do_not_repeat(home: Home) -> None:
    first = builds.new_build_id(home, "abcdef0123456789")
    (home.builds / first).mkdir()
    second = builds.new_build_id(home, "abcdef0123456789")
    assert first != second
    assert "abcdef01" in first and "abcdef01" in second
