"""What a build takes of the machine."""

import pytest

from pipelines.machine import bounded, database_memory, files_at_once, files_within, models_at_once


@pytest.mark.parametrize(
    ("half", "given"),
    [
        ("700.5 MiB", "1.0GiB"),
        ("1.0 GiB", "1.0GiB"),
        ("3.8 GiB", "3.8GiB"),
        ("11.7 GiB", "6.0GiB"),
        ("1.2 TiB", "6.0GiB"),
    ],
)
def test_the_database_takes_half_within_bounds(half: str, given: str) -> None:
    """A small laptop gets the least that a build runs in; a large machine keeps the rest for others."""
    assert bounded(half) == given


def test_this_machine_gives_something() -> None:
    assert 1 <= float(database_memory().removesuffix("GiB")) <= 6
    assert 1 <= models_at_once() <= 4
    assert 1 <= files_at_once() <= 4


@pytest.mark.parametrize(
    ("half", "cores_n", "files_n"),
    [("700.5 MiB", 8, 1), ("1.9 GiB", 2, 1), ("2.0 GiB", 2, 2), ("11.7 GiB", 2, 2), ("1.2 TiB", 64, 4)],
)
def test_files_are_landed_together_where_cores_and_memory_allow(half: str, cores_n: int, files_n: int) -> None:
    assert files_within(half, cores_n) == files_n
