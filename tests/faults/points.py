"""A process that is killed, or finds the disk full, at the Nth time it touches files under a folder.

Python's own audit events are counted: a file opened for writing, and every name made, moved, linked or removed. So no
hook is needed in the product. Standard library only, because `hook/sitecustomize.py` loads this into processes that
are no tests. What C code writes by itself (DuckDB, SQLite, Parquet) is not counted, only that it was killed meanwhile.
"""

import errno
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Where the paths stand among an event's arguments.
EVENTS = {
    "open": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "os.mkdir": 1,
    "os.chmod": 1,
    "os.truncate": 1,
    "os.remove": 1,
    "os.rmdir": 1,
}
NEEDS_NO_ROOM = {"os.chmod", "os.truncate", "os.remove", "os.rmdir"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
PREFIX = "RAYG_TEST_POINT_"


@dataclass(frozen=True)
class Point:
    """Where a process is hurt: at its event number `at` (0: nowhere, events are counted alone), and how. All processes
    that share `tally` count together; it holds a line per event.
    """

    under: str
    tally: str
    at: int
    how: str  # kill, full

    def environment(self) -> dict[str, str]:
        return {PREFIX + name.upper(): str(value) for name, value in asdict(self).items()}

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Point":
        given = {name: environment[PREFIX + name.upper()] for name in ("under", "tally", "how")}
        return cls(**given, at=int(environment[f"{PREFIX}AT"]))


def watch(point: Point) -> None:
    """From here on this process is watched. That cannot be undone: begin it in a process of its own."""
    tally = os.open(point.tally, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
    real_write, fstat, getpid, kill = os.write, os.fstat, os.getpid, os.kill
    is_counting = [True]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in EVENTS or not is_counting[0]:
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITES):
            return
        named = [one for one in arguments[: EVENTS[event]] if isinstance(one, str | bytes | os.PathLike)]
        is_counting[0] = False
        try:
            within = _folder_of(event, arguments)
            paths = [os.path.abspath(os.path.join(within, os.fsdecode(one))) for one in named]  # noqa: PTH100, PTH118
        finally:
            is_counting[0] = True
        if not any(path.startswith(point.under) for path in paths):
            return
        if point.how == "full" and event in NEEDS_NO_ROOM:
            return
        real_write(tally, f"{event} {paths[-1]}\n".encode(errors="replace"))
        size = fstat(tally).st_size
        with_number = _count(tally, size)
        if not point.at or with_number < point.at:
            return
        if point.how == "kill":
            kill(getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), paths[-1])

    sys.addaudithook(hook)


def _folder_of(event: str, arguments: tuple[Any, ...]) -> str:
    """The folder that a removal names by its handle, as `shutil.rmtree` does; else none."""
    if event not in ("os.remove", "os.rmdir") or arguments[1] < 0:
        return ""
    try:
        return os.readlink(f"/proc/self/fd/{arguments[1]}")  # noqa: PTH115 - Path would raise events
    except OSError:
        return ""


def _count(tally: int, size: int) -> int:
    return os.pread(tally, size, 0).count(b"\n")


def events(tally: Path) -> list[str]:
    return tally.read_text(encoding="utf-8").splitlines() if tally.exists() else []


def run_to(point: Point, action: Callable[..., object], *arguments: object) -> None:
    """What a process does: the action, watched. Ends with 0, 1 for a line a person is meant to read, 2 for any other
    fault.
    """
    from pipelines.errors import RaygError

    watch(point)
    try:
        action(*arguments)
    except (RaygError, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
