"""Hertfordshire's schools: who they are, how they stand with the inspectorate, and that none is lost on the way."""

from collections import Counter

import pytest

from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData, Row

IS_CURRENT = "DOES THE LATEST GRADED INSPECTION RELATE TO THE URN OF THE CURRENT SCHOOL?"
KINDS_WITHOUT_OUTCOMES = {"infant": 34, "first": 15, "nursery": 14, "special": 27, "pru_ap": 8}
STATE_FUNDED_CLOSED_SINCE_SEPTEMBER_2024 = {
    "117302": "150844",  # Andrews Lane -> Oakview
    "117352": "151215",  # Ashtree
    "117145": "152410",  # Colney Heath
    "117290": "151528",  # Holywell -> Willow Tree
    "117297": "150620",  # Mill Mead
    "137224": "152099",  # Mount Grace -> Gracewood
    "117496": "151984",  # Pope Paul
    "117498": "151370",  # Saint Vincent de Paul
    "117491": "151983",  # St Alban & St Stephen
    "117478": "151499",  # St Dominic
    "117492": "151596",  # St Paul's
    "117481": "151497",  # The Holy Family
}


@pytest.fixture(scope="module")
def inspected(real: RealData) -> dict[str, Row]:
    return {row["URN"]: row for row in real.inspections() if row["LOCAL AUTHORITY"] == "Hertfordshire"}


def test_the_register_holds_every_school_of_the_two_files(
    real: RealData, hertfordshire: Built, inspected: dict[str, Row]
) -> None:
    listed = {row["URN"]: row for row in real.table("2024-2025", "919_school_information.csv")}
    schools = {
        urn: (name, laestab, sector, low, high, status)
        for urn, name, laestab, sector, low, high, status in hertfordshire.rows(
            "select urn, school_name, laestab, sector, age_low, age_high, status from schools where la_code = '919'"
        )
    }
    assert len(inspected) == 532
    assert inspected.keys() | listed.keys() <= schools.keys()
    for urn, row in listed.items():
        name, laestab, sector, low, high, _ = schools[urn]
        assert (name, laestab, str(low), str(high)) == (row["SCHNAME"], row["LAESTAB"], row["AGELOW"], row["AGEHIGH"])
        group = row["MINORGROUP"].lower()
        if "academ" in group or "free school" in group:
            assert sector == "academy", (urn, row["MINORGROUP"])
        elif "independent" in group:
            assert sector == "independent", (urn, row["MINORGROUP"])
        elif "maintained" in group and "non" not in group:
            assert sector == "maintained", (urn, row["MINORGROUP"])
    for urn in inspected.keys() - listed.keys():
        assert schools[urn][0] == inspected[urn]["SCHOOL NAME"]


def test_kinds_of_school(hertfordshire: Built) -> None:
    kinds = dict(
        hertfordshire.rows(
            """
            select school_kind, count(*) from schools
            where la_code = '919' and is_state_funded and status = 'open' group by all
            """
        )
    )
    assert KINDS_WITHOUT_OUTCOMES.items() <= kinds.items()
    assert sum(kinds.values()) == 532


def test_every_open_state_funded_school_is_in_every_school_level_mart(hertfordshire: Built) -> None:
    register = [
        urn
        for (urn,) in hertfordshire.rows(
            "select urn from schools where la_code = '919' and is_state_funded and status = 'open' order by urn"
        )
    ]
    for mart in ("risk_screen", "desktop_exercise"):
        assert [urn for (urn,) in hertfordshire.rows(f"select urn from {mart} order by urn")] == register
    whole = hertfordshire.rows("select urn from rayg_drafts where provision = 'whole_school' order by urn")
    assert [urn for (urn,) in whole] == register
    assert hertfordshire.rows("select urn, provision from rayg_drafts group by all having count(*) > 1") == []
    for provision, flag in (("early_years", "has_early_years"), ("post_16", "has_sixth_form")):
        rated = {urn for (urn,) in hertfordshire.rows("select urn from rayg_drafts where provision = ?", provision)}
        shown = {
            urn
            for (urn,) in hertfordshire.rows(
                f"""
                select urn from schools
                where la_code = '919' and is_state_funded and status = 'open' and {flag}
                    -- a nursery school's one row is the whole school's
                    and case ? when 'early_years' then school_kind != 'nursery'
                        else school_kind in ('secondary', 'upper', 'all_through', 'utc_studio') end
                """,
                provision,
            )
        }
        assert rated == shown
    states = hertfordshire.rows("select urn from risk_indicators where state is null or evidence is null limit 1")
    assert states == []
    unscreened = hertfordshire.rows(
        "select urn from risk_screen where (band = 'cannot_be_screened') != (unscreened_reason is not null)"
    )
    assert unscreened == []


