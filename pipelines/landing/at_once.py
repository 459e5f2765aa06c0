"""Work on many files in several processes: results in the order of the files, whichever is done first. What is done
with a file is said by those who ask.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pipelines.errors import RaygError

Item = TypeVar("Item")
Result = TypeVar("Result")
# a process takes about a second to start: fewer bytes are worked through sooner than that
WORTH_BYTES = 20_000_000


def in_order(
    work: Callable[[Item], Result], items: Sequence[Item], size: Callable[[Item], int], processes_n: int
) -> Iterator[Result]:
    """`work(item)` of each item, in the items' order; the largest are begun first. `work` must be fit to be pickled.

    Few bytes, one item, or one process: the work is done here. Raises RaygError where a process is killed, and whatever
    `work` raises.
    """
    if min(processes_n, len(items)) < 2 or sum(map(size, items)) < WORTH_BYTES:
        yield from map(work, items)
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks of Arrow and DuckDB
    executor = ProcessPoolExecutor(processes_n, mp_context=context, initializer=_begin)
    try:
        largest_first = sorted(range(len(items)), key=lambda at: -size(items[at]))
        futures = {at: executor.submit(work, items[at]) for at in largest_first}
        for at in range(len(items)):
            yield futures.pop(at).result()
    except BrokenProcessPool:
        raise RaygError(
            "A process that was reading files was killed, most likely because memory ran out: nothing was published. "
            "Close other programs and run it again."
        ) from None
    finally:
        executor.shutdown(cancel_futures=True)


def _begin() -> None:
    """A process leaves an interruption to the one that started it, and ends when that one has been killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
