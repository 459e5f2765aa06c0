"""What a build takes of the machine."""

import pytest

from pipelines.machine import MOST_GIB, MOST_GIB_OF_ALL, bounded, database_memory, files_at_once, files_within


@pytest.mark.parametrize(
    ("half", "most", "given"),
    [
        ("700.5 MiB", MOST_GIB, "1.0GiB"),
        ("1.0 GiB", MOST_GIB, "1.0GiB"),
        ("11.7 GiB", MOST_GIB, "1.5GiB"),
        ("3.8 GiB", MOST_GIB_OF_ALL, "3.8GiB"),
        ("11.7 GiB", MOST_GIB_OF_ALL, "6.0GiB"),
        ("1.2 TiB", MOST_GIB_OF_ALL, "6.0GiB"),
    ],
)
def test_the_database_takes_half_within_bounds(half: str, most: float, given: str) -> None:
    """A small laptop gets the least that a build runs in; a large machine keeps the rest for others."""
    assert bounded(half, most) == given


def test_this_machine_gives_something() -> None:
    of_one, of_all = (database_memory(is_every_authority=every).removesuffix("GiB") for every in (False, True))
    assert 1 <= float(of_one) <= float(of_all) <= 6
    assert 1 <= files_at_once() <= 4


@pytest.mark.parametrize(
    ("half", "cores_n", "files_n"),
    [("700.5 MiB", 8, 1), ("1.9 GiB", 2, 1), ("2.0 GiB", 2, 2), ("11.7 GiB", 2, 2), ("1.2 TiB", 64, 4)],
)
def test_files_are_landed_together_where_cores_and_memory_allow(half: str, cores_n: int, files_n: int) -> None:
    assert files_within(half, cores_n) == files_n
