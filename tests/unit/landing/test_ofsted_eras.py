"""Ofsted's files in the layout of each era: recognised by their columns, refused where one that matters is missing.

The headers are those of `sample_county/headers`: real for 2015, 2025 and 2026, reported for the others. What the
columns come to in `inspections` is tested beside the models.
"""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.home import Home
from pipelines.landing.intake import Outcome, add
from pipelines.landing.land import land
from pipelines.provenance import Provenance, held_files
from pipelines.seeds import seed
from pipelines.sources.catalogue import column_keys, load_catalogue
from sample_county.county.tables import header
from sample_county.county.workbook import workbook

SCHOOLS = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_{}.csv"
SETTINGS = "Management_information_-_childcare_providers_and_inspections_-_most_recent_inspections_data_as_at_{}.csv"
BOOK = "Maintained_schools_External_Management_Information___31_May_2015.xlsx"
# source, layout, file name, academic year
LAYOUTS = [
    ("ofsted_schools_2019", "ofsted_2021-08", SCHOOLS.format("31_August_2021"), "2020/21"),
    ("ofsted_schools", "ofsted_2025-08", SCHOOLS.format("31_Aug_2025"), "2024/25"),
    ("ofsted_report_cards", "ofsted_2026-02", SCHOOLS.format("28_Feb_2026"), "2025/26"),
    ("ofsted_early_years_2018", "ofsted_early_years_2025-08", SETTINGS.format("31_August_2025"), "2024/25"),
    ("ofsted_early_years", "ofsted_early_years_2026-03", "Childcare_provider_data_as_at_31_March_2026.csv", "2025/26"),
]
OF_SCHOOLS = [layout for layout in LAYOUTS if layout[1].startswith("ofsted_20")]
URN, OTHER = "100001", "100002"


def row(layout: str, **cells: str) -> list[str]:
    """A row of a layout, blank but for its keys and what is given (`URN_AT…` by column)."""
    keys = {"URN": URN, "LAESTAB": "9192001", "School name": "First", "Local authority": "Hertfordshire"}
    keys |= {"Provider URN": "EY100001", "Local Authority": "Hertfordshire"}
    return [cells.get(name, keys.get(name, "")) for name in header(layout)]


def content(layout: str, *rows: list[str], without: str = "", titles: int = 0) -> bytes:
    """A csv file of a layout; a column may be left out, title lines set above."""
    names = list(header(layout))
    at = names.index(without) if without else None
    lines = [names, *(rows or [row(layout)])]
    if at is not None:
        lines = [cells[:at] + cells[at + 1 :] for cells in lines]
    above = "".join(f"Latest inspections, line {n}{',' * (len(names) - 1)}\r\n" for n in range(titles))
    quoted = ("\r\n".join(",".join(f'"{cell}"' for cell in cells) for cells in lines)) + "\r\n"
    return (above + quoted).encode("cp1252")


