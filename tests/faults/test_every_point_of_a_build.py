"""A whole build, killed and out of room at points where it or dbt touches the disk.

What was published stands, or the new build stands whole. The next build succeeds and gives the same bytes. A build
takes seconds, so `make test` tries few points; `make soak` tries one in every stretch of RAYG_TEST_STRIDE of them.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.publication.builds import current_facts
from tests.faults import hurt, points
from tests.faults.conftest import Project, assert_no_leftovers
from tests.faults.points import Point
from tests.faults.test_whole_builds import marts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
HOOK = Path(__file__).parent / "hook"
FEW = {"kill": 3, "full": 2}
STRIDE = int(os.environ.get("RAYG_TEST_STRIDE", "1"))


def watched_build(project: Project, home: Home, point: Point) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(HOOK), project.environment()["PYTHONPATH"]])
    return project.rayg(home, "build", "--force", PYTHONPATH=path, **point.environment())


def try_points(
    project: Project,
    built_once: Home,
    tmp_path: Path,
    how: str,
    wanted: Callable[[int], int],
    tried: Callable[[], None],
) -> None:
    def fresh(at: int) -> tuple[Home, Point]:
        home = hurt.copied(built_once, tmp_path / "home")
        return home, Point(str(home.root), str(tmp_path / f"tally{at}"), at, how)

    home, point = fresh(0)
    before, published = hurt.kept(home), marts(home)
    done = watched_build(project, home, point)
    assert done.returncode == 0, done.stderr
    points_n = len(points.events(Path(point.tally)))
    assert points_n > 50, "the hook sees nothing"
    for at in hurt.spread(points_n, wanted(points_n)):
        home, point = fresh(at)
        first = current_facts(home)
        done = watched_build(project, home, point)
        seen = points.events(Path(point.tally))
        where = f"point {at} of about {points_n}, {seen[at - 1 : at]}: {done.returncode} {done.stderr}"
        try:
            assert "Traceback" not in done.stderr
            if len(seen) >= at and current_facts(home) == first:
                assert done.returncode != 0
                if how == "full":
                    assert "full" in done.stderr or "No space left" in done.stderr
            hurt.assert_nothing_is_lost(home, before)
            assert marts(home) == published
            again = project.rayg(home, "build", "--force")
            assert again.returncode == 0, again.stderr
            assert marts(home) == published
            hurt.assert_nothing_is_lost(home, before)
            assert_no_leftovers(home)
            verified = project.rayg(home, "verify")
            assert verified.returncode == 0, verified.stderr
        except AssertionError as error:
            raise AssertionError(where) from error
        tried()


@pytest.mark.parametrize("how", ["kill", "full"])
def test_a_few_points(project, built_once, tmp_path, how):
    try_points(project, built_once, tmp_path, how, lambda _: FEW[how], lambda: None)


@pytest.mark.soak
@pytest.mark.parametrize("how", ["kill", "full"])
def test_every_point(project, built_once, tmp_path, how, tried):
    try_points(project, built_once, tmp_path, how, lambda n: max(1, n // STRIDE), lambda: tried(f"build, {how}"))
