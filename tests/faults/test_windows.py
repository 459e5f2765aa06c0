"""What Windows does otherwise, imitated: `current` is a copy, and no name is one that Windows refuses.

It is an imitation. The product has not been run on Windows itself, and the README says no more than that.
"""

import re

from pipelines.home import Home
from pipelines.publication import builds
from tests.faults import hurt
from tests.faults.test_every_point import NEXT_BUILD, swap, with_next_build

REFUSED = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$', re.IGNORECASE)
LONGEST = 160  # of the 260 that Windows allows, so that 100 are left for where the home lies


def test_current_is_a_copy_that_says_whose(home: Home) -> None:
    with_next_build(home)
    hurt.as_on_windows(swap, home)
    assert not home.current.is_symlink()
    assert (home.marts / "current.txt").read_text(encoding="utf-8") == NEXT_BUILD
    facts = builds.whole_build(home.current)
    assert facts.build_id == NEXT_BUILD
    assert list(builds.damaged_files(home.current)) == []
    assert home.warehouse_file.read_bytes() == b"next"


def test_a_copy_makes_way_for_the_next_one(home: Home) -> None:
    first = builds.whole_build(home.current).build_id
    hurt.as_on_windows(builds._point_current, home, first)
    assert builds._is_current(home, first)
    with_next_build(home)
    hurt.as_on_windows(swap, home)
    assert builds.whole_build(home.current).build_id == NEXT_BUILD
    hurt.as_on_windows(builds.prune, home)
    assert [folder.name for folder in builds.build_folders(home)] == [first, NEXT_BUILD]


def test_the_current_build_is_not_cleared_away_by_its_copy(home: Home, monkeypatch) -> None:
    first = builds.whole_build(home.current).build_id
    hurt.as_on_windows(builds._point_current, home, first)
    with_next_build(home)
    (home.builds / f"{NEXT_BUILD}{builds.PARTIAL}").rename(home.builds / NEXT_BUILD)
    monkeypatch.setattr(builds, "KEPT_BUILDS", 1)
    hurt.as_on_windows(builds.prune, home)
    assert (home.builds / first / builds.PACKAGE_FILE).is_file()


def test_no_name_in_a_home_is_one_that_windows_refuses(home: Home) -> None:
    named = [path.relative_to(home.root) for path in home.root.rglob("*")]
    assert [str(path) for path in named if any(REFUSED.search(part) for part in path.parts)] == []
    assert [str(path) for path in named if len(str(path)) > LONGEST] == []
