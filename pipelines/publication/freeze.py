"""Frozen builds: a published build kept for ever under a name, and finding a build by what people call it.

A frozen build lies in `marts/frozen/<name>`, out of reach of the clearing up in `builds`. Its `held_files` names the
raw files it rests on, which are never removed: it can be built again. What changed between two is `diff`.
"""

import os
import re
import shutil
from pathlib import Path

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.lock import refuse_if_held
from pipelines.publication.builds import PARTIAL, BuildFacts, read_facts

CURRENT = "current"
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,78}[A-Za-z0-9_-])?")


def freeze(home: Home, name: str, build: str) -> BuildFacts:
    """Keep a build under a name: `current`, a build's id, or another frozen build. Raises RaygError where the name
    cannot be given, or where there is no such build.
    """
    if not NAME.fullmatch(name) or name.endswith(PARTIAL):
        raise RaygError(
            f"{name!r} cannot be a frozen build's name: use letters, digits, blanks, . _ and -, 80 at the most,"
            " a letter or digit first."
        )
    taken = {
        CURRENT,
        *(path.name.lower() for path in home.builds.glob("*")),
        *(known.lower() for known in frozen(home)),
    }
    if name.lower() in taken:  # by any case: some disks do not tell them apart
        raise RaygError(f"There is a build called {name} already: choose another name. Nothing was frozen.")
    refuse_if_held(home)  # a build that ends just now may clear away the one to keep
    folder, facts = find_build(home, build)
    target = _folder(home) / name
    part = target.with_name(f"{name}{PARTIAL}")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.parent.mkdir(exist_ok=True)
        shutil.copytree(folder.resolve(), part, copy_function=link)
        part.rename(target)
    except shutil.Error as error:  # copying gathers what went wrong, one entry per file
        raise RaygError(f"{name} could not be frozen: {error.args[0][0][2]}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return facts


def frozen(home: Home) -> dict[str, BuildFacts]:
    """Every frozen build's facts by its name, in the order of names."""
    found = ((path.name, read_facts(path)) for path in sorted(_folder(home).glob("*")) if path.suffix != PARTIAL)
    return {name: facts for name, facts in found if facts}


def find_build(home: Home, name: str) -> tuple[Path, BuildFacts]:
    """The folder and facts of the build that a name stands for: `current`, a frozen build's name, or a build's id.

    Raises RaygError where there is none.
    """
    folders = [home.current] if name == CURRENT else [_folder(home) / name, home.builds / name]
    is_a_name = NAME.fullmatch(name) is not None  # never a path that leads elsewhere
    for folder in folders if is_a_name else []:
        if facts := read_facts(folder):
            return folder, facts
    if name == CURRENT:
        raise RaygError("Nothing is built in this home yet: run `rayg build` first.")
    raise RaygError(
        f"There is no build {name} in this home: give current, a name from `rayg freeze`, or one of the newest builds"
        f" ({', '.join(_newest_ids(home)) or 'none'})."
    )


def link(source: str | Path, target: str | Path) -> None:
    """The same bytes under another name, without taking room twice where the disk can. Published and held files are
    never written again, only replaced.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _newest_ids(home: Home) -> list[str]:
    return sorted((path.name for path in home.builds.glob("*") if path.suffix != PARTIAL), reverse=True)[:3]


def _folder(home: Home) -> Path:
    return home.marts / "frozen"
