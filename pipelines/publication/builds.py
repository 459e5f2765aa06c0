"""Published builds: their folders, what each says of itself, whether its bytes still stand, the swap that makes one
current, and the clearing up.

A build is written into `marts/builds/<id>.partial`. Only when it is whole does `install` rename it, move the
warehouse file into place and point `current` at it. A note of the swap under way lets the next build finish
or undo a swap that was killed half-way. Published files may not be written, and the one reader of marts asks
`require_readable` first. Standard library and home only: the answer "nothing changed" reads from here.
"""

import contextlib
import json
import logging
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.errors import RaygError
from pipelines.files import make_read_only, remove_child, sha256_of, sync, sync_tree, write_text_whole
from pipelines.home import Home

PACKAGE_FILE = "datapackage.json"
KEPT_BUILDS = 10
PARTIAL = ".partial"
ORPHAN_ENDS_SECONDS = 30
# As `new_build_id` makes them. Nothing else in `marts/builds` is ever removed.
BUILD_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{4}-[0-9a-f]{8}(-[0-9]+)?")
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
    """The facts of the build in a folder; None where there is no such folder.

    Raises RaygError where what lies there is damaged, with what to do.
    """
    if not os.path.lexists(folder):
        return None
    if not folder.is_dir():
        raise RaygError(_leads_nowhere(folder))
    package = _package(folder)
    try:
        return BuildFacts(**package["rayg"])
    except (KeyError, TypeError) as error:
        raise RaygError(
            f"{folder / PACKAGE_FILE} is not of a build that this version reads: {_remedy(folder)}."
        ) from error


def current_facts(home: Home) -> BuildFacts | None:
    """The facts of the current build; None before the first build, and where only another build can mend it."""
    with contextlib.suppress(RaygError):
        return read_facts(home.current) if home.warehouse_file.exists() else None
    return None


def current_build(home: Home) -> tuple[Path, BuildFacts]:
    """The folder and facts of the current build. Raises RaygError where there is none, or it is damaged."""
    return home.current, whole_build(home.current)


def whole_build(folder: Path) -> BuildFacts:
    """The facts of the build in a folder. Raises RaygError where there is none, or it is damaged."""
    facts = read_facts(folder)
    if facts is None:
        if any(BUILD_ID.fullmatch(path.name) for path in folder.parent.glob("builds/*")):
            raise RaygError(_leads_nowhere(folder))
        raise RaygError("Nothing is built in this home yet: run `rayg build` first.")
    return facts


def published_file(folder: Path, name: str) -> Path:
    """The path of one file of a build, once its bytes are those that were published. A build in the making is not asked
    about.

    Raises RaygError that names the file and what to do.
    """
    if not folder.name.endswith(PARTIAL):
        if not folder.is_dir():
            raise RaygError(_leads_nowhere(folder))
        entry = _entries(folder).get(name)
        if entry is None:
            raise RaygError(f"The build has no {name}: {_remedy(folder)}.")
        if what := _damage(folder / name, entry):
            raise RaygError(f"{folder / name} {what}: {_remedy(folder)}.")
    return folder / name


def require_intact(folder: Path, suffix: str = "") -> None:
    """Raises RaygError for the first file of a build (of those with the suffix) that is not as it was published."""
    for name in _entries(folder):
        if name.endswith(suffix):
            published_file(folder, name)


def require_readable(folder: Path) -> None:
    """Raises RaygError where a published build in the folder is damaged: for the one reader of marts. A build in the
    making, which has no data package yet, is not asked about.
    """
    if folder.name == "current" or folder.parent.name == "frozen" or BUILD_ID.fullmatch(folder.name):
        whole_build(folder)
        require_intact(folder, ".parquet")


def damaged_files(folder: Path, *, by_size: bool = False) -> Iterator[str]:
    """One line per file of a build that is not as it was published. `by_size`: bytes are counted, not read."""
    if not folder.is_dir():
        yield _leads_nowhere(folder)
        return
    try:
        entries = _entries(folder)
    except RaygError as error:
        yield str(error)
        return
    for name, entry in entries.items():
        if what := _damage(folder / name, entry, by_size=by_size):
            yield f"{folder / name} {what}: {_remedy(folder)}."


def build_folders(home: Home) -> list[Path]:
    """Every build in `marts/builds`, the oldest first; what is no build is passed over."""
    folders = home.builds.iterdir() if home.builds.is_dir() else ()
    return sorted(path for path in folders if BUILD_ID.fullmatch(path.name))


def published_names(folder: Path) -> list[str]:
    """The files that a build's data package vouches for; none where the package itself is damaged."""
    try:
        return list(_entries(folder))
    except RaygError:
        return []


def _entries(folder: Path) -> dict[str, tuple[int, str]]:
    """The size and hash that the data package gives each file, by its path within the build."""
    try:
        entries = {entry["path"]: (entry["bytes"], entry["hash"]) for entry in _package(folder)["resources"]}
        if not all(isinstance(name, str) and "\0" not in name for name in entries):
            raise TypeError("a path is text")
        return entries
    except (KeyError, TypeError) as error:
        raise RaygError(f"{folder / PACKAGE_FILE} is damaged: {_remedy(folder)}.") from error


def _package(folder: Path) -> dict[str, Any]:
    file = folder / PACKAGE_FILE
    try:
        stat = file.stat()
        return _parsed(file, stat.st_mtime_ns, stat.st_size)
    except FileNotFoundError:
        raise RaygError(f"{file} is not there: {_remedy(folder)}.") from None
    except (OSError, ValueError) as error:
        raise RaygError(f"{file} is damaged: {_remedy(folder)}.") from error


