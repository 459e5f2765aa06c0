"""What a build reads of the real published files, file by file, and `docs/coverage.md`, which says so.

`python -m tests.realdata.coverage` writes the document anew: it adds every real file to a home of its own, builds it
for Hertfordshire and counts. `--home HOME` counts what that home has built already. What the counts must be is in
`test_real_coverage`.
"""

import argparse
import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.home import Home, project_root
from pipelines.landing.intake import add
from pipelines.provenance import FILE_ID_DIGITS
from tests.realdata.conftest import REALDATA, Built, open_home, rayg

DOCUMENT = project_root() / "docs" / "coverage.md"
INTRODUCTION = """\
# What is read of the real published files

Written by `python -m tests.realdata.coverage` from the files in `../shared/realdata` (or `RAYG_REALDATA`), checked by
`tests/realdata/test_real_coverage.py`; do not edit by hand. What is not read is named in the source catalogue
(`pipelines/sources/publications/`).

Cells read are those of every column of every accepted row, kept as text; rows left out stand in `data_quality` with
their reason. Mapped cells are those of the columns that the seed `column_map` uses: each is a number, a published code
for an absence, blank, or unrecognised. An unrecognised cell is set aside alone; more than one in a hundred of a column
keep the file out. Registers and inspection lists have no mapped cells: their columns are dates, names and codes,
judged by their suites.
"""


@dataclass(frozen=True)
class Read:
    """A file that is read, and how much of it."""

    path: str
    source: str
    academic_year: str
    release: str
    rows_n: int
    left_out_n: int
    cells_n: int
    mapped_n: int
    numbers_n: int
    absences_n: int
    blanks_n: int
    unrecognised_n: int
    quarantine_reason: str | None


@dataclass(frozen=True)
class Unread:
    """A file that is not read, and why."""

    path: str
    reason: str


def covered(root: Path, home: Home, built: Built) -> tuple[list[Read], list[Unread]]:
    """Every file under `root`, as the home took it and its build counted it, in the order of paths.

    A file that `add` would only now accept is in neither list: the build has not seen it.
    """
    counts = {row[0]: row[1:] for row in built.rows(COUNTS)}
    read, unread = [], []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root).as_posix()
        file_id = hashlib.sha256(path.read_bytes()).hexdigest()[:FILE_ID_DIGITS]
        if file_id in counts:
            read.append(Read(name, *counts[file_id]))
            continue
        (outcome,) = add(home, [path])
        if outcome.status == "skipped":
            unread.append(Unread(name, outcome.reason or ""))
    return read, unread


COUNTS = """
    with cells as (
        select
            file_id,
            count(*) as mapped_n,
            count(*) filter (status = 'reported') as numbers_n,
            count(*) filter (status not in ('reported', 'blank', 'unrecognised')) as absences_n,
            count(*) filter (status = 'blank') as blanks_n,
            count(*) filter (status = 'unrecognised') as unrecognised_n
        from warehouse.int_numbers
        group by file_id
    )

    select
        file_id, source, academic_year, release, rows_n, rejected_rows_n, cells_n,
        coalesce(mapped_n, 0), coalesce(numbers_n, 0), coalesce(absences_n, 0), coalesce(blanks_n, 0),
        coalesce(unrecognised_n, 0), quarantine_reason
    from held_files
    left join cells using (file_id)
"""


def document(read: list[Read], unread: list[Unread]) -> str:
    """The text of `docs/coverage.md`."""
    numbers = [
        (
            *(file.rows_n, file.left_out_n, file.cells_n, file.mapped_n),
            *(file.numbers_n, file.absences_n, file.blanks_n, file.unrecognised_n),
        )
        for file in read
    ]
    lines = [
        [f"`{file.path}`", file.source, file.academic_year, file.release, *(f"{n:,}" for n in line)]
        for file, line in zip(read, numbers, strict=True)
    ]
    totals = [f"{sum(column):,}" for column in zip(*numbers, strict=True)]
    heads = ["File", "Source", "Year", "Release", "Rows", "Left out", "Cells read", "Mapped cells"]
    heads += ["Numbers", "Coded absences", "Blanks", "Unrecognised"]
    tables = [
        f"\n## Read: {len(read)} files\n",
        _table(heads, [*lines, ["All", "", "", "", *totals]], first_number=4),
        f"\n## Not read: {len(unread)} files\n",
        _table(["File", "Why not"], [[f"`{file.path}`", file.reason] for file in unread], first_number=2),
    ]
    return INTRODUCTION + "\n".join(tables) + "\n"


def _table(heads: list[str], rows: Iterable[list[str]], first_number: int) -> str:
    rule = ["---" if at < first_number else "--:" for at in range(len(heads))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *rows))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write docs/coverage.md from the real files.")
    parser.add_argument("--home", type=Path, help="a home that holds every real file and is built for LA 919")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.home:
            home = Home.resolve(asked.home)
        else:
            home = Home(Path(folder))
            rayg(home.root, "add", str(REALDATA))
            rayg(home.root, "build", "--la", "919")
        built = open_home(home)
        DOCUMENT.write_text(document(*covered(REALDATA, home, built)), encoding="utf-8")
    print(f"written: {DOCUMENT}")


if __name__ == "__main__":
    main()
