"""Draft colours and criteria of Hertfordshire: what data alone may say of a school, and what they may not."""

from tests.realdata.conftest import Built


def test_data_alone_make_no_school_red(hertfordshire: Built) -> None:
    """Thirteen schools were red from results alone, nine of them last graded good: now amber, red to be considered."""
    rows = hertfordshire.rows("select urn, draft_rating, consider_red, needs_adviser_to_confirm from rayg_drafts")
    considered = {urn: (rating, confirm) for urn, rating, consider, confirm in rows if consider}
    assert considered["117089"] == ("amber", True)  # 41 per cent at the expected standard, 62 in England
    assert set(considered.values()) == {("amber", True)}
    red = hertfordshire.rows(
        "select urn from rayg_drafts where draft_rating = 'red' and inspection_standing != 'category'"
    )
    assert red == []


def test_attendance_alone_makes_no_school_yellow(hertfordshire: Built) -> None:
    rows = hertfordshire.rows(
        "select draft_rating, open_matter from rayg_drafts"
        " where provision = 'whole_school' and rule = 'attendance_below'"
    )
    assert len(rows) >= 20
    assert {rating for rating, _ in rows} == {"light_green"}
    assert [matter for _, matter in rows if "absence of 2023/24" not in (matter or "")] == []


def test_standards_maintained_at_an_outstanding_school_is_the_highest_standing(hertfordshire: Built) -> None:
    rows = hertfordshire.rows(
        "select inspection_standing from warehouse.int_inspection_standing where provision = 'whole_school'"
        " and ungraded_outcome = 'Standards maintained' and deciding_grade = 1 and years_since_any <= 5"
    )
    assert len(rows) >= 5 and set(rows) == {("strong_recent",)}


def test_data_say_no_more_than_they_can(hertfordshire: Built) -> None:
    said = set(hertfordshire.rows("select criterion, standing from rayg_criteria"))
    assert not {standing for _, standing in said} & {"supported", "contradicted"}
    assert ("r_category", "points_against") not in said
    notes = ("r_safeguarding", "a_safeguarding", "r_unsafe", "r_leadership", "lg_governance", "r_decline")
    assert {standing for criterion, standing in said if criterion in notes} == {"adviser_to_judge"}
    of_dark_green = hertfordshire.rows(
        "select criterion, urn from rayg_criteria inner join rayg_drafts using (urn, provision)"
        " where draft_rating = 'dark_green' and rayg_criteria.colour = 'red' and standing = 'points_to'"
    )
    assert of_dark_green == []


def test_a_grade_of_early_years_and_its_criterion_say_the_same(hertfordshire: Built) -> None:
    rows = hertfordshire.rows(
        "select distinct standing from rayg_criteria inner join rayg_drafts using (urn, provision)"
        " where criterion = 'a_ey_not_good' and inspection_standing = 'below_good'"
    )
    assert rows == [("points_to",)]


def test_no_special_school_is_short_of_what_mainstream_reaches(hertfordshire: Built) -> None:
    rows = hertfordshire.rows(
        "select urn from gap_decomposition inner join schools using (urn)"
        " where school_kind in ('special', 'pru_ap') and pupils_short_of_national is not null"
    )
    assert rows == []


def test_groups_of_the_grid_hold_the_printed_values(hertfordshire: Built) -> None:
    """Read in the LA tables of 2024/25: county and England."""
    rows = hertfordshire.rows(
        "select kpi, value, national_value, strategy_paragraph from japr_kpis where academic_year = '2024/25'"
    )
    found = {kpi: rest for kpi, *rest in rows}
    assert found["eyfs_gld_child_in_need"] == [32.5, 39.6, "15"]
    assert found["phonics_y1_sen_support"] == [55, 52, "15"]
    assert found["persistent_absence_looked_after"] == [18.0, 20.3, "20"]
    assert found["ks4_engmaths_94_child_in_need"] == [13.1, 18.1, "15"]


def test_a_reason_says_why_in_numbers(hertfordshire: Built) -> None:
    ((reason,),) = hertfordshire.rows(
        "select reason from rayg_drafts where urn = '117089' and provision = 'whole_school'"
    )
    assert reason == (
        "Consider red. 41% of 59 pupils met the expected standard in reading, writing and maths in 2024/25"
        " (England 62%, similar schools 62%). Over three years it is 47% of 168 pupils (57, 45, 41; England 61%),"
        " in the lowest fifth of similar schools. Disadvantaged pupils: 19% of 37 over three years (England 46%)."
    )
