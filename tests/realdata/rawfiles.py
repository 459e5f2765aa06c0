"""The published files read a second time, by hand: plain `csv`, no code and no seed of the product.

What belongs here: reading rows, and turning a printed cell into a number. What does not: any opinion about which
value is right (that is in the tests).
"""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

NUMBER = re.compile(r"[+-]?\d*\.?\d+")

Row = dict[str, str]


@dataclass(frozen=True)
class RealData:
    """The folder of real published files."""

    root: Path

    def table(self, year_folder: str, file_name: str) -> list[Row]:
        """Rows of one performance-tables file, keys upper-cased, values stripped."""
        return read_rows(self.root / "performance-tables" / year_folder / file_name)

    def inspections(self) -> list[Row]:
        """Rows of the August 2025 management information, whole England."""
        (path,) = (self.root / "ofsted" / "2024-2025").glob("*.csv")
        return read_rows(path)

    def links(self) -> list[Row]:
        """Rows of the newest links file."""
        return read_rows(self.root / "gias" / "links_edubasealldata20260821.csv")


def read_rows(path: Path) -> list[Row]:
    """A CSV file as dictionaries; a row shorter than the header is padded, a longer one is an error."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip().upper() for name in next(reader)]
    rows = []
    for cells in reader:
        if not cells:
            continue
        assert len(cells) <= len(header), f"{path.name} line {reader.line_num} is longer than its header"
        padded = cells + [""] * (len(header) - len(cells))
        rows.append(dict(zip(header, (cell.strip() for cell in padded), strict=True)))
    return rows


def number(cell: str) -> float | None:
    """`64%`, `1,234` or `£5` as a number; a code or a blank as None."""
    bare = re.sub("[%,£]", "", cell)
    return float(bare) if NUMBER.fullmatch(bare) else None


def total_row(rows: list[Row], record_type: str, la_code: str | None = None) -> Row:
    """The one row of an LA or of England."""
    (row,) = (r for r in rows if r["RECTYPE"] == record_type and (la_code is None or r["LEA"] == la_code))
    return row
