"""A school on one page: what is fine, what could not be seen, what is asked; nothing absent becomes a number."""

from datetime import date
from typing import Any

from pipelines.publication.views.school_list import Scatter, Spot
from pipelines.publication.views.school_sheet import SAFEGUARDING, SchoolSheet, school_sheet

SCHOOL = {
    "urn": "100001",
    "school_name": "A School",
    "sector": "maintained",
    "school_kind": "primary",
    "age_low": 3,
    "age_high": 11,
    "pupils_n": 200,
    "trust_name": None,
    "district": None,
    "constituency": "Watford",
}
DRAFT = {
    "provision": "whole_school",
    "draft_rating": "amber",
    "final_rating": None,
    "moderated_rating": None,
    "moderated_on": None,
    "previous_rating": None,
    "consider_red": True,
    "reason": "Consider red. 41% of 59 pupils.",
    "rule_sentence": "Outcomes are below.",
    "open_matter": None,
    "not_visible": "safeguarding, which only an adviser can judge",
}
LINE = {
    "provision": "whole_school",
    "measure": "ks2_rwm_expected_pct",
    "pupil_group": "all",
    "academic_year": "2024/25",
    "value": 41.0,
    "cohort_n": 59,
    "lower_ci": 29.0,
    "upper_ci": 54.0,
    "national_value": 62.0,
    "word": "clearly_below",
    "is_exception": True,
    "is_worse": True,
    "weight": 2.1,
    "is_history": False,
    "status": "reported",
    "release": "final",
}
YEAR = {
    "measure": "ks2_rwm_expected_pct",
    "pupil_group": "all",
    "academic_year": "2024/25",
    "value": 41.0,
    "cohort_n": 59,
    "lower_ci": 29.0,
    "upper_ci": 54.0,
    "national_value": 62.0,
    "similar_schools_value": 62.2,
    "is_set_against_national": True,
    "status": "reported",
    "release": "final",
}
OFFER = {
    "offering_urn": "100009",
    "offering_school_name": "Strong School",
    "place": 1,
    "measure": "ks2_rwm_expected_pct",
    "measure_title": "Key stage 2",
    "offering_value": 87.0,
    "offering_fsm6_pct": None,
}


def made(**rows: Any) -> SchoolSheet:
    """The sheet of a school with these rows by mart, else none but its draft. `scatters`: the list's pictures."""
    marts = {
        "rayg_drafts": [DRAFT],
        "school_headlines": [],
        "benchmarks": [],
        "support_offer": [],
        "inspections": [],
    } | rows
    return school_sheet(SCHOOL, marts, marts.pop("scatters", []), 19.4)


def test_it_says_the_colour_once_and_asks_to_consider_red_in_the_box() -> None:
    sheet = made()
    assert sheet.box is not None
    assert (sheet.box.colour, sheet.box.is_red_asked, sheet.box.is_agreed) == ("amber", True, False)
    assert sheet.why == "41% of 59 pupils."
    assert sheet.facts.startswith("100001 · maintained primary · 3 to 11 · 200 pupils · 19% with free meals")


def test_a_decision_stands_over_the_draft_and_asks_no_more() -> None:
    agreed = DRAFT | {"moderated_rating": "yellow", "final_rating": "yellow", "moderated_on": date(2025, 11, 3)}
    sheet = made(rayg_drafts=[agreed])
    assert sheet.box is not None
    assert (sheet.box.colour, sheet.box.is_red_asked, sheet.box.stands) == (
        "yellow",
        False,
        "agreed on 3 November 2025",
    )


def test_questions_come_from_what_is_worse_the_weightiest_first() -> None:
    writing = LINE | {"measure": "ks2_writing_expected_pct", "value": 54.0, "national_value": 72.0, "weight": 2.5}
    better = LINE | {"measure": "ks2_gps_expected_pct", "value": 90.0, "word": "clearly_above", "is_worse": False}
    sheet = made(school_headlines=[LINE, writing, better])
    assert [question[:7] for question in sheet.questions] == ["Writing", "Reading", SAFEGUARDING[:7]]
    assert "54%, England 72%" in sheet.questions[0]
    assert sheet.fine == ["Grammar 90% (2024/25): clearly above England (62%)"]