def test_closed_schools_live_on_under_their_successor(real: RealData, hertfordshire: Built) -> None:
    """Twelve conversions since September 2024: closed, in the successor's lineage, results shown there and marked."""
    listed = {row["URN"]: row for row in real.table("2024-2025", "919_school_information.csv")}
    closed = {urn for urn, row in listed.items() if row["CLOSEDATE"] and row["MINORGROUP"] != "Independent school"}
    assert closed == STATE_FUNDED_CLOSED_SINCE_SEPTEMBER_2024.keys()
    for old, new in STATE_FUNDED_CLOSED_SINCE_SEPTEMBER_2024.items():
        statuses = dict(hertfordshire.rows("select urn, status from schools where urn in (?, ?)", old, new))
        assert statuses == {old: "closed", new: "open"}
        assert hertfordshire.rows(
            "select is_amalgamation from school_lineage where urn = ? and ancestor_urn = ? and generation = 1", new, old
        ) == [(False,)]
        moved = hertfordshire.rows(
            "select distinct urn, is_predecessor from observations where entity_type = 'school' and entity_code = ?",
            old,
        )
        assert moved == [(new, True)]


def test_an_amalgamation_takes_no_results_with_it(hertfordshire: Built) -> None:
    """St Alban & St Stephen's infants joined its juniors in 2020: its figures are not the merged school's."""
    assert hertfordshire.rows(
        "select distinct ancestor_urn, is_amalgamation from school_lineage where urn = '151983' order by all"
    ) == [("117450", True), ("117491", False)]
    owners = hertfordshire.rows("select distinct urn from observations where entity_code = '117450'")
    assert owners in ([], [("117450",)])
    # Oakleaf opened in September 2024 from two academies: it starts without their history
    before = hertfordshire.rows(
        "select count(*) from observations where urn = '151385' and status = 'reported' and academic_year < '2024/25'"
    )
    assert before == [(0,)]


def test_grades_are_those_of_the_file(hertfordshire: Built, inspected: dict[str, Row]) -> None:
    printed = Counter(row["OVERALL EFFECTIVENESS"] for row in inspected.values())
    assert printed == {"1": 72, "2": 353, "3": 21, "4": 3, "Not judged": 79, "": 4}
    made = {
        urn: (grade, is_predecessor, urn_inspected)
        for urn, grade, is_predecessor, urn_inspected in hertfordshire.rows(
            """
            select inspections.urn, overall_grade, is_predecessor, urn_inspected
            from inspections
            inner join schools using (urn)
            where schools.la_code = '919' and schools.is_in_inspection_file and event_kind = 'graded'
            qualify row_number() over (partition by inspections.urn order by inspected_on desc) = 1
            """
        )
    }
    # a school that the file prints no inspection of may still have a predecessor's from an older file
    for urn in [urn for urn in made if not inspected[urn]["INSPECTION START DATE"]]:
        assert made.pop(urn)[1], urn
    assert len(made) == 528
    for urn, (grade, is_predecessor, urn_inspected) in made.items():
        row = inspected[urn]
        expected = int(row["OVERALL EFFECTIVENESS"]) if row["OVERALL EFFECTIVENESS"] in "1234" else None
        assert grade == expected, urn
        assert is_predecessor == (row[IS_CURRENT] == "No"), urn
        assert urn_inspected == row["URN AT TIME OF LATEST GRADED INSPECTION"], urn
    of_predecessors = Counter(grade for grade, is_predecessor, _ in made.values() if is_predecessor)
    assert of_predecessors == {1: 3, 2: 35, 3: 5, 4: 3}


