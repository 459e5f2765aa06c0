"""One sheet of an .xlsx workbook as lines of text. Only what is peculiar to workbooks belongs here.

A workbook's cells are typed, so their text is rebuilt (`typed`). A number shown as a percentage looks like a plain one
by its value (0.65 or 65%), so it is refused.
"""

import io
import re
import zipfile
from posixpath import join, normpath
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from pipelines.errors import RaygError
from pipelines.tables.typed import cell_text

UNPACKED_BYTES_MAX = 500_000_000
BUILT_IN_PERCENT_FORMATS = {9, 10}  # `0%` and `0.00%`; other percent formats are spelled out in the workbook
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(rb"<c\b([^>]*[^/])>")  # a cell that closes itself is empty
_QUOTED = re.compile(r'"[^"]*"|\\.')  # literal text in a number format


def read_sheet(content: bytes, sheet: str | None) -> list[tuple[int, list[str]]]:
    """The rows of one sheet that are not blank, each with its number in the sheet. `sheet` is a regular expression.

    Raises RaygError where the workbook is damaged, lacks the sheet, or shows a number as a percentage.
    """
    if sheet is None:
        raise RaygError("a workbook, where this publication comes as csv: take the csv file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(member.file_size for member in package.infolist()) > UNPACKED_BYTES_MAX:
                raise RaygError(f"unpacks to over {UNPACKED_BYTES_MAX // 10**6} MB: not a published workbook")
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            name = next((name for name in workbook.sheet_names if re.fullmatch(sheet, name, re.IGNORECASE)), None)
            if name is None:
                held = ", ".join(workbook.sheet_names)
                raise RaygError(f"no sheet '{sheet}' (it has {held}): take the workbook as published")
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            _refuse_percent_cells(package, name)
    except PasswordError as error:
        raise RaygError("the workbook is protected by a password: save it without one") from error
    except (zipfile.BadZipFile, CalamineError, KeyError, ElementTree.ParseError, OSError) as error:
        raise RaygError("the workbook is truncated or damaged: download it again") from error
    texts = ((at, [cell_text(cell) for cell in row]) for at, row in enumerate(rows, start=1))
    return [(at, cells) for at, cells in texts if any(cell.strip() for cell in cells)]


def _refuse_percent_cells(package: zipfile.ZipFile, sheet: str) -> None:
    """Raises RaygError naming the first number of the sheet that is shown as a percentage."""
    styles = _percent_styles(package)
    if not styles:
        return
    for match in _CELL.finditer(package.read(_sheet_path(package, sheet))):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', match[1].decode()))
        if attributes.get("s") in styles and attributes.get("t", "n") == "n":
            raise RaygError(
                f"cell {attributes['r']} is formatted as a percentage, so what it counts in is unsure:"
                " save the sheet as csv"
            )


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