def put(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


def only(outcomes: list[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome


def held(home: Home) -> Provenance:
    (file,) = held_files(home)
    return file.provenance


def landed(home: Home) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Accepted rows by column key, and rejects, of the one file held."""
    (file,) = land(home, la_code="919", as_at=None, review_year=2025).files
    assert file.fault is None
    file_id = file.provenance.file_id
    cells = pq.read_table(home.landing / "cells" / f"{file_id}.parquet").to_pylist()
    rows: dict[int, dict[str, str]] = {}
    for cell in cells:
        rows.setdefault(cell["line"], {})[cell["column_key"]] = cell["raw_value"]
    return list(rows.values()), pq.read_table(home.landing / "rejects" / f"{file_id}.parquet").to_pylist()


@pytest.mark.parametrize(("source", "layout", "name", "year"), LAYOUTS)
def test_a_layout_is_recognised_under_the_name_it_shares(home, tmp_path, source, layout, name, year):
    outcome = only(add(home, [put(tmp_path / "in", name, content(layout, titles=2 * ("early" in layout)))]))
    assert (outcome.status, outcome.source, outcome.academic_year) == ("accepted", source, year)
    assert not held(home).published_on_is_assumed
    assert held(home).la_code == (None if "early" in source else "919")


@pytest.mark.parametrize(("source", "layout", "name", "year"), LAYOUTS)
def test_a_layout_without_a_column_that_matters_is_refused_by_name(home, tmp_path, source, layout, name, year):
    """No other layout takes it for its own, and nothing is held that would read as schools without inspections."""
    keys = dict(zip(column_keys(header(layout)), header(layout), strict=True))
    for column in load_catalogue().source(source).required:
        printed = keys[column_keys([column])[0]]
        outcome = only(add(home, [put(tmp_path / "in", name, content(layout, without=printed))]))
        assert outcome.status == "rejected" and "no column" in outcome.reason, printed
        named = only(add(home, [put(tmp_path / "in", name, content(layout, without=printed))], source=source))
        assert named.status == "rejected" and column in named.reason
    assert held_files(home) == []


@pytest.mark.parametrize(("source", "layout", "name", "year"), LAYOUTS)
def test_every_field_is_read_from_a_column_of_the_layout(source, layout, name, year):
    mapped = {line["column_name"]: line["field"] for line in seed("field_map") if line["source"] == source}
    of_other_months = {"INSPECTION END DATE", "PREVIOUS INSPECTION END DATE", "PREVIOUS GRADED INSPECTION NUMBER"}
    assert set(mapped) - set(column_keys(header(layout))) <= of_other_months
    assert {"urn", "provider_id"} & set(mapped.values())


@pytest.mark.parametrize("source", ["ofsted_early_years", "ofsted_early_years_2018"])
def test_no_name_or_address_of_a_setting_is_read(source):
    columns = [line["column_name"] for line in seed("field_map") if line["source"] == source]
    private = ("NAME", "POSTCODE", "ADDRESS", "PERSON", "TOWN", "TELEPHONE", "WEB LINK")
    assert [column for column in columns if any(word in column for word in private)] == []


@pytest.mark.parametrize(("source", "layout", "name", "year"), OF_SCHOOLS)
def test_bad_rows_are_left_out_and_the_rest_stand(home, tmp_path, source, layout, name, year):
    rows = [
        row(layout),
        row(layout),
        row(layout, URN=OTHER),
        row(layout, URN=OTHER, **{"School name": "Second"}),
        row(layout, URN="12345"),
        [*row(layout, URN="100003"), "", "stray"],
    ]
    add(home, [put(tmp_path / "in", name, content(layout, *rows))])
    accepted, rejects = landed(home)
    assert [cells["URN"] for cells in accepted] == [URN]
    assert [reject["reason_code"] for reject in rejects] == [
        "duplicate_identical",
        "duplicate_conflicting",
        "duplicate_conflicting",
        "broken_key",
        "overlong_row",
    ]


@pytest.mark.parametrize(("source", "layout", "name", "year"), LAYOUTS)
@pytest.mark.parametrize("data", [b"", b"<!DOCTYPE html><html>gone</html>", b'"URN","LAESTAB\n100001'])
def test_what_is_no_table_is_refused(home, tmp_path, source, layout, name, year, data):
    assert only(add(home, [put(tmp_path / "in", name, data)])).status == "rejected"
    assert held_files(home) == []


def test_two_blanks_within_a_heading_are_one(home, tmp_path):
    _, layout, name, _ = OF_SCHOOLS[2]
    assert "Latest OEIF  safeguarding is effective?" in header(layout)
    cells = row(layout, **{"Latest OEIF  safeguarding is effective?": "Yes", "Inclusion": "NULL"})
    add(home, [put(tmp_path / "in", name, content(layout, cells))])
    ((accepted,), _) = landed(home)
    assert accepted["LATEST OEIF SAFEGUARDING IS EFFECTIVE?"] == "Yes"
    assert accepted["INCLUSION"] == "NULL"


def test_one_authoritys_cut_is_dated_by_its_own_newest_report(home, tmp_path):
    """Its name holds no date. It cannot have come out before the newest report in it; that it did then is assumed."""
    _, layout, _, _ = OF_SCHOOLS[2]
    older = row(layout, **{"Publication date": "10/02/2026", "Ungraded inspection publication date": "NULL"})
    newer = row(layout, URN=OTHER, **{"Publication date": "31/02/2026"})
    add(home, [put(tmp_path / "2025-2026", "leeds_ofsted_data.csv", content(layout, older, newer))])
    assert held(home).published_on == date(2026, 2, 10)
    assert held(home).published_on_is_assumed


def test_a_cut_without_any_date_asks_for_one(home, tmp_path):
    _, layout, _, _ = OF_SCHOOLS[2]
    path = put(tmp_path / "2025-2026", "leeds_ofsted_data.csv", content(layout))
    assert only(add(home, [path])).reason == "its name holds no date: say --published"
    assert only(add(home, [path], published_on=date(2026, 2, 28))).status == "accepted"
    assert not held(home).published_on_is_assumed


def book(*rows: list, sheet: str = "Provider Level Data") -> bytes:
    """The workbook of 2015 with a cover before its data."""
    return workbook([("Cover", [["Management information"]]), (sheet, [list(header("ofsted_2015-05")), *rows])])


def book_row(urn: int = int(URN)) -> list:
    cells = {"URN": urn, "Laestab": 9192001, "School name": "First", "Local Authority": "Hertfordshire"}
    cells |= {"Latest inspection date": date(2014, 3, 5), "Category": "SM ", "The quality of teaching": 4}
    return [cells.get(name, "") for name in header("ofsted_2015-05")]


def test_the_workbook_of_2015_is_read_from_the_sheet_of_providers(home, tmp_path):
    outcome = only(add(home, [put(tmp_path / "in", BOOK, book(book_row(), book_row(int(OTHER))))]))
    assert (outcome.source, outcome.academic_year) == ("ofsted_schools_2015", "2014/15")
    accepted, rejects = landed(home)
    assert [cells["URN"] for cells in accepted] == [URN, OTHER]
    assert accepted[0]["LATEST INSPECTION DATE"] == "2014-03-05"
    assert accepted[0]["THE QUALITY OF TEACHING"] == "4"
    assert rejects == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (book(book_row(), sheet="Table 1"), "no sheet"),
        (book(book_row())[:900], "truncated or damaged"),
        (book(), "no rows beneath it"),
        (book(["a"]), "no row is about a school"),
    ],
)
def test_a_workbook_of_2015_that_cannot_be_read_is_refused(home, tmp_path, data, said):
    outcome = only(add(home, [put(tmp_path / "in", BOOK, data)]))
    assert outcome.status == "rejected" and said in outcome.reason


def test_the_outcomes_of_the_performance_tables_are_dated_by_their_last_month(home, tmp_path):
    names = ["URN", "School name", "Ofsted phase", "Inspection date", "Publication date", "Overall effectiveness"]
    cells = [int(URN), "First", "Primary", date(2018, 7, 10), date(2018, 7, 31), 2]
    data = workbook([("DFE_data_31_July_2018_SON", [names, cells])])
    outcome = only(add(home, [put(tmp_path / "2016-2017", "england_ofsted-schools.xlsx", data)]))
    assert outcome.source == "ofsted_schools_tables"
    assert held(home).published_on == date(2018, 7, 31)
