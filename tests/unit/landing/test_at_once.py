"""Files worked on in several processes: the order of results, one file's error, and a process that is killed."""

import multiprocessing
import os
import signal
import time

import pytest

from pipelines.errors import RaygError
from pipelines.landing import at_once
from pipelines.landing.at_once import in_order

LARGE = at_once.WORTH_BYTES


def size(item: int) -> int:
    return LARGE


def slow_first(item: int) -> tuple[int, int]:
    time.sleep(0.3 if item == 0 else 0)
    return item, os.getpid()


def ends_at_two(item: int) -> int:
    if item == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def refuses_two(item: int) -> int:
    if item == 2:
        raise RaygError("two is refused")
    return item


def test_results_come_in_the_order_of_the_items_from_other_processes() -> None:
    done = list(in_order(slow_first, range(4), size, 2))
    assert [item for item, _ in done] == [0, 1, 2, 3]
    assert os.getpid() not in {pid for _, pid in done}
    assert not multiprocessing.active_children()


@pytest.mark.parametrize(("items", "bytes_n", "processes_n"), [([7, 8], 1, 2), ([7], LARGE, 2), ([7, 8], LARGE, 1)])
def test_little_work_starts_no_process(items: list[int], bytes_n: int, processes_n: int) -> None:
    done = list(in_order(slow_first, items, lambda _: bytes_n, processes_n))
    assert done == [(item, os.getpid()) for item in items]


def test_a_killed_process_is_one_line() -> None:
    with pytest.raises(RaygError, match="A process that was reading files was killed") as fault:
        list(in_order(ends_at_two, range(6), size, 2))
    assert "\n" not in str(fault.value)
    assert not multiprocessing.active_children()


def test_what_the_work_raises_arrives_as_it_was_raised() -> None:
    with pytest.raises(RaygError, match="two is refused"):
        list(in_order(refuses_two, range(6), size, 2))
    assert not multiprocessing.active_children()
