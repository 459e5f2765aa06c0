"""How many examples a property is tried on: few in `make test`, a hundred times as many in `make soak`."""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("RAYG_TEST_TIMES", "1"))


def examples(number: int) -> settings:
    """Settings for a property that shares what it runs on among its examples, and sets it anew for each."""
    return settings(max_examples=number * TIMES, suppress_health_check=[HealthCheck.function_scoped_fixture])
