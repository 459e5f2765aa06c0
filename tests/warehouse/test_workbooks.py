"""The workbooks of a whole build, read back: every cell of every sheet is the mart's, nothing too small is in them, and
what an adviser fills in is what the ledger takes.
"""

import csv
import hashlib
import io
import json
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines.home import Home
from pipelines.publication.builds import read_facts
from pipelines.publication.package import Mart
from pipelines.publication.views.handling import HANDLING_NOTES, TOO_FEW, Audience, is_shown
from pipelines.publication.workbooks.desktop_results import RESULTS
from pipelines.publication.workbooks.sheets import Book, Column, Row, Sheet
from pipelines.publication.workbooks.sql import open_marts
from pipelines.publication.workbooks.write import declared, descriptions_of, write_workbooks
from pipelines.publication.workbooks.writer import NO_ROWS
from pipelines.returns.check import judge_rows
from pipelines.returns.refusals import refused_decisions
from pipelines.returns.schema import return_named
from pipelines.sources.catalogue import load_catalogue
from pipelines.tables.decode import read_table

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")
LATER = ("rayg_criteria", "registers", "concern_triggers", "support_offer", "interventions", "district_pack")


class Books:
    """The books of a build: as declared, as written, and the marts they are of."""

    def __init__(self, folder: Path) -> None:
        facts = read_facts(folder)
        assert facts is not None
        self.folder, self.facts = folder, facts
        self.package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        self.marts = open_marts(folder, facts.la_code)
        resources = [one for one in self.package["resources"] if one["format"] == "parquet"]
        self.described = [
            Mart(one["title"], one["description"], {field["name"]: field for field in one["schema"]["fields"]})
            for one in resources
        ]
        self.declared = declared(self.marts, facts, descriptions_of(self.described))
        self.written = {book.about.file: openpyxl.load_workbook(folder / book.about.file) for book in self.declared}

    def rows(self, file: str, name: str) -> list[dict[str, Any]]:
        """A sheet's rows by heading."""
        page, sheet = self.written[file][name], self.sheet(file, name)
        header = header_row(page, sheet)
        headings = [column.header for column in sheet.columns]
        return [dict(zip(headings, row, strict=False)) for row in page.iter_rows(min_row=header + 1, values_only=True)]

    def sheet(self, file: str, name: str) -> Sheet:
        return next(one for book in self.declared for one in book.sheets if (book.about.file, one.name) == (file, name))

    def mart(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the published files, asked without the workbooks' own queries."""
        with duckdb.connect() as connection:
            connection.execute("set enable_progress_bar = false")
            connection.execute(f"set file_search_path = '{self.folder.as_posix()}'")
            return connection.execute(query).fetchall()


PACK, DESKTOP = "japr_pack.xlsx", "desktop_exercise.xlsx"


@pytest.fixture(scope="module")
def books(sample_home: Home) -> Iterator[Books]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Books(sample_home.current)
    yield found
    found.marts.close()


def header_row(page: Any, sheet: Sheet) -> int:
    first = sheet.columns[0].header
    return next(cell.row for (cell,) in page.iter_rows(max_col=1, min_row=4) if cell.value == first)


def expected(column: Column, row: Row, sheet: Sheet) -> object:
    """What stands in a cell, said a second time and more simply than the writer does."""
    value = None if column.kind == "line" else row[column.key]
    if value is None:
        is_left_empty = sheet.is_plain or column.kind in ("line", "helper", "entry")
        return None if is_left_empty else (row.get(f"{column.key}_absent") or column.empty or None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    # a workbook keeps sixteen digits
    return float(f"{value:.16G}") if isinstance(value, Decimal | int | float) else value


def found_in(value: object) -> object:
    if isinstance(value, datetime):
        return value.date()
    return float(value) if isinstance(value, int) else value


def every_sheet(books: Books) -> list[tuple[Book, Sheet]]:
    return [(book, sheet) for book in books.declared for sheet in book.sheets]


def test_every_cell_of_every_sheet_is_what_its_query_gives(books: Books) -> None:
    wrong, cells = [], 0
    for book, sheet in every_sheet(books):
        page = books.written[book.about.file][sheet.name]
        rows = books.marts.query(sheet.query)
        header = header_row(page, sheet)
        headings = [cell.value for cell in page[header]][: len(sheet.columns)]
        assert headings == [column.header for column in sheet.columns]
        if not rows:
            assert page.cell(header + 1, 1).value == NO_ROWS
            continue
        assert page.max_row - header == len(rows), sheet.name
        found = page.iter_rows(min_row=header + 1, values_only=True)
        for number, (row, values) in enumerate(zip(rows, found, strict=True), start=header + 1):
            for column, value in zip(sheet.columns, values, strict=False):
                cells += 1
                if found_in(value) != expected(column, row, sheet):
                    wrong.append(
                        f"{sheet.name} {number} {column.header}: {value!r}, not {expected(column, row, sheet)!r}"
                    )
    assert not wrong, wrong[:10]
    assert cells > 100_000


def test_no_number_stands_without_its_table_and_every_sheet_is_handled(books: Books) -> None:
    for book, sheet in every_sheet(books):
        page = books.written[book.about.file][sheet.name]
        top = [cell.value for (cell,) in page.iter_rows(max_col=1, max_row=header_row(page, sheet))]
        assert HANDLING_NOTES[Audience.INTERNAL] in top
        has_rows = page.cell(header_row(page, sheet) + 1, 1).value != NO_ROWS
        assert len(page.tables) == (0 if sheet.is_plain or not has_rows else 1), sheet.name
    names = [table.name for book in books.written.values() for page in book for table in page.tables.values()]
    assert len(names) == len(set(names)) + len(SHARED)
    for file, book in books.written.items():
        listed = {cell.value for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink}
        assert listed == set(book.sheetnames) - {"Contents"}, file


SHARED = ("sources", "what_columns_hold", "gaps", "inspection")  # tables that both books have, each of its own


def test_the_scorecard_is_the_newest_reported_year(books: Books) -> None:
    truth = dict(
        books.mart("select title, max(academic_year) from 'japr_kpis.parquet' where status = 'reported' group by title")
    )
    values = {
        (title, year): value
        for title, year, value in books.mart("select title, academic_year, value from 'japr_kpis.parquet'")
    }
    rows = books.rows(PACK, "Scorecard")
    assert {row["Indicator"] for row in rows} == {title for title, _ in values}
    for row in rows:
        if row["Indicator"] in truth:
            assert row["Year"] == truth[row["Indicator"]]
            assert row["Value"] == values[row["Indicator"], row["Year"]]


def test_an_absence_is_a_word_and_never_a_zero(books: Books) -> None:
    series = books.rows(PACK, "Series")
    asked = "select title, academic_year, status from 'japr_kpis.parquet' where status != 'reported'"
    absent = {(title, year): status for title, year, status in books.mart(asked)}
    assert absent
    for row in series:
        for year in (name for name in row if name[:2] == "20" and len(name) == 7):
            assert row[year] not in (None, "")
            if row["Figure of"] == "county" and (row["Indicator"], year) in absent:
                assert row[year] == absent[row["Indicator"], year].replace("_", " ")


def test_every_school_has_its_line(books: Books) -> None:
    truth = books.mart(
        "select urn, school_name, band, points, top_reasons, whole_school_draft, early_years_draft, post_16_draft"
        " from 'desktop_exercise.parquet'"
    )
    rows = {row["URN"]: row for row in books.rows(DESKTOP, "Schools")}
    assert len(rows) == len(truth)
    for urn, name, band, _, reasons, whole, early, post in truth:
        row = rows[urn]
        assert (row["School"], row["Band"]) == (name, band.replace("_", " "))
        assert row["Triggered, weightiest first"] == (reasons or "nothing triggered")
        drafts = [row[f"{part} (draft)"] for part in ("Whole school", "Early years", "Post-16")]
        assert drafts == [
            whole.replace("_", " "),
            (early or "no early years").replace("_", " "),
            (post or "no sixth form").replace("_", " "),
        ]


def test_results_are_the_marts_and_small_ones_are_not_there(books: Books) -> None:
    """Each figure of the mart is there, unless the one rule hides it; and it is of the measure the book says."""
    shown = 0
    for title, found in RESULTS.items():
        rows = {row["URN"]: row for row in books.rows(DESKTOP, title)}
        for result in found:
            truth = books.mart(
                f"select d.urn, d.{result.name}, b.value, b.cohort_n, b.release, round(b.value * b.cohort_n / 100)"
                " from 'desktop_exercise.parquet' as d left join 'benchmarks.parquet' as b"
                f" on b.entity_type = 'school' and b.urn = d.urn and b.measure = '{result.measure}'"
                f" and b.pupil_group = '{result.group}' and b.academic_year = d.{result.name}_year"
                f" where d.{result.name} is not null"
            )
            for urn, value, benchmark, n, release, numerator in truth:
                assert value == benchmark, (result.name, urn)
                counted = numerator if result.measure.endswith("_pct") else None
                if is_shown(release, n, counted, Audience.INTERNAL):
                    shown += 1
                    assert rows[urn][result.short] == value
                else:
                    assert rows[urn][result.short] == TOO_FEW
    assert shown > 1000


def test_no_workbook_shows_a_figure_of_five_pupils_or_fewer(books: Books) -> None:
    counted = ("pupils", "disadvantaged pupils", "other pupils", "pupils counted")
    seen = 0
    for book, sheet in every_sheet(books):
        for column in sheet.columns:
            heading = column.header.lower()
            if heading in counted or heading.endswith(": pupils"):
                values = [row[column.header] for row in books.rows(book.about.file, sheet.name)]
                numbers = [value for value in values if isinstance(value, int | float)]
                assert all(number > 5 for number in numbers), (sheet.name, column.header)
                seen += len(numbers)
    assert seen > 1000


def test_evidence_is_the_marts_sentence(books: Books) -> None:
    truth = books.mart(
        "select i.urn, i.title, i.provision, i.evidence from 'risk_indicators.parquet' as i"
        " where i.state = 'triggered' and coalesce(i.cohort_n, 6) > 5"
        " and i.file_id not in (select file_id from 'held_files.parquet' where release = 'local_unvalidated')"
    )
    rows = books.rows(DESKTOP, "Triggered")
    (counted,) = books.mart("select count(*) from 'risk_indicators.parquet' where state = 'triggered'")[0]
    assert len(rows) == counted
    told = {(row["URN"], row["Indicator"], row["Provision"]): row["Evidence"] for row in rows}
    assert truth
    assert all(told[urn, title, what.replace("_", " ")] == evidence for urn, title, what, evidence in truth)


def test_filled_in_decisions_are_what_the_ledger_takes(books: Books, sample_home: Home) -> None:
    ledger = return_named("local_moderation")
    assert ledger is not None
    rows = books.rows(DESKTOP, "Decisions")
    assert list(rows[0])[2:] == list(ledger.header)
    filled = [row for row in rows if row["from_rating"] == "amber"][:3]
    assert filled
    offered = io.StringIO()
    writer = csv.writer(offered)
    writer.writerow(ledger.header)
    for row in filled:
        said = {"to_rating": "yellow", "decided_by": "A Person", "role": "SEA", "reason": "Seen in school"}
        row |= {**said, "decided_on": "2026-06-01"}
        writer.writerow([row[name] or "" for name in ledger.header])
    source = load_catalogue().source("local_moderation")
    assert source is not None
    table = read_table(offered.getvalue().encode(), "local_moderation.csv", source, source.sheet)
    rows = judge_rows(table, source)
    assert len(rows.accepted) == len(filled)
    assert refused_decisions(sample_home, "local_moderation.csv", table.header, rows) == {}


def test_no_person_path_or_own_file_is_named(books: Books) -> None:
    own = {name for (name,) in books.mart("select file_name from 'held_files.parquet' where source like 'local%'")}
    assert own  # the sample county sends returns of its own
    for file, book in books.written.items():
        texts = {value for page in book for row in page.iter_rows(values_only=True) for value in row}
        texts = {value for value in texts if isinstance(value, str)}
        assert not own & texts, file
        assert not [text for text in texts if str(books.folder) in text or "/tmp/" in text]


def test_the_data_package_names_the_books(books: Books) -> None:
    named = {one["path"]: one for one in books.package["resources"] if one["format"] == "xlsx"}
    assert set(named) == {PACK, DESKTOP}
    for path, one in named.items():
        assert one["hash"] == f"sha256:{hashlib.sha256((books.folder / path).read_bytes()).hexdigest()}"


def test_the_same_build_gives_the_same_books(books: Books, tmp_path: Path) -> None:
    for path in books.folder.glob("*.parquet"):
        (tmp_path / path.name).symlink_to(path.resolve())
    for document in write_workbooks(tmp_path, books.described, books.facts):
        assert document.path.read_bytes() == (books.folder / document.path.name).read_bytes()


def test_a_mart_that_the_build_has_is_in_a_book(books: Books) -> None:
    """What is not there is named on the contents sheet; nothing that is there is left out."""
    lacking = {name for book in books.declared for name in book.lacking}
    contents = " ".join(
        str(cell.value) for book in books.written.values() for row in book["Contents"].iter_rows() for cell in row
    )
    assert all(name in contents for name in lacking)
    used = {mart for _, sheet in every_sheet(books) for mart in sheet.marts}
    assert {name for name in LATER if books.marts.has(name)} <= used
    assert not any(isinstance(value, date) for value in lacking)
