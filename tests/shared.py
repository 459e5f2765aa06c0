"""What several tests stand on, made once for a whole run.

The worker that asks first makes it; the others wait for it and read the same folder.

Nobody writes into such a folder. A test that changes a home works on a copy (`copy_home`).
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from pipelines.home import Home


class Shared:
    """Folders under one root, each made by one worker and read by all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.root.mkdir(parents=True, exist_ok=True)
        self._used: set[str] = set()

    def __call__(self, name: str, make: Callable[[Path], None]) -> Path:
        """The folder of that name; `make` fills it if no worker has done so yet.

        Where making it failed, every test that asks for it fails with the same words, and nobody tries again.
        """
        folder = self.root / name
        listing, failure = self.root / f"{name}.json", self.root / f"{name}.failed"
        with FileLock(self.root / f"{name}.lock"):
            if failure.exists():
                pytest.fail(f"{name} could not be made: {failure.read_text(encoding='utf-8')}", pytrace=False)
            if not listing.exists():
                folder.mkdir()
                try:
                    make(folder)
                except BaseException as error:
                    failure.write_text(str(error), encoding="utf-8")
                    raise
                listing.write_text(json.dumps(files_in(folder)), encoding="utf-8")
        self._used.add(name)
        return folder

    def changed(self) -> list[str]:
        """Files in folders that were asked for here and that somebody has written, added or deleted since."""
        found = []
        for name in sorted(self._used):
            made = json.loads((self.root / f"{name}.json").read_text(encoding="utf-8"))
            now = files_in(self.root / name)
            found += [f"{name}/{path}" for path in sorted(made.keys() | now.keys()) if made.get(path) != now.get(path)]
        return found


def files_in(folder: Path) -> dict[str, list[int]]:
    """Size and time of writing of every file in a folder, by path; a lock is no content."""
    return {
        path.relative_to(folder).as_posix(): [path.stat().st_size, path.stat().st_mtime_ns]
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def copy_home(home: Home, to: Path, folders: tuple[str, ...] = ("raw", "warehouse/landing")) -> Home:
    """A home with the held and landed files of another, by hard links. Landing never writes into a file that stands: it
    puts a new one in its place.
    """
    for folder in folders:
        shutil.copytree(home.root / folder, to / folder, copy_function=os.link)
    return Home(to)
