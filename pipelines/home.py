"""Where a run reads and writes: the folders of one home, and the project's own folder.

Paths only. What lies inside those folders is described in docs/formats.md and handled by the rooms that
own it.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import RaygError
from pipelines.files import keep_private

SIDECAR_SUFFIX = ".provenance.json"


@dataclass(frozen=True)
class Home:
    """One home: every file a run reads or writes lies under `root` (absolute)."""

    root: Path

    @classmethod
    def resolve(cls, option: Path | None = None, otherwise: Path = Path("data")) -> "Home":
        """The home named by the option, else by RAYG_HOME, else `otherwise`, under the current folder.

        What this process writes from here on is closed to other users (`files.keep_private`).
        """
        chosen = option or Path(os.environ.get("RAYG_HOME") or otherwise)
        try:
            root = chosen.expanduser().resolve()
        except RuntimeError as error:  # `~name` of nobody, a link to itself
            raise RaygError(f"Home {chosen} leads nowhere ({error}): name a folder with --home.") from error
        standing = next(path for path in (root, *root.parents) if path.exists())
        if not standing.is_dir():
            what = f"Home {chosen} is" if standing == root else f"Home {chosen} lies under {standing.name}, which is"
            raise RaygError(f"{what} a file, not a folder: name a folder with --home.")
        keep_private(root)
        return cls(root)

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def inbox(self) -> Path:
        """Where people drop what they downloaded themselves."""
        return self.raw / "inbox"

    @property
    def fetching(self) -> Path:
        """What `rayg fetch` remembers, and downloads under way."""
        return self.root / "fetch"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @property
    def landing(self) -> Path:
        return self.warehouse / "landing"

    @property
    def warehouse_file(self) -> Path:
        return self.warehouse / "rayg.duckdb"

    @property
    def building_file(self) -> Path:
        return self.warehouse / "building.duckdb"

    @property
    def marts(self) -> Path:
        return self.root / "marts"

    @property
    def builds(self) -> Path:
        return self.marts / "builds"

    @property
    def current(self) -> Path:
        return self.marts / "current"

    @property
    def backtest(self) -> Path:
        """What the newest back-test found (`rayg backtest`)."""
        return self.root / "backtest"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def lock_file(self) -> Path:
        return self.root / "rayg.lock"

    @property
    def intake_lock_file(self) -> Path:
        """Held while a file joins `raw` or the ledger; a build does not take it."""
        return self.root / "intake.lock"

    @property
    def own_folders(self) -> list[Path]:
        """The folders that only this code writes into (the drop folder in `raw` aside)."""
        return [self.raw, self.fetching, self.warehouse, self.marts, self.backtest, self.dagster, self.logs]

    def sidecars(self) -> list[Path]:
        """Every provenance sidecar held, in name order (empty for a home that holds nothing). What lies in the drop
        folder is not held, sidecar or not.
        """
        return sorted(path for path in self.raw.rglob(f"*{SIDECAR_SUFFIX}") if self.inbox not in path.parents)

    def is_sample(self) -> bool | None:
        """Whether the held files are sample files; None while nothing is held.

        A home holds one kind only (`add` sees to that): what most sidecars say. Raises RaygError where as many say
        one as the other.
        """
        says = {True: 0, False: 0}
        odd = None
        for sidecar in self.sidecars():
            try:
                says[bool(json.loads(sidecar.read_text(encoding="utf-8"))["is_sample"])] += 1
            except (OSError, ValueError, KeyError, TypeError):
                continue  # no sidecar: whoever reads it whole sets it aside
            odd = sidecar
        if odd and says[True] == says[False]:
            raise RaygError(
                f"{odd.relative_to(self.root)} and as many others say of sample files what the rest do not: move the"
                " files of one kind away."
            )
        return says[True] > says[False] if odd else None


def outside_homes(path: Path, home: Home | None = None) -> Path:
    """The path, where what a person asks for may be written there: never among the files of this home or another.

    Raises RaygError else. A home is known by its lock, which the first build leaves.
    """
    folder = path.expanduser().resolve()
    for within in (folder, *folder.parents):
        root = Home(within.parent)
        is_home = root.lock_file.exists() or (home is not None and home.root == root.root)
        if is_home and within in root.own_folders:
            raise RaygError(f"{path} lies among the home's own files in {within}: name a place outside it.")
    return path


def project_root() -> Path:
    """The folder that holds dbt_project/ and expectations/: beside the package, else the current folder."""
    for folder in (Path(__file__).resolve().parent.parent, Path.cwd()):
        if (folder / "dbt_project").is_dir():
            return folder
    raise RaygError("No dbt_project folder here: run rayg from the project's own folder.")
