"""One build at a time per home, and what a killed build left behind.

The lock is the operating system's, so a killed process lets go of it by dying. A file beside it says who
holds it, for the person whose build has to wait. What is locked belongs to `home`; this module knows nothing
of Dagster.
"""

import json
import os
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.errors import RaygError
from pipelines.files import write_text_whole
from pipelines.home import Home


class BuildLock:
    """The lock of one home, for what is done under it: a build, or a freeze of one. `acquire` raises RaygError when
    another process holds it.
    """

    def __init__(self, home: Home, what: str = "build") -> None:
        self._what = what
        self._lock = FileLock(home.lock_file)
        self._holder = _holder_file(home)

    def acquire(self) -> None:
        """Take the lock and write down who holds it."""
        self._holder.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=1)  # longer than `refuse_if_held` ever holds it
        except Timeout:
            raise RaygError(_held_line(self._holder)) from None
        since = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
        write_text_whole(self._holder, json.dumps({"what": self._what, "pid": os.getpid(), "since": since}))

    def release(self) -> None:
        """Let go of the lock."""
        self._holder.unlink(missing_ok=True)
        self._lock.release()


def refuse_if_held(home: Home) -> None:
    """Raise RaygError when a build of this home is running.

    For a quick answer before the slow imports; the lock itself is taken inside the job.
    """
    if not home.lock_file.exists():
        return
    lock = FileLock(home.lock_file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RaygError(_held_line(_holder_file(home))) from None
    lock.release()


def _holder_file(home: Home) -> Path:
    return home.lock_file.with_suffix(".lock.json")


def _held_line(holder: Path) -> str:
    what = "build"
    try:
        note = json.loads(holder.read_text(encoding="utf-8"))
        what = "freeze" if note.get("what") == "freeze" else "build"
        who = f" (process {note['pid']}, since {note['since']})"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        who = ""  # the holder is just starting or just ending
    return f"Another {what} of {holder.parent} is running{who}: wait for it to end, then run this again."
