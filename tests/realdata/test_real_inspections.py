"""The published inspection files read a second time by hand, and what `inspections` made of them.

The files of 2015, 2018, 2025 and 2026 overlap: each tells of inspections that the others lost, and one told by several
must stand once. No expectation here comes from the product's own rules.
"""

import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData, Row, read_rows

OWN = "DOES THE LATEST GRADED INSPECTION RELATE TO THE URN OF THE CURRENT SCHOOL?"
GRADED_URN = "URN AT TIME OF LATEST GRADED INSPECTION"
PREVIOUS_URN = "URN AT TIME OF PREVIOUS GRADED INSPECTION"
PREVIOUS_GRADE = "PREVIOUS GRADED INSPECTION OVERALL EFFECTIVENESS"
LONGEST = timedelta(days=5)


def day(text: str) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if re.fullmatch(r"\d{2}/\d{2}/\d{4}", text) else None


def sheet(path: Path, name: str) -> list[dict[str, object]]:
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    return [dict(zip((str(column) for column in header), row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def of_2015(real: RealData) -> list[dict[str, object]]:
    (path,) = (real.root / "ofsted" / "2014-2015").glob("*.xlsx")
    return sheet(path, "Provider Level Data")


@pytest.fixture(scope="module")
def of_2018(real: RealData) -> list[dict[str, object]]:
    return sheet(
        real.root / "performance-tables" / "2016-2017" / "england_ofsted-schools.xlsx", "DFE_data_31_July_2018_SON"
    )


@pytest.fixture(scope="module")
def of_2025(real: RealData) -> list[Row]:
    return real.inspections()


@pytest.fixture(scope="module")
def leeds(real: RealData) -> list[Row]:
    return read_rows(real.root / "ofsted" / "2025-2026" / "leeds_ofsted_data.csv")


@pytest.fixture(scope="module")
def made(hertfordshire: Built) -> dict[str, list[tuple[date, int | None, str]]]:
    """Graded inspections of each URN by its own number, from the whole warehouse: first day, grade, source."""
    found: dict[str, list[tuple[date, int | None, str]]] = defaultdict(list)
    for urn, on, grade, source in hertfordshire.rows(
        """
        select urn, inspected_on, overall_grade, source from warehouse.inspections
        where event_kind = 'graded' and not is_predecessor
        """
    ):
        found[urn].append((on, grade, source))
    return found


def test_every_inspection_of_2025_is_there(of_2025: list[Row], hertfordshire: Built) -> None:
    made = {
        (urn, inspected, on): grade
        for urn, inspected, on, grade in hertfordshire.rows(
            "select urn, urn_inspected, inspected_on, overall_grade from warehouse.inspections"
            " where event_kind = 'graded'"
        )
    }
    known = {urn for (urn,) in hertfordshire.rows("select urn from warehouse.schools")}
    compared = 0
    for row in of_2025:
        for on, urn, grade in (
            (row["INSPECTION START DATE"], row[GRADED_URN], row["OVERALL EFFECTIVENESS"]),
            (row["PREVIOUS INSPECTION START DATE"], row[PREVIOUS_URN], row[PREVIOUS_GRADE]),
        ):
            if (first := day(on)) and row["URN"] in known:
                expected = int(grade) if grade in ("1", "2", "3", "4") else None
                assert made[row["URN"], urn, first] == expected, (row["URN"], on)
                compared += 1
    assert compared > 40_000


def test_an_inspection_told_by_several_files_stands_once(made: dict[str, list[tuple[date, int | None, str]]]) -> None:
    """Two graded inspections of one school never begin within the days that one inspection takes."""
    close = [
        (urn, one, other)
        for urn, events in made.items()
        for one, other in zip(sorted(events), sorted(events)[1:], strict=False)
        if other[0] - one[0] <= LONGEST
    ]
    assert close == []


def test_the_workbook_adds_inspections_that_later_files_lost(
    of_2015: list[dict[str, object]], of_2025: list[Row], made: dict[str, list[tuple[date, int | None, str]]]
) -> None:
    """Of the schools that kept their number, every inspection of the workbook is there, by its last or first day."""
    unchanged = {row["URN"] for row in of_2025 if row["SCHOOL OPEN DATE"] == ""}
    compared, only_there = 0, 0
    for row in of_2015:
        urn = str(int(str(row["URN"]).removesuffix(".0")))
        ended, grade = row["Latest inspection date"], int(str(row["Overall effectiveness: how good is the school"]))
        if urn not in unchanged or urn not in made:
            continue
        assert isinstance(ended, date)
        (found,) = [event for event in made[urn] if ended - LONGEST <= event[0] <= ended]
        assert found[1] == grade, urn
        compared += 1
        only_there += found[2] == "ofsted_schools_2015"
    assert compared > 8_000
    assert only_there > 1_000


def test_a_short_inspection_is_no_graded_one(
    of_2018: list[dict[str, object]], of_2025: list[Row], hertfordshire: Built
) -> None:
    """The tables of 2018 print the day of a short inspection beside the grade that it left standing.

    Where the list of 2025 says that the school was last graded before that day, it was none.
    """
    graded = {row["URN"]: day(row["INSPECTION START DATE"]) for row in of_2025 if row[OWN] == "Yes"}
    printed: dict[str, date] = {}
    for row in of_2018:
        urn, ended = str(int(str(row["URN"]).removesuffix(".0"))), row["Inspection date"]
        last = graded.get(urn)
        assert isinstance(ended, date)
        if last and last < ended - timedelta(days=60):
            printed[urn] = ended
    assert len(printed) > 1_000
    kinds = Counter(
        kind
        for urn, on, kind in hertfordshire.rows(
            "select urn, inspected_on, event_kind from warehouse.inspections"
            " where source = 'ofsted_schools_tables' and not is_predecessor"
        )
        if printed.get(urn) == on
    )
    assert set(kinds) == {"ungraded"}
    assert kinds["ungraded"] >= 0.95 * len(printed)


def test_leeds_report_cards_keep_their_words(leeds: list[Row], hertfordshire: Built) -> None:
    cards = {row["URN"]: row for row in leeds if row["INSPECTION START DATE"] not in ("", "NULL")}
    assert len(cards) == 2
    for urn, row in cards.items():
        ((framework, on, inclusion, achievement, post_16, safeguarding, overall, quality),) = hertfordshire.rows(
            """
            select framework, inspected_on, card_inclusion, card_achievement, card_sixth_form,
                card_safeguarding_standards, overall_grade, quality_of_education
            from warehouse.inspections where urn = ? and framework = 'report_card'
            """,
            urn,
        )
        assert (framework, on) == ("report_card", day(row["INSPECTION START DATE"]))
        assert (inclusion, achievement) == (row["INCLUSION"], row["ACHIEVEMENT"])
        assert (safeguarding, post_16) == (row["SAFEGUARDING STANDARDS"], None)
        assert (overall, quality) == (None, None)


def test_null_is_a_blank_and_history_outlives_the_newest_file(leeds: list[Row], hertfordshire: Built) -> None:
    """109 Leeds schools have no column left that says how they were last graded: the earlier files do."""
    forgotten = {
        row["URN"]
        for row in leeds
        if row["INSPECTION START DATE OF LATEST OEIF GRADED INSPECTION"] == "NULL"
        and row["INSPECTION START DATE"] == "NULL"
    }
    assert len(forgotten) == 109
    remembered = {
        urn
        for (urn,) in hertfordshire.rows("select urn from warehouse.inspections where event_kind = 'graded'")
        if urn in forgotten
    }
    assert len(remembered) > 100
    nulls = hertfordshire.one(
        """
        select count(*) from warehouse.inspections
        where 'NULL' in (category_of_concern, outcome_text, inspection_number, inspection_type, card_inclusion)
        """
    )
    assert nulls == 0


def test_shares_of_schools_equal_the_workbooks_own_table(real: RealData, hertfordshire: Built) -> None:
    """England and Hertfordshire in table 1 of the workbook of 2015; the list of 2025 as the dossier counted it."""
    (path,) = (real.root / "ofsted" / "2014-2015").glob("*.xlsx")
    table = {
        str(row[0]).strip().upper(): row
        for row in CalamineWorkbook.from_path(path).get_sheet_by_name("Table 1").to_python()
        if row
    }
    for code, name in ((None, "ENGLAND"), ("919", "HERTFORDSHIRE")):
        row = [cell for cell in table[name] if isinstance(cell, float)]
        (counted,) = hertfordshire.rows(
            """
            select sum(judged_n), sum(at_or_above_n) from warehouse.int_judgement_counts
            where series = 'overall_grade' and snapshot_on = date '2015-05-31' and (la_code = ? or ? is null)
            """,
            code,
            code,
        )
        assert counted == (row[0], row[1] + row[2]), name
    assert hertfordshire.rows(
        """
        select series, judged_n, at_or_above_n from warehouse.int_judgement_counts
        where la_code = '919' and area = 'overall' and snapshot_on = date '2025-08-31'
        """
    ) == [("overall_grade_remaining", 449, 425)]


def test_years_since_an_inspection_run_to_the_day_of_the_newest_list(hertfordshire: Built) -> None:
    """The list ends on 31 August 2025; files of other sources run to August 2026 and tell nothing of inspections."""
    (evidence,) = hertfordshire.rows(
        "select evidence from risk_indicators where urn = '117194' and indicator = 'not_inspected_3_years'"
    )
    assert "2.8 years before 31 August 2025, the day of the newest list" in evidence[0]
    flagged = hertfordshire.one(
        """
        select count(*) from risk_indicators
        where indicator = 'not_inspected_3_years' and state = 'triggered'
        """
    )
    assert flagged == 70  # of 214 that lie more than three years before the newest file of any source
