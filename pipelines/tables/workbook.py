"""One sheet of an .xlsx workbook as lines of text. Only what is peculiar to workbooks belongs here; `apart` runs it.

A workbook's cells are typed, so their text is rebuilt (`typed`). A number shown as a percentage looks like a plain one
by its value (0.65 or 65%), so it is refused.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, PasswordError

from pipelines.errors import RaygError
from pipelines.tables.limits import CELLS_MAX, FILE_BYTES_MAX, megabytes
from pipelines.tables.typed import cell_text

BUILT_IN_PERCENT_FORMATS = {9, 10}  # `0%` and `0.00%`; other percent formats are spelled out in the workbook
ROWS_MAX, COLUMNS_MAX = 1_048_576, 16_384  # of any sheet
CHUNK = 1 << 20
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>")  # a cell that closes itself is empty
_PLACE = re.compile(rb"""<(?:\w+:)?c\b(?:[^>]*?\s)?r=["']([A-Za-z]+)(\d+)["'][^>]*(?<!/)>""")
_QUOTED = re.compile(r'"[^"]*"|\\.')  # literal text in a number format


def read_sheet(content: bytes, sheet: str) -> list[tuple[int, list[str]]]:
    """The rows of one sheet that are not blank, each with its number in the sheet. `sheet` is a regular expression.

    Raises RaygError where the workbook is damaged, lacks the sheet, or shows a number as a percentage.
    """
    try:
        return _read(content, sheet)
    except (RaygError, MemoryError):
        raise
    except PasswordError as error:
        raise RaygError("the workbook is protected by a password: save it without one") from error
    except Exception as error:  # whatever zip, XML and cells can be broken into
        raise RaygError("the workbook is truncated or damaged: download it again") from error


def _read(content: bytes, sheet: str) -> list[tuple[int, list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(member.file_size for member in package.infolist()) > FILE_BYTES_MAX:
            raise RaygError(f"unpacks to over {megabytes(FILE_BYTES_MAX)}: not a published workbook")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = next((name for name in workbook.sheet_names if re.fullmatch(sheet, name, re.IGNORECASE)), None)
        if name is None:
            held = ", ".join(workbook.sheet_names)
            raise RaygError(f"no sheet '{sheet}' (it has {held}): take the workbook as published")
        _refuse_cells(package, name)
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    texts = ((at, [cell_text(cell) for cell in row]) for at, row in enumerate(rows, start=1))
    return [(at, cells) for at, cells in texts if any(cell.strip() for cell in cells)]


def _refuse_cells(package: zipfile.ZipFile, sheet: str) -> None:
    """Raises RaygError where a cell stands so far out that the sheet between could not be held, or a number is shown as
    a percentage. Asked before the cells are read, since reading makes a cell of every place up to the last.
    """
    percent_styles = _percent_styles(package)
    last_row, last_column, widest = 0, 0, ""
    for tags in _tags(package, _sheet_path(package, sheet)):
        places = _PLACE.findall(tags)
        last_row = max((last_row, *(int(row[:9]) for _, row in places)))
        for letters in {letters.decode().upper() for letters, _ in places}:
            if (column := _column_number(letters)) > last_column:
                last_column, widest = column, letters
        if last_row > ROWS_MAX or last_column > COLUMNS_MAX:
            raise RaygError("a cell stands outside any sheet's rows and columns: take the workbook as published")
        if last_row * last_column > CELLS_MAX:
            raise RaygError(
                f"the sheet reaches to row {last_row:,} and column {widest}, far beyond any table:"
                " delete what stands beyond the table"
            )
        if percent_styles:
            _refuse_percent(tags, percent_styles)


def _tags(package: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """A sheet's XML in pieces that end before a tag begins."""
    with package.open(path) as file:
        rest = b""
        while chunk := file.read(CHUNK):
            whole, mark, begun = (rest + chunk).rpartition(b"<")
            rest = mark + begun
            yield whole
        yield rest


def _refuse_percent(tags: bytes, styles: set[str]) -> None:
    """Raises RaygError naming the first number that is shown as a percentage."""
    for cell in _CELL.findall(tags):
        attributes = dict(re.findall(r"""(\w+)=["']([^"']*)["']""", cell.decode()))
        if attributes.get("s") in styles and attributes.get("t", "n") == "n":
            raise RaygError(
                f"cell {attributes['r']} is formatted as a percentage, so what it counts in is unsure:"
                " save the sheet as csv"
            )


def _column_number(letters: str) -> int:
    """A = 1; of a name longer than any column's, more than any sheet has."""
    number = 0
    for letter in letters[:4]:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _percent_styles(package: zipfile.ZipFile) -> set[str]:
    """The numbers of the cell styles that show a percentage."""
    if "xl/styles.xml" not in package.namelist():
        return set()
    root = ElementTree.fromstring(package.read("xl/styles.xml"))
    formats = BUILT_IN_PERCENT_FORMATS | {
        int(item.attrib["numFmtId"])
        for item in root.iter(f"{_SPREADSHEET}numFmt")
        if "%" in _QUOTED.sub("", item.attrib["formatCode"])
    }
    styles = root.findall(f"{_SPREADSHEET}cellXfs/{_SPREADSHEET}xf")
    return {str(at) for at, style in enumerate(styles) if int(style.attrib.get("numFmtId", 0)) in formats}


def _sheet_path(package: zipfile.ZipFile, sheet: str) -> str:
    """Where in the package a sheet's cells are kept."""
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    relation = next(
        item.attrib[f"{_RELATION}id"] for item in book.iter(f"{_SPREADSHEET}sheet") if item.attrib["name"] == sheet
    )
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    target = next(item.attrib["Target"] for item in relations if item.attrib["Id"] == relation)
    return normpath(join("xl", target)).lstrip("/") if not target.startswith("/") else target.lstrip("/")
