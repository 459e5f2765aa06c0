"""Workbooks as bytes, the same for the same cells: text inline, numbers and days typed as spreadsheets type them.

Only what a published workbook needs: no formulas and no formats but the day's.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | date
_EPOCH = date(1899, 12, 30)
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # the oldest a zip can say: no clock in a byte
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(sheets: Sequence[tuple[str, Sequence[Sequence[Cell]]]]) -> bytes:
    """The sheets, by name, as the bytes of an .xlsx file. An empty text is an empty cell."""
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
        )
        + "</Types>",
        "_rels/.rels": _relations([(1, "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, (name, _) in zip(numbers, sheets, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            [(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
            + [(len(sheets) + 1, "styles", "styles.xml")]
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{_SPREADSHEET}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    for n, (_, rows) in zip(numbers, sheets, strict=True):
        lines = "".join(_row(at, cells) for at, cells in enumerate(rows, start=1))
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{_SPREADSHEET}"><sheetData>{lines}</sheetData></worksheet>'
        )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _WRITTEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
    return content.getvalue()


def _relations(targets: Sequence[tuple[int, str, str]]) -> str:
    items = "".join(f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for n, kind, to in targets)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _row(at: int, cells: Sequence[Cell]) -> str:
    return f'<row r="{at}">' + "".join(_cell(f"{_letters(n)}{at}", cell) for n, cell in enumerate(cells)) + "</row>"


def _cell(reference: str, cell: Cell) -> str:
    if isinstance(cell, date):
        return f'<c r="{reference}" s="1"><v>{(cell - _EPOCH).days}</v></c>'
    if isinstance(cell, str):
        inline = f'<is><t xml:space="preserve">{escape(cell)}</t></is>'
        return f'<c r="{reference}" t="inlineStr">{inline}</c>' if cell else ""
    return f'<c r="{reference}"><v>{cell}</v></c>'


def _letters(column: int) -> str:
    """0 -> A, 26 -> AA."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
