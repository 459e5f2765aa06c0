"""One sheet of an .xlsx workbook as lines of text. Only what is peculiar to workbooks belongs here; `apart` runs it.

A workbook's cells are typed, so their text is rebuilt (`typed`). A number that is shown as a percentage becomes what it
shows, `65%`, as the csv edition of a table prints it: by its value, 0.65, it would look like a plain number.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from posixpath import join, normpath
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, PasswordError

from pipelines.errors import RaygError
from pipelines.tables.limits import CELLS_MAX, FILE_BYTES_MAX, megabytes
from pipelines.tables.typed import cell_text

BUILT_IN_PERCENT_FORMATS = {9: 0, 10: 2}  # `0%` and `0.00%`; other percent formats are spelled out in the workbook
ROWS_MAX, COLUMNS_MAX = 1_048_576, 16_384  # of any sheet
CHUNK = 1 << 20
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>")  # a cell that closes itself is empty
_PLACE = re.compile(rb"""<(?:\w+:)?c\b(?:[^>]*?\s)?r=["']([A-Za-z]+)(\d+)["'][^>]*(?<!/)>""")
_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_PLACES = re.compile(r"^[^.%]*\.?([0#?]*)")  # the decimal places of the first part of a number format
_QUOTED = re.compile(r'"[^"]*"|\\.')  # literal text in a number format


def read_sheet(content: bytes, sheet: str) -> list[tuple[int, list[str]]]:
    """The rows of one sheet that are not blank, each with its number in the sheet. `sheet` is a regular expression.

    Raises RaygError where the workbook is damaged or lacks the sheet.
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
        if name is None and len(workbook.sheet_names) == 1:
            name = workbook.sheet_names[0]  # a sheet of another name, and no other it could be
        if name is None:
            held = ", ".join(workbook.sheet_names)
            raise RaygError(f"no sheet '{sheet}' (it has {held}): take the workbook as published")
        places = _percentages(package, name)
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    texts = ((at, [cell_text(cell) for cell in row]) for at, row in enumerate(rows, start=1))
    if places:
        texts = (
            (at, [_shown(rows[at - 1][n], text, places.get((at, n + 1))) for n, text in enumerate(cells)])
            for at, cells in texts
        )
    return [(at, cells) for at, cells in texts if any(cell.strip() for cell in cells)]


def _shown(cell: object, text: str, places: int | None) -> str:
    """A cell's text; of a number that is shown as a percentage with so many decimal places, what it shows."""
    if places is None or isinstance(cell, bool) or not isinstance(cell, int | float):
        return text
    # halves away from zero, as a spreadsheet shows them
    return f"{(Decimal(repr(cell)) * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


def _percentages(package: zipfile.ZipFile, sheet: str) -> dict[tuple[int, int], int]:
    """The cells with numbers that are shown as percentages, by row and column from 1, and their decimal places.

    Raises RaygError where a cell stands so far out that the sheet between could not be held. Asked before the cells are
    read, since reading makes a cell of every place up to the last.
    """
    percent_styles = _percent_styles(package)
    shown: dict[tuple[int, int], int] = {}
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
            shown |= _percentages_in(tags, percent_styles)
    return shown


def _tags(package: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """A sheet's XML in pieces that end before a tag begins."""
    with package.open(path) as file:
        rest = b""
        while chunk := file.read(CHUNK):
            whole, mark, begun = (rest + chunk).rpartition(b"<")
            rest = mark + begun
            yield whole
        yield rest


def _percentages_in(tags: bytes, styles: dict[str, int]) -> dict[tuple[int, int], int]:
    """Those in a piece of a sheet's XML. `styles`: decimal places by style."""
    shown = {}
    for cell in _CELL.findall(tags):
        attributes = dict(re.findall(r"""(\w+)=["']([^"']*)["']""", cell.decode()))
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        if place and attributes.get("s") in styles and attributes.get("t", "n") == "n":
            shown[int(place[2]), _column_number(place[1].upper())] = styles[attributes["s"]]
    return shown


def _column_number(letters: str) -> int:
    """A = 1; of a name longer than any column's, more than any sheet has."""
    number = 0
    for letter in letters[:4]:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _percent_styles(package: zipfile.ZipFile) -> dict[str, int]:
    """The numbers of the cell styles that show a percentage, with their decimal places."""
    if "xl/styles.xml" not in package.namelist():
        return {}
    root = ElementTree.fromstring(package.read("xl/styles.xml"))
    formats = BUILT_IN_PERCENT_FORMATS | {
        int(item.attrib["numFmtId"]): len(_PLACES.search(code)[1])  # type: ignore[index]  # it always matches
        for item in root.iter(f"{_SPREADSHEET}numFmt")
        if "%" in (code := _QUOTED.sub("", item.attrib["formatCode"]))
    }
    styles = root.findall(f"{_SPREADSHEET}cellXfs/{_SPREADSHEET}xf")
    numbers = ((str(at), int(style.attrib.get("numFmtId", 0))) for at, style in enumerate(styles))
    return {at: formats[number] for at, number in numbers if number in formats}


def _sheet_path(package: zipfile.ZipFile, sheet: str) -> str:
    """Where in the package a sheet's cells are kept."""
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    relation = next(
        item.attrib[f"{_RELATION}id"] for item in book.iter(f"{_SPREADSHEET}sheet") if item.attrib["name"] == sheet
    )
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    target = next(item.attrib["Target"] for item in relations if item.attrib["Id"] == relation)
    return normpath(join("xl", target)).lstrip("/") if not target.startswith("/") else target.lstrip("/")