def test_absence_above_england_is_never_called_fine() -> None:
    absence = LINE | {"measure": "absence_persistent_pct", "value": 33.6, "cohort_n": None, "word": "clearly_above"}
    sheet = made(school_headlines=[absence])
    assert sheet.fine == []
    assert sheet.questions[0].startswith("Persistent absence: 33.6%, England 62.0%")


def test_what_is_suppressed_or_of_too_few_pupils_is_named_and_never_a_number() -> None:
    hidden = LINE | {
        "value": None,
        "status": "suppressed",
        "word": "suppressed",
        "is_worse": False,
        "is_exception": False,
    }
    few = LINE | {"measure": "ks2_maths_expected_pct", "cohort_n": 5}
    sheet = made(school_headlines=[hidden, few], benchmarks=[YEAR | {"value": None, "status": "suppressed"}])
    assert (sheet.questions, sheet.subjects, sheet.trends, sheet.fine) == ([SAFEGUARDING], [], [], [])
    assert any("All three" in line for line in sheet.unseen)
    assert any("Maths" in line and "too few pupils" in line for line in sheet.unseen)
    assert sheet.unseen[-1] == "Not seen: safeguarding, which only an adviser can judge"


def test_a_trend_shows_five_years_from_the_first_with_a_figure() -> None:
    years = [YEAR | {"academic_year": f"{year}/{year % 100 + 1:02d}"} for year in (2016, 2022, 2023, 2024)]
    none = YEAR | {"academic_year": "2021/22", "value": None, "status": "suppressed"}
    (trend,) = made(benchmarks=[*years, none]).trends
    assert [(point.year, point.value) for point in trend.points] == [(2022, 41), (2023, 41), (2024, 41)]
    assert trend.says == "Reading, writing and maths: 41% in 2022/23, 41% in 2023/24, 41% in 2024/25."
    (trend,) = made(benchmarks=[years[0], none]).trends
    assert [point.value for point in trend.points] == [41, None]


def test_the_school_is_marked_where_the_list_has_it() -> None:
    own = Spot("100001", "A School", "amber", 19.4, 47.0)
    chart = Scatter("ks2_rwm_expected_pct", "Key stage 2", "pct", 60.0, 100.0, 61.0, [own])
    sheet = made(scatters=[chart])
    assert (sheet.scatter, sheet.own) == (chart, own)
    assert made().scatter is None


def test_a_school_that_could_help_stands_once() -> None:
    sheet = made(
        support_offer=[OFFER, OFFER | {"place": 2, "measure": "ks2_maths_expected_pct"}, {"offering_urn": None}]
    )
    assert [(one.name, one.value, one.fsm) for one in sheet.helpers] == [("Strong School", "87%", "–")]


def test_why_nobody_could_help_is_said() -> None:
    fine = LINE | {"word": "about_the_same", "is_worse": False, "is_exception": False}
    assert made(school_headlines=[LINE]).no_helper == "No strong school was found that is alike enough."
    assert made(school_headlines=[fine]).no_helper == "Nothing here is clearly worse than in England."
    not_compared = fine | {"national_value": None, "word": "not_compared"}
    for lines in ([not_compared], []):
        assert made(school_headlines=lines).no_helper.startswith("No result here is set against England’s")


def test_a_sector_that_names_the_kind_says_it_once() -> None:
    special = SCHOOL | {"sector": "non_maintained_special", "school_kind": "special", "trust_name": "A School"}
    marts = {key: [] for key in ("rayg_drafts", "school_headlines", "benchmarks", "support_offer", "inspections")}
    facts = school_sheet(special, marts, [], None).facts
    assert facts.startswith("100001 · non-maintained special · 3 to 11")
    assert "A School" not in facts
