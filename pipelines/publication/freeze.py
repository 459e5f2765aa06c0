"""Frozen builds: a published build kept for ever under a name, and finding a build by what people call it.

A frozen build lies in `marts/frozen/<name>`, out of reach of the clearing up in `builds`, and shares no byte on the
disk with the build it was copied from. Its `held_files` names the raw files it rests on, which are never removed: it
can be built again. What changed between two is `diff`.
"""

import os
import re
import shutil
from pathlib import Path

from pipelines.errors import RaygError
from pipelines.files import FULL, disk_is_full, make_private, make_read_only, remove_child, sync_tree
from pipelines.home import Home
from pipelines.lock import BuildLock
from pipelines.publication.builds import PARTIAL, BuildFacts, current_build, read_facts, require_intact

CURRENT = "current"
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,78}[A-Za-z0-9_-])?")


def freeze(home: Home, name: str, build: str) -> BuildFacts:
    """Keep a copy of a build under a name: `current`, a build's id, or another frozen build. Raises RaygError where the
    name cannot be given, where there is no such build, or where a file of it is damaged.
    """
    if not NAME.fullmatch(name) or name.endswith(PARTIAL):
        raise RaygError(
            f"{name!r} cannot be a frozen build's name: use letters, digits, blanks, . _ and -, 80 at the most,"
            " a letter or digit first."
        )
    find_build(home, build)
    lock = BuildLock(home, "freeze")  # a build that ends just now may clear away the one to keep; two may want one name
    lock.acquire()
    try:
        return _freeze(home, name, build)
    finally:
        lock.release()


def _freeze(home: Home, name: str, build: str) -> BuildFacts:
    taken = {
        CURRENT,
        *(path.name.lower() for path in home.builds.glob("*")),
        *(path.name.lower() for path in folder_of_frozen(home).glob("*")),
    }
    if name.lower() in taken:  # by any case: some disks do not tell them apart
        raise RaygError(f"There is a build called {name} already: choose another name. Nothing was frozen.")
    folder, facts = find_build(home, build)
    require_intact(folder)
    kept, part = folder_of_frozen(home), f"{name}{PARTIAL}"
    remove_child(kept, part)
    try:
        kept.mkdir(exist_ok=True)
        shutil.copytree(folder.resolve(), kept / part, copy_function=shutil.copy2)
        make_private(home.root, [kept / part])
        make_read_only(kept / part)
        sync_tree(kept / part)
        (kept / part).rename(kept / name)
    except shutil.Error as error:  # copying gathers what went wrong, one entry per file
        if any(os.strerror(number) in str(error) for number in FULL):
            raise RaygError(disk_is_full(home.root, "freeze it again", "every other build")) from error
        raise RaygError(f"{name} could not be frozen: {error.args[0][0][2]}.") from error
    finally:
        remove_child(kept, part)
    require_intact(kept / name)  # the disk may have written other bytes than it read
    return facts


def frozen(home: Home) -> dict[str, BuildFacts | None]:
    """Every frozen build's facts by its name, in the order of names; None for one that is damaged."""
    found = {}
    for path in sorted(folder_of_frozen(home).glob("*")):
        if path.suffix != PARTIAL and path.is_dir():
            try:
                found[path.name] = read_facts(path)
            except RaygError:
                found[path.name] = None
    return found


def find_build(home: Home, name: str) -> tuple[Path, BuildFacts]:
    """The folder and facts of the build that a name stands for: `current`, a frozen build's name, or a build's id.

    Raises RaygError where there is none, or where it is damaged.
    """
    if name == CURRENT:
        return current_build(home)
    if NAME.fullmatch(name):  # never a path that leads elsewhere
        for folder in (folder_of_frozen(home) / name, home.builds / name):
            if facts := read_facts(folder):
                return folder, facts
    raise RaygError(
        f"There is no build {name} in this home: give current, a name from `rayg freeze`, or one of the newest builds"
        f" ({', '.join(_newest_ids(home)) or 'none'})."
    )


def _newest_ids(home: Home) -> list[str]:
    return sorted((path.name for path in home.builds.glob("*") if path.suffix != PARTIAL), reverse=True)[:3]


def folder_of_frozen(home: Home) -> Path:
    """Where the frozen builds lie, each under its name."""
    return home.marts / "frozen"
