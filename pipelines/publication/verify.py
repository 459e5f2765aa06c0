"""`rayg verify`: every checksum of a home, read again. What vouches for a raw file is `intact`, for a published one its
build's data package (`builds`); here they come together.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.home import Home
from pipelines.intact import damaged_raw, files_without_sidecar
from pipelines.lock import refuse_if_held
from pipelines.provenance import set_aside
from pipelines.publication.builds import PARTIAL, build_folders, damaged_files, published_names
from pipelines.publication.freeze import folder_of_frozen


@dataclass(frozen=True)
class Verified:
    """What came of it: one line per damaged file, and how many files were compared."""

    damaged: list[str]
    raw_n: int
    published_n: int
    builds_n: int

    @property
    def summary(self) -> str:
        """One line on what was compared, and how much of it is damaged."""
        raw, published, builds = _number(self.raw_n, "raw file"), self.published_n, _number(self.builds_n, "build")
        what = f"{raw} and {_number(published, 'file')} of {builds}" if self.builds_n else f"{raw} and no build"
        return f"Compared {what}: {len(self.damaged) or 'none'} damaged."


def verify(home: Home) -> Verified:
    """Compare raw files (the ledger's too) with their sidecars, and every build's files with its data package.

    Raises RaygError while a build runs, since it moves what is compared.
    """
    refuse_if_held(home)
    damaged = damaged_raw(home, reads_all=True)
    damaged += [f"{odd.reason}." for odd in set_aside(home) if odd.path.is_file()]  # else it is named as gone
    for path in files_without_sidecar(home):
        name = path.relative_to(home.root).as_posix()
        damaged.append(f"{name} has no sidecar and is not held: add it with `rayg add`, or move it away.")
    folders = list(_builds(home))
    for folder in folders:
        damaged += damaged_files(folder)
    return Verified(damaged, len(home.sidecars()), sum(len(published_names(one)) for one in folders), len(folders))


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _builds(home: Home) -> Iterator[Path]:
    """Each published build once: the current one as `current`, since it can be made again."""
    built = build_folders(home)
    current = home.current.resolve() if home.current.is_dir() else None
    if built or os.path.lexists(home.current):
        yield home.current
    yield from (path for path in built if path.resolve() != current)
    yield from sorted(path for path in folder_of_frozen(home).glob("*") if path.is_dir() and path.suffix != PARTIAL)
