"""A whole build, killed and out of room at points where it or dbt touches the disk.

What was published stands, or the new build stands whole. The next build succeeds and gives the same bytes. A build
takes seconds, so `make test` tries few points; `make soak` tries one in every stretch of RAYG_TEST_STRIDE of them.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.publication.builds import current_facts
from tests.faults import hurt, points
from tests.faults.conftest import Project, assert_no_leftovers
from tests.faults.points import Point
from tests.faults.ready import Ready
from tests.faults.test_whole_builds import marts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
FEW = {"kill": 1, "full": 1}
FEWEST = 50
STRIDE = int(os.environ.get("RAYG_TEST_STRIDE", "1"))


def built(ready: Ready, home: Home, point: Point) -> hurt.Ended:
    return hurt.Ended(*ready.run(["--home", str(home.root), "build", "--force"], point))


@pytest.fixture(scope="module")
def ready(project: Project) -> Iterator[Ready]:
    made = Ready(project.root, project.environment())
    yield made
    made.close()


@pytest.fixture(scope="module")
def points_n(ready: Ready, built_once: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """At how many points a build that nothing hurts can be killed, and can find the disk full."""
    folder = tmp_path_factory.mktemp("counted")
    home = hurt.copied(built_once, folder / "home")
    point = Point(str(home.root), str(folder / "tally"), 0, "kill")
    done = built(ready, home, point)
    assert done.code == 0, done.said
    seen = points.events(Path(point.tally))
    assert len(seen) > FEWEST, "the hook sees nothing"
    assert any("/dbt/" in event for event in seen), "the hook does not see dbt"
    return {"kill": len(seen), "full": sum(event.split()[0] not in points.NEEDS_NO_ROOM for event in seen)}


def try_points(
    ready: Ready, built_once: Home, tmp_path: Path, how: str, at_points: list[int], tried: Callable[[], None]
) -> None:
    before, published = hurt.kept(hurt.copied(built_once, tmp_path / "home")), marts(built_once)
    for at in at_points:
        home = hurt.copied(built_once, tmp_path / "home")
        point = Point(str(home.root), str(tmp_path / f"tally{at}"), at, how)
        first = current_facts(home)
        done = built(ready, home, point)
        seen = points.events(Path(point.tally))
        where = f"point {at}, {seen[at - 1 : at]}: {done}"
        try:
            assert "Traceback" not in done.said
            if len(seen) >= at and current_facts(home) == first:
                assert done.code != 0
                if how == "full":
                    assert "full" in done.said or "No space left" in done.said
            hurt.assert_nothing_is_lost(home, before)
            assert marts(home) == published
            again = built(ready, home, Point(str(home.root), f"{point.tally}again", 0, how))
            assert again.code == 0, again.said
            assert marts(home) == published
            hurt.assert_nothing_is_lost(home, before)
            assert_no_leftovers(home)
        except AssertionError as error:
            raise AssertionError(where) from error
        tried()


@pytest.mark.parametrize("how", ["kill", "full"])
def test_a_few_points(ready, built_once, tmp_path, points_n, how):
    try_points(ready, built_once, tmp_path, how, hurt.spread(points_n[how], FEW[how]), lambda: None)


@pytest.mark.soak
@pytest.mark.parametrize("how", ["kill", "full"])
def test_every_point(ready, built_once, tmp_path, points_n, how, tried):
    at_points = hurt.spread(points_n[how], max(1, points_n[how] // STRIDE))
    try_points(ready, built_once, tmp_path, how, at_points, lambda: tried(f"build, {how}"))
