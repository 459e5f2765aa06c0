"""One strange cell put into a real published file: what of the file is left out for it, and that the rest is taken.

What belongs here: adding, landing and judging copies of real files with a cell altered. What dbt makes of a figure that
is no number stands in its unit tests.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.checks.judge import judge
from pipelines.home import Home
from pipelines.landing.intake import add
from pipelines.landing.land import land
from tests.realdata.rawfiles import RealData

TABLES = "performance-tables/2024-2025"
EXTRACT = "gias/edubaseallacademiesandfree20211231.csv"
WEEK = "explore-education-statistics/2025-2026/EES_ytd_data.csv"
CARDS = "ofsted/2025-2026/leeds_ofsted_data.csv"
TOOL = "lait/bds_long_0.parquet"


@dataclass(frozen=True)
class Slip:
    """A cell of the file's tenth row of data, and what is left out for it: `row`, `cell`, `rejected` or nothing."""

    file: str
    column: str
    value: str
    left_out: str


SLIPS = [
    Slip(f"{TABLES}/919_census.csv", "PNUMFSMEVER", "104.17%", ""),
    Slip(f"{TABLES}/919_ks4final.csv", "PTL2BASICS_95", "[c]", ""),
    Slip(f"{TABLES}/919_ks2final.csv", "LEA", "5", "row"),
    Slip(f"{TABLES}/919_ks5final.csv", "URN", "", "rejected"),
    Slip(f"{TABLES}/919_school_information.csv", "URN", "11708", "rejected"),
    Slip(f"{TABLES}/919_ks4-pupdest.csv", "RECTYPE", "Z", "row"),
    Slip(EXTRACT, "TypeOfEstablishment (name)", "Academy of tomorrow", ""),
    Slip(EXTRACT, "LA (code)", "5", "cell"),
    Slip("gias/grouplinks_edubaseallacademiesandfree20240329.csv", "Linked UID", "16752X", "row"),
    Slip(WEEK, "time_period", "20242X", "row"),
    Slip(CARDS, "Latest OEIF overall effectiveness", "7", "cell"),
    Slip(TOOL, "Values", "NA", ""),
]


def altered(path: Path, to: Path, change: Callable[[list[str], list[list[str]]], None]) -> Path:
    """A copy of a table with its rows changed, in the file's own kind and encoding."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        table = pq.read_table(path).slice(0, 2000)  # the whole tool takes a minute
        header = table.column_names
        rows = [["" if cell is None else str(cell) for cell in cells.values()] for cells in table.to_pylist()]
        before = [list(cells) for cells in rows]
        change(header, rows)
        for at, name in enumerate(header):
            column = [cells[at] for cells in rows]
            if column != [cells[at] for cells in before]:  # the others keep their types
                table = table.set_column(at, name, pa.array(column))
        pq.write_table(table, to)
        return to
    raw = path.read_bytes()
    try:
        text, encoding = raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = raw.decode("cp1252"), "cp1252"
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    change(header, rows)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    to.write_bytes(out.getvalue().encode(encoding))
    return to


def put(slips: list[Slip], rows: slice) -> Callable[[list[str], list[list[str]]], None]:
    def change(header: list[str], held: list[list[str]]) -> None:
        names = [name.strip().upper() for name in header]
        for number, slip in enumerate(slips):
            for cells in held[number:][rows]:
                cells[names.index(slip.column.upper())] = slip.value

    return change


def judged(home: Home, real: RealData, slips: list[Slip], rows: slice, folder: Path) -> dict[str, tuple[str, str]]:
    """By file name, the file's id and the reason for which it is left out whole."""
    files = sorted({slip.file for slip in slips})
    paths = [
        altered(real.root / name, folder / name, put([slip for slip in slips if slip.file == name], rows))
        for name in files
    ]
    outcomes = add(home, paths)
    assert [one.reason for one in outcomes if one.status != "accepted"] == []
    land(home, la_code="919", as_at=None, review_year=2025)
    reasons = {one.file_id: one.reason for one in judge(home, progress=lambda line: None)}
    known = pq.read_table(home.landing / "files.parquet").to_pylist()
    return {file["file_name"]: (file["file_id"], reasons[file["file_id"]]) for file in known}


def test_one_strange_cell_takes_its_cell_or_row_alone(real: RealData, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    found = judged(home, real, SLIPS, slice(9, 10), tmp_path / "files")
    assert {name: reason for name, (_, reason) in found.items() if reason} == {}
    aside = pq.read_table(home.landing / "set_aside.parquet").to_pylist()
    told = {(one["file_id"], one["raw_value"]): one for one in aside}
    for slip in SLIPS:
        file_id, _ = found[Path(slip.file).name]
        rejects = pq.read_table(home.landing / "rejects" / f"{file_id}.parquet").to_pylist()
        broken = [one["line"] for one in rejects if one["reason_code"] == "broken_key"]
        one = told.pop((file_id, slip.value), None)
        assert (one["extent"] if one else "rejected" if broken else "") == slip.left_out, slip
        if one:
            assert one["reason"] and one["line"] in range(11, 14), slip
    assert told == {}


@pytest.mark.parametrize(
    "slip",
    [
        Slip(f"{TABLES}/919_census.csv", "PNUMFSMEVER", "104.17%", ""),
        Slip(f"{TABLES}/919_ks2final.csv", "LEA", "5", ""),
        Slip(CARDS, "Latest OEIF overall effectiveness", "7", ""),
        Slip(WEEK, "time_period", "20242X", ""),
    ],
    ids=lambda slip: slip.column,
)
def test_more_than_one_in_a_hundred_leaves_the_file_out_with_its_count(
    real: RealData, tmp_path: Path, slip: Slip
) -> None:
    found = judged(Home(tmp_path / "home"), real, [slip], slice(3, None, 20), tmp_path / "files")
    ((_, reason),) = found.values()
    assert f'holds "{slip.value}"' in reason and "such cells)" in reason
