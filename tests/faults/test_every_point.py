"""`add`, `moderate`, `freeze` and the swap, killed and out of room at every point where they touch the disk.

After each try the last good build stands, nothing that was kept is lost, and the same command given again brings the
home to the very bytes of a home that was never hurt. `make test` tries a spread of points, `make soak` every one.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.publication import builds
from tests.faults import hurt, points
from tests.faults.conftest import KS2
from tests.faults.points import Point
from tests.unit.returns.conftest import Made

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
FEW = 4
STEPS = ["add", "moderate", "freeze", "swap", "swap on Windows"]
NEXT_BUILD = "2099-01-01T0000-0badf00d"


@dataclass(frozen=True)
class Step:
    """A command: what it is given, and what it is run as, first and again."""

    action: Callable[[Home], None]
    again: Callable[[Home], None]
    prepare: Callable[[Home], None] = lambda home: None
    has_a_line: bool = True  # the swap is part of a build, which says the line
    has_current: bool = True  # on Windows `current` is a copy, and is away for a moment


def add(files: Path, home: Home) -> None:
    hurt.rayg(home, "add", str(files), "--year", "2023/24")


def moderate(files: Path, home: Home) -> None:
    hurt.rayg(home, "moderate", str(files))


def freeze(home: Home) -> None:
    hurt.rayg(home, "freeze", "kept")


def freeze_again(home: Home) -> None:
    if not (home.marts / "frozen" / "kept").exists():
        freeze(home)


def with_next_build(home: Home) -> None:
    """A build that is whole and not yet installed."""
    facts = builds.current_facts(home)
    assert facts is not None
    folder = home.builds / f"{NEXT_BUILD}{builds.PARTIAL}"
    shutil.copytree(home.builds / facts.build_id, folder)
    package = folder / builds.PACKAGE_FILE
    text = package.read_text(encoding="utf-8").replace(facts.build_id, NEXT_BUILD)
    package.chmod(0o600)
    package.write_text(text, encoding="utf-8")
    home.building_file.write_bytes(b"next")


def swap(home: Home) -> None:
    builds.install(home, NEXT_BUILD)


def swap_again(home: Home) -> None:
    """As the next build does: it clears up first, then installs its own."""
    builds.clear_leftovers(home)
    if builds.current_facts(home).build_id != NEXT_BUILD:  # type: ignore[union-attr]
        assert home.warehouse_file.read_bytes() != b"next", "the warehouse runs ahead of the marts"
        with_next_build(home)
        swap(home)
    assert home.warehouse_file.read_bytes() == b"next"


def on_windows(home: Home) -> None:
    facts = builds.current_facts(home)
    assert facts is not None
    hurt.as_on_windows(builds._point_current, home, facts.build_id)
    with_next_build(home)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Step]:
    folder = tmp_path_factory.mktemp("given")
    files = folder / "files"
    files.mkdir()
    for name, urn in (("919_ks2final.csv", "100001"), ("850_ks2final.csv", "100002")):
        rows = [KS2[0], ["1", name[:3], "2001", urn, "First", "30", "60%"]]
        (files / name).write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    decisions = folder / "local_moderation.csv"
    fields = {"decided_on": "2025-10-06", "from_rating": "yellow", "to_rating": "amber", "urn": "100001"}
    decisions.write_bytes(Made().text("local_moderation", fields))
    return {
        "add": Step(partial(add, files), partial(add, files)),
        "moderate": Step(partial(moderate, decisions), partial(moderate, decisions)),
        "freeze": Step(freeze, freeze_again),
        "swap": Step(swap, swap_again, with_next_build, has_a_line=False),
        "swap on Windows": Step(
            partial(hurt.as_on_windows, swap),
            partial(hurt.as_on_windows, swap_again),
            on_windows,
            has_a_line=False,
            has_current=False,
        ),
    }


def try_points(
    step: Step, how: str, wanted: int | None, built_once: Home, tmp_path: Path, tried: Callable[[], None]
) -> None:
    def fresh(at: int) -> tuple[Home, Point]:
        home = hurt.copied(built_once, tmp_path / "home")
        step.prepare(home)
        tally = tmp_path / f"tally{at}"
        return home, Point(str(home.root), str(tally), at, how)

    home, point = fresh(0)
    before = hurt.kept(hurt.copied(built_once, tmp_path / "before"))
    done = hurt.run(point, step.action, home)
    assert done.code == 0, done.said
    never_hurt = hurt.kept(home)
    assert never_hurt != before
    points_n = len(points.events(Path(point.tally)))
    assert points_n > FEW, "the hook sees nothing"
    for at in hurt.spread(points_n, wanted):
        home, point = fresh(at)
        ended = hurt.run(point, step.action, home)
        where = f"point {at} of {points_n}, {points.events(Path(point.tally))[at - 1]}: {ended}"
        assert len(points.events(Path(point.tally))) >= at, where
        if how == "kill":
            assert ended.code == hurt.KILLED, where
        else:
            assert ended.code in (0, 1), where  # 0: only what could be done without was lost
            assert "Traceback" not in ended.said, where
            if step.has_a_line and ended.code:
                assert "The disk is full: make room under" in ended.said, where
        try:
            hurt.assert_nothing_is_lost(home, before, step.has_current)
            again = hurt.run(Point(str(home.root), f"{point.tally}again", 0, how), step.again, home)
            assert again.code == 0, again.said
            assert hurt.kept(home) == never_hurt
            hurt.assert_nothing_is_lost(home, before)
        except AssertionError as error:
            raise AssertionError(where) from error
        tried()


@pytest.mark.parametrize("how", ["kill", "full"])
@pytest.mark.parametrize("name", STEPS)
def test_a_spread_of_points(steps, name, how, built_once, tmp_path):
    try_points(steps[name], how, FEW, built_once, tmp_path, lambda: None)


@pytest.mark.soak
@pytest.mark.parametrize("how", ["kill", "full"])
@pytest.mark.parametrize("name", STEPS)
def test_every_point(steps, name, how, built_once, tmp_path, tried):
    try_points(steps[name], how, None, built_once, tmp_path, partial(tried, f"{name}, {how}"))
