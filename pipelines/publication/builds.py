"""Published builds: their folders, what each says of itself, the swap that makes one current, and the
clearing up.

A build is written into `marts/builds/<id>.partial`. Only when it is whole does `install` rename it, move the
warehouse file into place and point `current` at it. A note of the swap under way lets the next build finish
or undo a swap that was killed half-way. Standard library and home only: the answer "nothing changed" reads
from here.
"""

import contextlib
import json
import logging
import os
import shutil
import signal
import time
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pipelines.errors import RaygError
from pipelines.home import Home

PACKAGE_FILE = "datapackage.json"
KEPT_BUILDS = 10
PARTIAL = ".partial"
ORPHAN_ENDS_SECONDS = 30
log = logging.getLogger("rayg.steps")


@dataclass(frozen=True)
class BuildFacts:
    """What a build says about itself in its data package, and what the next build compares itself with.

    A frozen build is read for years: a field added later needs a default, or the old packages cannot be read.
    """

    build_id: str
    digest: str
    code_version: str
    la_code: str
    as_at: str | None
    review_year: int
    is_sample: bool
    files_n: int  # files judged against their suites
    tests_n: int  # dbt tests run
    warnings: list[str]
    quarantined: list[str]  # one line per file left out
    digest_parts: dict[str, str] = field(default_factory=dict)  # the digest's parts by name (`pipelines.digest`)
    reference_on: str | None = None  # the day the build stands for

    def day(self, newest_on: date | None) -> date | None:
        """The day the build stands for. `newest_on`, the day of its newest file, serves packages that do not say it."""
        said = self.reference_on or self.as_at
        return date.fromisoformat(said) if said else newest_on


def read_facts(folder: Path) -> BuildFacts | None:
    """The facts of the build in a folder; None where there is no whole build."""
    try:
        package = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
        return BuildFacts(**package["rayg"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def current_facts(home: Home) -> BuildFacts | None:
    """The facts of the current build; None before the first build."""
    return read_facts(home.current) if home.warehouse_file.exists() else None


def new_build_id(home: Home, digest: str) -> str:
    """A readable name no build has: minute and digest. The clock is allowed here and nowhere in a mart."""
    stem = f"{datetime.now().astimezone():%Y-%m-%dT%H%M}-{digest[:8]}"
    number, name = 1, stem
    while (home.builds / name).exists():
        number += 1
        name = f"{stem}-{number}"
    return name


def partial_folder(home: Home, build_id: str) -> Path:
    """A new, empty folder for a build in the making."""
    folder = home.builds / f"{build_id}{PARTIAL}"
    folder.mkdir(parents=True)
    return folder


def install(home: Home, build_id: str) -> None:
    """Make a finished build the current one: its folder, the warehouse file, then `current`."""
    note = _swap_note(home)
    _write_whole(note, build_id)
    (home.builds / f"{build_id}{PARTIAL}").rename(home.builds / build_id)
    home.building_file.replace(home.warehouse_file)
    _point_current(home, build_id)
    note.unlink()


def clear_leftovers(home: Home) -> None:
    """Finish or undo a swap that was killed, and remove what a killed build was writing."""
    note = _swap_note(home)
    if note.exists():
        build_id = note.read_text(encoding="utf-8")
        if home.building_file.exists():
            shutil.rmtree(home.builds / build_id, ignore_errors=True)
        else:
            _point_current(home, build_id)
        note.unlink()
    for folder in home.builds.glob(f"*{PARTIAL}"):
        shutil.rmtree(folder)
    _end_orphan(home)
    for file in home.warehouse.glob(f"{home.building_file.name}*"):
        _remove(file)


def prune(home: Home) -> None:
    """Remove all but the newest builds; the current one always stays."""
    current = read_facts(home.current)
    builds = sorted(path for path in home.builds.iterdir() if path.suffix != PARTIAL)
    for folder in builds[:-KEPT_BUILDS]:
        if current is None or folder.name != current.build_id:
            shutil.rmtree(folder)


def _point_current(home: Home, build_id: str) -> None:
    """Swap `current` in one step where links exist; on Windows replace a copy, named in `current.txt`."""
    fresh = home.marts / "current.new"
    _remove(fresh)
    if os.name == "nt":
        shutil.copytree(home.builds / build_id, fresh)
        _remove(home.current)
        fresh.rename(home.current)
        _write_whole(home.marts / "current.txt", build_id)
        return
    fresh.symlink_to(Path("builds") / build_id)
    if home.current.is_dir() and not home.current.is_symlink():
        shutil.rmtree(home.current)  # a copy made on Windows: a link cannot replace a folder
    fresh.replace(home.current)


def note_writer(home: Home, pid: int) -> None:
    """Note the process that writes the building file, for the build after this one."""
    _writer_note(home).write_text(str(pid), encoding="utf-8")


def forget_writer(home: Home) -> None:
    """That process has ended."""
    _writer_note(home).unlink(missing_ok=True)


def _end_orphan(home: Home) -> None:
    """End the dbt of a killed build: it outlives its parent and would go on writing the building file.

    Only a process that was noted as the file's writer is ended, and only while the file is locked.
    """
    note = _writer_note(home)
    if _is_locked(home.building_file) and note.exists():
        log.info("Ending the dbt that a killed build left running")
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(note.read_text(encoding="utf-8")), signal.SIGTERM)
    deadline = time.monotonic() + ORPHAN_ENDS_SECONDS
    while _is_locked(home.building_file):
        if time.monotonic() > deadline:
            raise RaygError(f"{home.building_file} is being written by another program: end it, then build again.")
        time.sleep(0.2)
    forget_writer(home)


def _is_locked(file: Path) -> bool:
    """Whether another process has DuckDB's lock on the file. On Windows removing the file fails instead."""
    if os.name == "nt" or not file.exists():
        return False
    import fcntl

    with file.open("rb+") as handle:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


def _write_whole(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old text or the new, never half."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _writer_note(home: Home) -> Path:
    return home.warehouse / "writer.pid"


def _swap_note(home: Home) -> Path:
    return home.marts / "swap.txt"
