"""What adding and landing a folder of published files takes, the first time and when nothing is new.

Run as `python -m benchmarks.landing FOLDER`: each step in a process of its own, over a home that is thrown away. The
floor is the same files read and melted by a bare script (`floor`), which neither checks nor keeps anything.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.measured import measured

LAND = """
import sys
from pathlib import Path
from pipelines.home import Home
from pipelines.landing.land import land
report = land(Home(Path(sys.argv[1])), la_code="all", as_at=None, review_year=None)
faults = [f"{file.provenance.file_name}: {file.fault}" for file in report.files if file.fault]
sys.exit("; ".join(faults) or None)
"""


def main(folder: Path) -> None:
    """Measures and prints seconds, peak memory, and the ratio to the floor."""
    with tempfile.TemporaryDirectory() as work:
        home = Path(work) / "home"
        add = [sys.executable, "-m", "pipelines.cli", "--home", str(home), "add", str(folder)]
        land = [sys.executable, "-c", LAND, str(home)]
        floor = [sys.executable, "-m", "benchmarks.floor", str(home / "raw"), str(Path(work) / "floor.parquet")]
        steps = {"add": add, "add again": add, "land": land, "land with nothing new": land, "floor (csv only)": floor}
        took = {name: measured(command) for name, command in steps.items()}
        held = [path for path in (home / "raw").rglob("*") if path.is_file() and path.suffix != ".json"]
        size = sum(path.stat().st_size for path in held) / 2**20
    print(f"{len(held)} files held, {size:.0f} MiB")
    for name, step in took.items():
        print(step.line(name, took["floor (csv only)"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
