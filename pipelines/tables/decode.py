"""Bytes to a table of text: encoding, title rows, header.

`rows` says whether a row may stand. `separated`, `workbook` and `parquet` hold what is peculiar to each format.
`limits` says how much of a file is read. What a column means belongs in dbt.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath

from pipelines.errors import RaygError
from pipelines.sources.catalogue import Publication, column_keys
from pipelines.tables.apart import PARQUET, WORKBOOK, read_apart
from pipelines.tables.files import refuse_larger, unpacked
from pipelines.tables.separated import Line, read_separated

TITLE_ROWS_MAX = 10  # publishers sometimes put a title above the header; Ofsted up to three lines
NAMED_AT_MOST = 3  # missing columns named in one message
ANY_SHEET = ".*"  # where a publication comes as csv, a workbook of it holds its table in the first sheet
LOOKED_AT = 1_000  # bytes that tell a web page


@dataclass(frozen=True)
class Table:
    """A header and the lines beneath it, as text; blank lines left out, lengths as found.

    A line's number is the one a text editor shows where the record starts (in a workbook the sheet's row).
    """

    header: tuple[str, ...]
    lines: list[Line]
    spare_n: int  # cells of the header line beyond the last name: a spreadsheet's empty columns

    def position(self, column: str) -> int:
        """Where a column stands (from 0), by its key."""
        return column_keys(self.header).index(column_keys([column])[0])


def read_lines(content: bytes, file_name: str, sheet: str | None) -> list[Line]:
    """Every line of a csv file, or of a workbook's sheet, that is not blank.

    Raises RaygError where the bytes cannot be read as what the file's suffix says.
    """
    suffix = PurePath(file_name).suffix.lower()
    refuse_larger(len(content))
    if not content.strip():
        raise RaygError("the file is empty: download it again")
    if suffix == ".parquet":
        return read_apart(PARQUET, content)
    if content[:LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise RaygError(f"a web page saved as {suffix}, not data: download it again")
    if suffix == ".gz":
        return read_lines(unpacked(content), PurePath(file_name).stem, sheet)
    if suffix == ".xlsx":
        return read_apart(WORKBOOK, content, sheet or ANY_SHEET)
    if suffix != ".csv":
        raise RaygError(f"a {suffix or 'file without a suffix'} is not read: csv, xlsx, parquet, gz and zip are")
    if content[:4] == b"PK\x03\x04":
        raise RaygError("a zip or a workbook saved as .csv: give it the suffix .zip or .xlsx")
    return read_separated(content)


def find_table(lines: list[Line], publication: Publication) -> Table:
    """The table under the first line, within the first few, that holds every required column name.

    Raises RaygError naming what is missing, or what in the header makes it unusable.
    """
    if not lines:
        raise RaygError("the file holds no text: download it again")
    candidates = [tuple(cell.strip() for cell in cells) for _, cells in lines[:TITLE_ROWS_MAX]]
    at, header = min(enumerate(candidates), key=lambda item: (len(publication.missing(item[1])), item[0]))
    if missing := publication.missing(header):
        names = ", ".join(missing[:NAMED_AT_MOST]) + (" and others" if len(missing) > NAMED_AT_MOST else "")
        raise RaygError(f"not {publication.id}: no column {names}: check that the file is what its name says")
    printed_n = len(header)
    while not header[-1]:
        header = header[:-1]
    if "" in header:
        raise RaygError(f"column {header.index('') + 1} has no name: take the file as published")
    upper = Counter(name.upper() for name in header)
    if repeated := [name for name in header if upper[name.upper()] > 1]:
        raise RaygError(f"column {repeated[0]} stands twice in the header: take the file as published")
    return Table(header, lines[at + 1 :], printed_n - len(header))


def read_table(content: bytes, file_name: str, publication: Publication, sheet: str | None) -> Table:
    """A file's bytes as the table of one publication."""
    return find_table(read_lines(content, file_name, sheet), publication)