def test_a_predecessors_category_is_context_and_never_red(hertfordshire: Built, inspected: dict[str, Row]) -> None:
    in_category = {urn: row for urn, row in inspected.items() if row["CATEGORY OF CONCERN"] not in ("", "NULL")}
    assert sorted(in_category) == ["149330", "149333", "150656"]
    assert {row[IS_CURRENT] for row in in_category.values()} == {"No"}
    for urn in in_category:
        (kept,) = hertfordshire.rows(
            """
            select is_predecessor, category_of_concern from inspections
            where urn = ? and category_of_concern is not null
            """,
            urn,
        )
        assert kept == (True, in_category[urn]["CATEGORY OF CONCERN"])
        for standing, rule in hertfordshire.rows(
            "select inspection_standing, rule from rayg_drafts where urn = ?", urn
        ):
            assert standing == "not_yet_inspected"
            assert "category" not in rule
        assert hertfordshire.one(
            "select state from risk_indicators where urn = ? and indicator = 'category_of_concern'", urn
        ) in ("no_data", "not_applicable")
    # none of the county's schools is in a category under its own number
    assert hertfordshire.rows("select urn from rayg_drafts where inspection_standing = 'category'") == []


def was_visited(row: Row) -> bool:
    """Whether an ungraded visit of the present school says how it stands."""
    own = row["DOES THE UNGRADED INSPECTION RELATE TO THE URN OF THE CURRENT SCHOOL?"] == "Yes"
    return own and row["UNGRADED INSPECTION OVERALL OUTCOME"] not in ("", "NULL")


def test_a_school_stands_on_its_own_inspections_only(hertfordshire: Built, inspected: dict[str, Row]) -> None:
    standing = dict(
        hertfordshire.rows("select urn, inspection_standing from rayg_drafts where provision = 'whole_school'")
    )
    for urn, value in standing.items():
        row = inspected.get(urn)
        has_own = row is not None and row[IS_CURRENT] == "Yes"
        has_visit = row is not None and was_visited(row)
        assert (value == "not_yet_inspected") == (not has_own and not has_visit), urn
        if not has_own:
            assert value not in ("category", "below_good"), urn
        if has_own and row is not None and row["OVERALL EFFECTIVENESS"] == "3":
            assert value == "below_good", urn


def test_no_rank_without_the_country(hertfordshire: Built) -> None:
    """No England file of schools of 2024/25 is held: the ranks say so, and no LA is ranked from its own file."""
    schools = hertfordshire.rows(
        """
        select percentile_rank, quintile, percentile_note, count(*) from benchmarks
        where entity_type = 'school' and la_code = '919' and academic_year = '2024/25' and status = 'reported'
        group by all
        """
    )
    assert [row[:3] for row in schools] == [(None, None, "no_data: national distribution not held")]
    assert schools[0][3] > 20000
    from_own_files = hertfordshire.rows(
        """
        select * from benchmarks inner join held_files using (file_id)
        where
            entity_type = 'la' and entity_code = '919' and benchmarks.academic_year = '2024/25'
            and la_rank is not null and scope = 'la'
        """
    )
    assert from_own_files == []
    # where England's schools are held, the rank is there
    ranked = hertfordshire.one(
        """
        select count(*) from benchmarks
        where entity_type = 'school' and la_code = '919' and percentile_rank is not null
            and measure = 'ks5_alevel_aps' and academic_year = '2022/23'
        """
    )
    assert ranked > 50
    las = hertfordshire.rows(
        """
        select basis, la_count from benchmarks
        where entity_type = 'la' and entity_code = '919' and measure = 'ks5_alevel_aps' and pupil_group = 'all'
            and academic_year = '2022/23'
        """
    )
    assert {basis for basis, _ in las} == {"state_funded", "la_tables"}
    assert min(n for _, n in las) > 145
