"""Hurting one command at every point where it touches the disk: what is run, what may be found after, and the figures.

`points` counts and kills. Here a command runs in a process forked from one that has loaded it already, so that a
thousand points take a minute.
"""

import hashlib
import itertools
import json
import multiprocessing
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.home import SIDECAR_SUFFIX, Home
from pipelines.intact import damaged_raw
from pipelines.provenance import set_aside
from pipelines.publication.builds import build_folders, damaged_files
from tests.faults import points
from tests.faults.points import Point

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [
        "pipelines.cli",
        "pipelines.console",
        "pipelines.console_faults",
        "pipelines.landing.intake",
        "pipelines.landing.moderate",
        "pipelines.publication.freeze",
        "tests.faults.hurt",
    ]
)
KILLED = -9
SEED = 14
PATIENCE = 120
PASSING = ("dagster", "logs", "warehouse/landing", "warehouse/dbt")  # caches and logs, which the tiny commands leave be


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it printed."""

    code: int | None
    said: str


def run(point: Point, action: Callable[..., object], *arguments: object) -> Ended:
    """Runs an action in a watched process of its own."""
    said = Path(f"{point.tally}.said")
    process = PROCESSES.Process(target=_inside, args=(point, said, action, arguments))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode is not None, "it hangs"
    return Ended(process.exitcode, said.read_text(encoding="utf-8", errors="replace") if said.exists() else "")


def _inside(point: Point, said: Path, action: Callable[..., object], arguments: tuple[object, ...]) -> None:
    handle = os.open(said, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    points.run_to(point, action, *arguments)


def rayg(home: Home, *arguments: str) -> None:
    """The command as a person gives it."""
    from pipelines import cli

    sys.argv = ["rayg", "--home", str(home.root), *arguments]
    cli.main()


class Windows:
    """What a module knows as `os`, were it to run on Windows. (Python's own path classes must not notice.)"""

    name = "nt"

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


def as_on_windows(action: Callable[..., object], *arguments: object) -> None:
    """Runs an action with the product's modules on an imitated Windows, where links are refused."""
    from pipelines import files
    from pipelines.publication import builds

    def refused(self: Path, target: Path, target_is_directory: bool = False) -> None:
        raise OSError(1314, "A required privilege is not held by the client")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builds, "os", Windows())
        patch.setattr(files, "os", Windows())
        patch.setattr(Path, "symlink_to", refused)
        action(*arguments)


def copied(home: Home, to: Path) -> Home:
    """A home to hurt, without caches and logs."""
    passing = {str(home.root / name) for name in PASSING}

    def left_out(folder: str, names: list[str]) -> Iterable[str]:
        return [name for name in names if str(Path(folder, name)) in passing or name.endswith(".lock")]

    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(home.root, to, symlinks=True, ignore=left_out)
    return Home(to)


def kept(home: Home) -> dict[str, str]:
    """What a home keeps: every raw file, sidecar (but for the time it was written), build and frozen build, by its
    bytes, and where `current` leads.
    """
    found = {}
    for path in sorted([*home.raw.rglob("*"), *home.marts.rglob("*")]):
        name = path.relative_to(home.root).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file() and not path.name.startswith("."):
            content = path.read_bytes()
            if path.name.endswith(SIDECAR_SUFFIX):
                content = json.dumps({**json.loads(content), "retrieved_at": ""}).encode()
            found[name] = hashlib.sha256(content).hexdigest()
    return found


def assert_nothing_is_lost(home: Home, before: dict[str, str], has_current: bool = True) -> None:
    """What was kept before is kept now, raw files match their sidecars, and no build that has a name is in pieces.

    `has_current`: that there is a current build, too.
    """
    now = kept(home)
    moves = "marts/current"
    assert [name for name in before if not name.startswith(moves) and now.get(name) != before[name]] == []
    assert damaged_raw(home, reads_all=True) == []
    assert set_aside(home) == []
    frozen = [path for path in (home.marts / "frozen").glob("*") if path.suffix != ".partial"]
    current = [home.current] if has_current or home.current.exists() else []
    for folder in (*current, *build_folders(home), *frozen):
        assert list(damaged_files(folder)) == [], folder


def spread(points_n: int, wanted: int | None) -> list[int]:
    """The points to try: all, or as many as are wanted, one drawn from each equal stretch, the same at every run."""
    if wanted is None or wanted >= points_n:
        return list(range(1, points_n + 1))
    edges = [1 + points_n * at // wanted for at in range(wanted + 1)]
    draw = random.Random(SEED)
    return [draw.randrange(first, after) for first, after in itertools.pairwise(edges)]
