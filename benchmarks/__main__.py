"""`make bench`: the floor, landing, whole builds, site, workbooks and a generated England, in one run.

Run as `python -m benchmarks [HOME] [--england SIZE…] [--work DIR]`. HOME (default `data/sample`) must be built and is
only read: its raw files are copied to a home that is thrown away, and built for the authority of its last build. Prints
seconds, peak memory and ratios to the floor, a bare script that reads and types the same files. England
(`benchmarks.england`; by default a tenth of it, since the whole takes minutes and gigabytes) is kept in DIR (default
HOME/benchmark), where a second run finds it.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import england
from benchmarks.landing import LAND
from benchmarks.measured import Took, measured, middle
from benchmarks.site import SITE

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


def county(home: Path, work: Path) -> dict[str, Took]:
    """What each step takes for the home's files and authority: the floor first."""
    python = [sys.executable, "-c"]
    fresh, landed = work / "home", work / "landed"
    for copy in (fresh, landed):
        shutil.copytree(home / "raw", copy / "raw")
    rayg = [sys.executable, "-m", "pipelines.cli", "--home", str(fresh), "build", "--la", authority(home)]
    floor = [sys.executable, "-m", "benchmarks.floor", str(home / "raw"), str(work / "floor.parquet")]
    took = {"floor (read, melt, type, write)": middle(lambda: measured(floor))}
    took["landing, from nothing"] = measured([*python, LAND, str(landed)])
    took["landing, nothing new"] = middle(lambda: measured([*python, LAND, str(landed)]))
    took["build, from nothing"] = measured(rayg)
    took["build, landed before (--force)"] = measured([*rayg, "--force"])
    took["build, nothing changed"] = middle(lambda: measured(rayg))
    build = (fresh / "marts" / "current").resolve()
    took["site"] = measured([*python, SITE, str(build), str(work / "site")])
    took["workbooks"] = measured([*python, WORKBOOKS, str(build), str(fresh / "warehouse"), str(work / "books")])
    return took


def main(home: Path, sizes: list[float], work: Path) -> None:
    """Measures and prints; the floor and what takes seconds is the median of three runs, the rest of one."""
    size = sum(path.stat().st_size for path in (home / "raw").rglob("*") if path.is_file()) / 2**20
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}; raw files {size:.0f} MiB"
    )
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        took = county(home, Path(folder))
    floor = next(iter(took.values()))
    for name, step in took.items():
        print(step.line(name, floor), flush=True)
    england.main(work, sizes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("home", nargs="?", type=Path, default=Path("data/sample"))
    parser.add_argument("--england", nargs="*", type=float, default=[0.1], metavar="SIZE")
    parser.add_argument("--work", type=Path, metavar="DIR")
    asked = parser.parse_args()
    home = asked.home.resolve()
    main(home, asked.england, (asked.work or home / "benchmark").resolve())
