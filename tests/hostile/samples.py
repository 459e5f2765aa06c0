"""Small files in publishers' layouts, one of each format that is read, and workbooks that nobody publishes."""

import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEADER = ["RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "TELIG", "PTRWM_EXP"]
ROWS = [
    ["1", "919", str(2000 + at), str(100000 + at), f"School, {at}", str(20 + at), f"{50 + at}%"] for at in range(15)
]


def separated(separator: str = ",", encoding: str = "utf-8-sig", end: str = "\r\n") -> bytes:
    lines = [separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in (HEADER, *ROWS)]
    return end.join([*lines, ""]).encode(encoding)


def workbook(stray: tuple[int, int] | None = None) -> bytes:
    """`stray`: one cell more, at that row and column (from 0)."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("england")
        share = book.add_format({"num_format": '0.0" of all"'})
        for at, row in enumerate((HEADER, *ROWS)):
            for column, cell in enumerate(row):
                if at and column in (1, 2, 3, 5):
                    page.write_number(at, column, int(cell), *([share] if column == 5 else []))
                else:
                    page.write_string(at, column, cell)
        if stray:
            page.write_string(*stray, "x")
    return content.getvalue()


def rewritten(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """A workbook with bytes of one of its members exchanged."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            if name == member:
                assert old in text
                text = text.replace(old, new, 1)
            after.writestr(name, text)
    return changed.getvalue()


def parquet(table: pa.Table | None = None) -> bytes:
    content = io.BytesIO()
    pq.write_table(table or pa.table(dict(zip(HEADER, map(list, zip(*ROWS, strict=True)), strict=True))), content)
    return content.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()
