"""The same inspections in the layouts of 2015, 2021, 2025 and 2026, and the early-years settings."""

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from sample_county.county.tables import header

from .conftest import Rows

URN_OF = {
    "2025": "URN at time of latest graded inspection",
    "2021": "URN at time of latest full inspection",
    "2021 previous": "URN at time of previous full inspection",
}


def rows_of(path: Path, titles: int = 0) -> Rows:
    lines = path.read_bytes().decode("cp1252").split("\r\n")[titles:]
    return list(csv.DictReader(io.StringIO("\r\n".join(lines), newline="")))


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


@pytest.fixture(scope="module")
def of_2021(sample: Path) -> Rows:
    return rows_of(next((sample / "ofsted" / "2020-2021").glob("*.csv")))


@pytest.fixture(scope="module")
def of_2026(sample: Path) -> Rows:
    return rows_of(next((sample / "ofsted" / "2025-2026").glob("*state-funded*.csv")))


@pytest.fixture(scope="module")
def of_2015(sample: Path) -> list[dict[str, object]]:
    path = next((sample / "ofsted" / "2014-2015").glob("*.xlsx"))
    names, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Provider Level Data").to_python()
    assert tuple(names) == header("ofsted_2015-05")
    return [dict(zip((str(name) for name in names), row, strict=True)) for row in rows]


def test_each_file_has_its_layout(of_2021: Rows, of_2026: Rows) -> None:
    assert tuple(of_2021[0]) == header("ofsted_2021-08")
    assert tuple(of_2026[0]) == header("ofsted_2026-02")


def test_no_inspection_file_names_a_day_after_its_own(
    of_2015: list[dict[str, object]], of_2021: Rows, of_2026: Rows, inspections: Rows
) -> None:
    for rows, known in ((of_2021, date(2021, 8, 31)), (inspections, date(2025, 9, 30)), (of_2026, date(2026, 2, 28))):
        printed = [row[column] for row in rows for column in row if "ublication date" in column]
        days = [day(text) for text in printed if text not in ("", "NULL")]
        assert len(days) > 500
        assert max(days) <= known
    assert max(str(row["Latest inspection date"]) for row in of_2015) <= "2015-05-31"


def test_what_two_files_print_of_an_inspection_agrees(of_2021: Rows, inspections: Rows) -> None:
    """One school's inspection of one day has one grade, wherever it stands; and 2021 knows some that 2025 lost."""
    newest = {}
    for row in inspections:
        for prefix, urn, grade in (
            ("I", "URN at time of latest graded inspection", "Overall effectiveness"),
            ("Previous i", "URN at time of previous graded inspection", None),
        ):
            grade = grade or "Previous graded inspection overall effectiveness"
            newest[row[urn], row[f"{prefix}nspection start date"]] = row[grade]
    shared, lost = 0, 0
    for row in of_2021:
        for prefix, which, grade in (
            ("I", "latest", "Overall effectiveness"),
            ("Previous i", "previous", "Previous full inspection overall effectiveness"),
        ):
            key = (row[f"URN at time of {which} full inspection"], row[f"{prefix}nspection start date"])
            if key in newest:
                assert newest[key] == row[grade]
                shared += 1
            else:
                lost += key[0] != ""
    assert shared > 500
    assert lost > 100


def test_the_workbook_prints_the_last_day(of_2015: list[dict[str, object]], of_2021: Rows, inspections: Rows) -> None:
    starts = {
        (row[f"URN at time of {which} {kind} inspection"], day(row[column]))
        for rows, kind in ((of_2021, "full"), (inspections, "graded"))
        for row in rows
        for which, column in (("latest", "Inspection start date"), ("previous", "Previous inspection start date"))
        if row[column]
    }
    ended = {(str(int(str(row["URN"]).removesuffix(".0"))), row["Latest inspection date"]) for row in of_2015}
    assert sum((urn, on - timedelta(1)) in starts for urn, on in ended if isinstance(on, date)) > 100
    assert {str(row["Category"]) for row in of_2015} <= {"", "SM ", "SWK"}


def test_report_cards_replace_grades_and_never_stand_beside_them(of_2026: Rows) -> None:
    carded = [row for row in of_2026 if row["Inspection start date"] != "NULL"]
    assert len(carded) > 50
    assert {row["Inclusion"] for row in carded} >= {"Exceptional", "Needs attention", "Expected standard"}
    assert all(row["Inclusion"] == "NULL" for row in of_2026 if row["Inspection start date"] == "NULL")
    graded = [row["Inspection start date of latest OEIF graded inspection"] for row in of_2026]
    assert min(day(text) for text in graded if text != "NULL") >= date(2019, 9, 1)
    assert sum(text == "NULL" for text in graded) > 100


def test_early_years_settings_tell_of_nobody(sample: Path) -> None:
    for pattern in ("2024-2025/*childcare*.csv", "2025-2026/Childcare*.csv"):
        rows = rows_of(next((sample / "ofsted").glob(pattern)), titles=2)
        folded = [{key.lower(): cell for key, cell in row.items()} for row in rows]
        assert {row["provider name"] for row in folded} | {row["provider postcode"] for row in folded} == {""}
        assert {row["provider status"] for row in folded} == {"Active", "Resigned"}
