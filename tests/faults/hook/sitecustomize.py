"""Python runs this at its start where this folder is on its path: the process is watched (`tests.faults.points`)."""

import os

from tests.faults.points import PREFIX, Point, watch

if f"{PREFIX}AT" in os.environ:
    watch(Point.of(os.environ))
