"""`make bench`: the floor, landing, whole builds, site, workbooks and a generated England, in one run or in parts.

Run as `python -m benchmarks [HOME] [--only PART…] [--england SIZE…] [--work DIR]`. HOME (default `data/sample`) must be
built and is only read: its raw files are copied to a home that is thrown away, and built for the authority of its last
build. Prints seconds, peak memory and ratios to the floor, a bare script that reads and types the same files, as each
step ends. `--only` takes any of PARTS; the floor is always measured. England (`benchmarks.england`; by default a
hundredth of it and three and ten times that, since the whole takes long) is kept in DIR (default HOME/benchmark), where
a second run finds it.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from benchmarks import england
from benchmarks.landing import LAND
from benchmarks.measured import Took, measured, middle
from benchmarks.site import SITE

PARTS = ("landing", "build", "site", "workbooks", "england")
WORKBOOKS = """
import json, shutil, sys
from pathlib import Path
from pipelines.publication.builds import read_facts
from pipelines.publication.package import marts_of
from pipelines.publication.workbooks.write import write_workbooks
build, warehouse, to = map(Path, sys.argv[1:])
manifest = json.loads((warehouse / "dbt" / "manifest.json").read_text(encoding="utf-8"))
to.mkdir()
for mart in build.glob("*.parquet"):
    (to / mart.name).symlink_to(mart)
sys.exit(0 if write_workbooks(to, marts_of(manifest), read_facts(build)) else "no workbook was written")
"""


def authority(home: Path) -> str:
    """The --la of the home's current build, from its data package."""
    package = json.loads((home / "marts" / "current" / "datapackage.json").read_text(encoding="utf-8"))
    return str(package["rayg"]["la_code"])


def steps(home: Path, work: Path, parts: Collection[str]) -> Iterator[tuple[str, Took]]:
    """What each step takes for the home's files and authority: the floor first."""
    python = [sys.executable, "-c"]
    fresh, landed = work / "home", work / "landed"
    rayg = [sys.executable, "-m", "pipelines.cli", "--home", str(fresh), "build", "--la", authority(home)]
    floor = [sys.executable, "-m", "benchmarks.floor", str(home / "raw"), str(work / "floor.parquet")]
    yield "floor (read, melt, type, write)", middle(lambda: measured(floor))
    if "landing" in parts:
        shutil.copytree(home / "raw", landed / "raw")
        yield "landing, from nothing", measured([*python, LAND, str(landed)])
        yield "landing, nothing new", middle(lambda: measured([*python, LAND, str(landed)]))
    if "build" in parts:
        shutil.copytree(home / "raw", fresh / "raw")
        yield "build, from nothing", measured(rayg)
        yield "build, landed before (--force)", measured([*rayg, "--force"])
        yield "build, nothing changed", middle(lambda: measured(rayg))
    built = fresh if "build" in parts else home
    build = (built / "marts" / "current").resolve()
    if "site" in parts:
        yield "site", measured([*python, SITE, str(build), str(work / "site")])
    if "workbooks" in parts:
        yield "workbooks", measured([*python, WORKBOOKS, str(build), str(built / "warehouse"), str(work / "books")])


def main(home: Path, sizes: list[float], work: Path, parts: Collection[str] = PARTS) -> None:
    """Measures and prints; the floor and what takes seconds is the median of three runs, the rest of one."""
    size = sum(path.stat().st_size for path in (home / "raw").rglob("*") if path.is_file()) / 2**20
    print(
        f"{date.today()}, {platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()};"
        f" raw files {size:.0f} MiB",
        flush=True,
    )
    work.mkdir(parents=True, exist_ok=True)
    if set(parts) != {"england"}:
        with tempfile.TemporaryDirectory(dir=work) as folder:
            floor = None
            for name, step in steps(home, Path(folder), parts):
                floor = floor or step
                print(step.line(name, floor), flush=True)
    if "england" in parts:
        england.main(work, sizes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("home", nargs="?", type=Path, default=Path("data/sample"))
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--england", nargs="*", type=float, default=[0.01, 0.03, 0.1], metavar="SIZE")
    parser.add_argument("--work", type=Path, metavar="DIR")
    asked = parser.parse_args()
    home = asked.home.resolve()
    main(home, asked.england, (asked.work or home / "benchmark").resolve(), asked.only)
