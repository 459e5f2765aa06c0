"""What the site of a published build takes, and each page type's size.

Run as `python -m benchmarks.site [HOME]` (default `data/sample`, which must be built). The floor reads the same rows of
the same marts into Python and writes as many bytes as the site has, file by file: no page is made of anything.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.measured import Took, measured

SITE = """
import sys
from pathlib import Path
from pipelines.publication.views.handling import Audience
from pipelines.publication.site.writing import write_published
write_published(Path(sys.argv[1]), Path(sys.argv[2]), Audience.INTERNAL, None)
"""
FLOOR = """
import sys
from pathlib import Path
import duckdb
build, written, to = map(Path, sys.argv[1:])
urns = "urn in (select urn from read_parquet('" + str(build / "risk_screen.parquet") + "'))"
for file in sorted(build.glob("*.parquet")):
    if file.stem != "observations":
        columns = [row[0] for row in duckdb.execute("describe select * from read_parquet(?)", [str(file)]).fetchall()]
        where = urns if "urn" in columns else "true"
        duckdb.execute("select * from read_parquet(?) where " + where, [str(file)]).fetchall()
for file in sorted(written.rglob("*")):
    if file.is_file():
        copy = to / file.relative_to(written)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(b"x" * file.stat().st_size)
"""


def main(home: Path) -> None:
    """Measures and prints seconds (the median of three runs), peak memory, the ratio to the floor, and sizes."""
    build = (home / "marts" / "current").resolve()
    with tempfile.TemporaryDirectory() as work:
        took: dict[str, list[Took]] = {"site": [], "floor": []}
        for run in range(3):
            site, floor = Path(work) / f"site{run}", Path(work) / f"floor{run}"
            took["site"].append(measured([sys.executable, "-c", SITE, str(build), str(site)]))
            took["floor"].append(measured([sys.executable, "-c", FLOOR, str(build), str(site), str(floor)]))
        middle = {name: sorted(runs)[1] for name, runs in took.items()}
        files = [path for path in site.rglob("*") if path.is_file()]
        schools = sorted(path.stat().st_size for path in (site / "schools").iterdir())
        total = sum(path.stat().st_size for path in files)
        county = (site / "index.html").stat().st_size
        script = (site / "assets" / "vega.js").stat().st_size
    print(f"{len(files)} files, {total / 2**20:.1f} MiB; {len(schools)} schools")
    for name, step in middle.items():
        print(step.line(name, middle["floor"]))
    middle_school, largest = schools[len(schools) // 2], schools[-1]
    print(f"a school's page: {middle_school / 1024:.0f} KiB (median), {largest / 1024:.0f} KiB (largest)")
    print(f"the county page {county / 1024:.0f} KiB, the shared chart script {script / 1024:.0f} KiB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("data/sample"))
