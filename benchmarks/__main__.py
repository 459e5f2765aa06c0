"""`make bench`: a whole build, the no-change answer and the floor, on the same files, in one run.

Prints seconds, peak memory and ratios to the floor. Takes the home to measure as its only argument (default
`data/sample`) and the authority from that home's last build.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measured(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak memory in MiB of a command run to its end; a failing command ends the benchmark."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        sys.exit(f"benchmark stopped: `{' '.join(command)}` failed; run it by hand to see why")
    return seconds, usage.ru_maxrss / 1024


def authority(home: Path) -> str:
    """The --la of the home's current build, from its data package."""
    package = json.loads((home / "marts" / "current" / "datapackage.json").read_text(encoding="utf-8"))
    return str(package["rayg"]["la_code"])


def main(home: Path) -> None:
    """Measures and prints; each figure is the median of three runs, the whole build of one."""
    rayg = [sys.executable, "-m", "pipelines.cli", "--home", str(home)]
    build = [*rayg, "build", "--la", authority(home)]
    with tempfile.TemporaryDirectory() as folder:
        floor = [
            sys.executable,
            "-m",
            "benchmarks.floor",
            str(home / "raw"),
            str(Path(folder) / "floor.parquet"),
        ]
        floors = sorted(measured(floor) for _ in range(3))
        whole = measured([*build, "--force"])
        unchanged = sorted(measured(build) for _ in range(3))
    rows = {
        "floor (read, melt, type, write)": floors[1],
        "whole build (--force)": whole,
        "build with nothing changed": unchanged[1],
    }
    size = sum(path.stat().st_size for path in (home / "raw").rglob("*") if path.is_file()) / 2**20
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}; raw files {size:.0f} MiB"
    )
    for name, (seconds, memory) in rows.items():
        print(f"{name:34} {seconds:7.2f} s {memory:7.0f} MiB {seconds / floors[1][0]:6.2f} x floor")
    own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest single process in the run: {own:.0f} MiB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("data/sample"))
