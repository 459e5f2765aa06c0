"""The drop folder `raw/inbox`: takes in what people put there, and leaves a note beside each file it refuses.

A file that is now held leaves the folder. A refused file stays, with a note that says why; it is judged again once it
has changed or the note is gone. A file still being copied waits. `intake` decides what a file is.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipelines.landing.intake import Intake, Outcome
from pipelines.landing.offered import is_litter

NOTE_SUFFIX = ".rejected.txt"
SETTLED_SECONDS = 10  # a file unchanged for so long is complete
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp")  # a browser's name for a download under way
BUDGET_SECONDS = 30.0  # a Dagster sensor has 60; other files wait for the next look

Stamps = dict[str, str]


@dataclass
class InboxReport:
    """One look at the drop folder. `stamps`: the size and time of each waiting file, to see whether it grows."""

    outcomes: list[Outcome] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    stamps: Stamps = field(default_factory=dict)

    @property
    def accepted_n(self) -> int:
        return sum(outcome.status == "accepted" for outcome in self.outcomes)


def take_in(intake: Intake, before: Mapping[str, str] | None = None, budget: float = BUDGET_SECONDS) -> InboxReport:
    """Takes in every file that lies finished in the drop folder.

    `before` are the stamps of the last look. With them a file must look the same twice, since a copy that keeps the
    original's time looks old while it still grows.
    """
    report, inbox, ends = InboxReport(), intake.home.inbox, time.monotonic() + budget
    for path in _files(inbox):
        name = path.relative_to(inbox).as_posix()
        stamp = _stamp(path)
        if stamp is None or _is_judged(path, stamp):
            continue
        if not _is_settled(path) or time.monotonic() > ends or (before is not None and before.get(name) != stamp):
            report.waiting.append(name)
            report.stamps[name] = stamp
            continue
        folders = [*reversed(path.relative_to(inbox).parts[:-1])]
        outcomes = list(intake.take_file(path, folders))
        report.outcomes += outcomes
        if _stamp(path) == stamp:  # else it was overwritten meanwhile, and the next look judges the new file
            _clear(path, stamp, outcomes)
            _remove_emptied(path.parent, inbox)
    return report


def note_of(path: Path) -> Path:
    return path.with_name(path.name + NOTE_SUFFIX)


def _files(inbox: Path) -> Iterator[Path]:
    """The files dropped, in name order; a note whose file is gone goes too."""
    for path in sorted(inbox.rglob("*")):
        if not path.is_file() or is_litter(path.relative_to(inbox).parts):
            continue
        if path.name.endswith(NOTE_SUFFIX):
            if not path.with_name(path.name[: -len(NOTE_SUFFIX)]).exists():
                path.unlink(missing_ok=True)
        else:
            yield path


def _clear(path: Path, stamp: str, outcomes: list[Outcome]) -> None:
    """Removes a file that is now held. Leaves a note with the reasons beside a file that is not."""
    note_of(path).unlink(missing_ok=True)
    statuses = {outcome.status for outcome in outcomes}
    if "rejected" not in statuses and statuses & {"accepted", "already_held"}:
        path.unlink()
        return
    named = [outcome for outcome in outcomes if outcome.status in ("rejected", "skipped")]
    reasons = [f"- {outcome.file_name}: {outcome.reason}" for outcome in named] or ["- it holds no file"]
    lines = [
        f"{path.name} was not taken in:",
        *reasons,
        "",
        "Correct it and drop it here again, or delete it. This note then goes by itself.",
        f"The file when it was judged: {stamp}",
    ]
    note_of(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _is_judged(path: Path, stamp: str) -> bool:
    try:
        return note_of(path).read_text(encoding="utf-8").rstrip().endswith(f": {stamp}")
    except OSError:
        return False


def _is_settled(path: Path) -> bool:
    if path.suffix.lower() in UNFINISHED:
        return False
    try:
        return time.time() - path.stat().st_mtime >= SETTLED_SECONDS
    except OSError:
        return False


def _stamp(path: Path) -> str | None:
    """Size and time of change, for people and for the next look; None where the file is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return f"{stat.st_size} bytes, changed {datetime.fromtimestamp(stat.st_mtime).isoformat(sep=' ')}"


def _remove_emptied(folder: Path, inbox: Path) -> None:
    """Removes the folders that held nothing but the file, up to the drop folder."""
    while folder != inbox:
        with suppress(OSError):  # not empty
            folder.rmdir()
        if folder.exists():
            return
        folder = folder.parent