@lru_cache(maxsize=8)
def _parsed(file: Path, _changed: int, _size: int) -> dict[str, Any]:
    """A data package; read again once it has changed."""
    package = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(package, dict):
        raise ValueError("a data package is an object")
    return package


def _damage(path: Path, published: tuple[int, str], *, by_size: bool = False) -> str:
    """What is wrong with a file, in words; empty where it is as it was published, by its size and hash."""
    size, digest = published
    try:
        stat = path.stat()
    except OSError:
        return "is not there"
    if stat.st_size != size:
        return f"is damaged ({stat.st_size} bytes, {size} were published)"
    if not by_size and _hash(path.resolve(), stat.st_mtime_ns, stat.st_size) != digest:
        return "is damaged (its bytes have changed since they were published)"
    return ""


@lru_cache(maxsize=4096)
def _hash(path: Path, _changed: int, _size: int) -> str:
    """A file's hash as a data package writes it; read once, and again once the file has changed."""
    return f"sha256:{sha256_of(path)}"


def _leads_nowhere(folder: Path) -> str:
    what = "leads to no build" if os.path.lexists(folder) else "is not there, though builds are"
    return f"{folder} {what}: {_remedy(folder)}."


def _remedy(folder: Path) -> str:
    """What to do about a damaged build: the current one can be made again, an older one only be brought back."""
    if folder.name == "current" or folder.name.endswith(PARTIAL):
        return "run `rayg build --force` to publish it again"
    return f"bring {folder} back from a copy, or name another build"


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
    """Make a finished build the current one: its folder, the warehouse file, then `current`. All of it is on the disk
    before `current` leads there, and may not be written from here on.
    """
    note = _swap_note(home)
    partial = home.builds / f"{build_id}{PARTIAL}"
    make_read_only(partial)
    sync_tree(partial)
    sync(home.building_file)
    write_text_whole(note, build_id)
    partial.rename(home.builds / build_id)
    home.building_file.replace(home.warehouse_file)
    _point_current(home, build_id)
    note.unlink()


def clear_leftovers(home: Home) -> None:
    """Finish or undo a swap that was killed, and remove what a killed build was writing."""
    note = _swap_note(home)
    if note.exists():
        build_id = _noted_build(note)
        if build_id and home.building_file.exists():
            if not _is_current(home, build_id):  # else the swap was done, and the note outlived it
                remove_child(home.builds, build_id)
        elif build_id and (home.builds / build_id).is_dir():
            _point_current(home, build_id)
        note.unlink()
    for folder in home.builds.glob(f"*{PARTIAL}"):
        if BUILD_ID.fullmatch(folder.name.removesuffix(PARTIAL)):
            remove_child(home.builds, folder.name)
    _end_orphan(home)
    for file in home.warehouse.glob(f"{home.building_file.name}*"):
        remove_child(home.warehouse, file.name)


def prune(home: Home) -> None:
    """Remove all but the newest builds; the current one always stays, and so does what is no build."""
    for folder in build_folders(home)[:-KEPT_BUILDS]:
        if not _is_current(home, folder.name):
            remove_child(home.builds, folder.name)


def _noted_build(note: Path) -> str | None:
    """The build that a note of a swap names; None where the note is empty or names anything else: a power cut leaves
    such a note, and nothing may be removed by it.
    """
    text = note.read_text(encoding="utf-8", errors="replace")
    return text if BUILD_ID.fullmatch(text) else None


def _is_current(home: Home, build_id: str) -> bool:
    """Whether `current` is of this build: the link leads there, or its own package says so (a copy on Windows)."""
    if home.current.is_symlink():
        return home.current.readlink().name == build_id
    facts = current_facts(home)
    return facts is not None and facts.build_id == build_id


def _point_current(home: Home, build_id: str) -> None:
    """Swap `current` in one step where links exist; on Windows replace a copy, named in `current.txt`."""
    fresh = home.marts / "current.new"
    remove_child(home.marts, fresh.name)
    if os.name == "nt":
        shutil.copytree(home.builds / build_id, fresh)
        old = home.marts / "current.old"
        remove_child(home.marts, old.name)
        if os.path.lexists(home.current):
            home.current.rename(old)  # whole or away, never half removed
        fresh.rename(home.current)
        write_text_whole(home.marts / "current.txt", build_id)
        remove_child(home.marts, old.name)
        return
    fresh.symlink_to(Path("builds") / build_id)
    if home.current.is_dir() and not home.current.is_symlink():
        remove_child(home.marts, home.current.name)  # a copy made on Windows: a link cannot replace a folder
    fresh.replace(home.current)
    sync(home.marts)


def note_writer(home: Home, pid: int) -> None:
    """Note the process that writes the building file, for the build after this one."""
    write_text_whole(_writer_note(home), str(pid))


def forget_writer(home: Home) -> None:
    """That process has ended."""
    _writer_note(home).unlink(missing_ok=True)


def _end_orphan(home: Home) -> None:
    """End the dbt of a killed build: it outlives its parent and would go on writing the building file.

    Only a process that was noted as the file's writer is ended, and only while the file is locked.
    """
    if _is_locked(home.building_file) and (pid := _noted_writer(home)):
        log.info("Ending the dbt that a killed build left running")
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGTERM)
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


def _noted_writer(home: Home) -> int | None:
    """The process that was noted as the building file's writer; None where there is no note, or it names none. (To the
    system 0 and -1 stand for many processes.)
    """
    try:
        text = _writer_note(home).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) and int(text) > 1 else None


def _writer_note(home: Home) -> Path:
    return home.warehouse / "writer.pid"


def _swap_note(home: Home) -> Path:
    return home.marts / "swap.txt"
