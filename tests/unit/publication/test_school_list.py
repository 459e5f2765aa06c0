"""The list of schools: its order, who stands apart, the one result in words, and that no absence becomes a number."""

from typing import Any

from pipelines.publication.views.school_list import SchoolList, school_list

SCREEN = {
    "urn": "100001",
    "school_name": "A School",
    "sector": "maintained",
    "school_kind": "primary",
    "trust_name": None,
    "years_since_inspection": 3.2,
    "points": 10,
}
DRAFT = {
    "urn": "100001",
    "provision": "whole_school",
    "draft_rating": "yellow",
    "final_rating": None,
    "moderated_rating": None,
    "consider_red": False,
    "open_matter": None,
}
RESULT = {
    "measure": "ks2_rwm_expected_pct",
    "academic_year": "2024/25",
    "value": 41.0,
    "cohort_n": 59,
    "national_value": 62.0,
    "is_set_against_national": True,
    "pooled_3y_value": 47.02,
    "pooled_3y_n": 168,
    "pooled_3y_national_value": 61.05,
    "pooled_years": "2022/23, 2023/24, 2024/25",
    "pooled_years_n": 3,
    "status": "reported",
    "release": "final",
}
SCHOOL = {"constituency": "Watford", "trust_id": None}


def made(
    drafts: list[dict[str, Any]], result: dict[str, Any] | None = None, points: tuple[int | None, ...] = (10,)
) -> SchoolList:
    """A list of one school for each draft, all with the same result."""
    urns = [draft["urn"] for draft in drafts]
    screen = [SCREEN | {"urn": urn, "points": points[at % len(points)]} for at, urn in enumerate(urns)]
    results = {urn: [result] for urn in urns if result}
    return school_list(screen, drafts, dict.fromkeys(urns, SCHOOL), results, dict.fromkeys(urns, 19.0), frozenset())


def urns(page: SchoolList) -> list[str]:
    at = [column["key"] for column in page.data["columns"]].index("urn")
    return [row[at] for row in page.data["rows"]]


def test_consider_red_stands_first_then_the_colour_then_the_points() -> None:
    drafts = [
        DRAFT | {"urn": "1", "draft_rating": "dark_green"},
        DRAFT | {"urn": "2", "draft_rating": "yellow"},
        DRAFT | {"urn": "3", "draft_rating": "yellow"},
        DRAFT | {"urn": "4", "draft_rating": "amber", "consider_red": True},
        DRAFT | {"urn": "5", "draft_rating": "red"},
        DRAFT | {"urn": "6", "draft_rating": "yellow"},
    ]
    assert urns(made(drafts, points=(9, 3, 8, 1, 2, None))) == ["4", "5", "3", "2", "6", "1"]


def test_a_school_without_enough_data_stands_apart_unless_a_matter_is_open() -> None:
    bare = DRAFT | {"urn": "1", "draft_rating": "insufficient_evidence"}
    lifted = bare | {"urn": "2", "open_matter": "A fall."}
    page = made([bare, lifted])
    assert (page.apart_n, [line["urn"] for line in page.first]) == (1, ["2"])
    assert page.counts == [("insufficient evidence", 1)]


def test_the_result_is_of_three_years_in_numbers_beside_england() -> None:
    (line,) = made([DRAFT], RESULT).first
    assert (line["why"], line["result"]) == ("RWM 47% v 61% (2022–25)", 47.0)
    (line,) = made([DRAFT], RESULT | {"pooled_years_n": 1}).first
    assert line["why"] == "RWM 41% v 62% (2024/25)"


def test_a_result_not_set_against_england_stands_alone() -> None:
    page = made([DRAFT], RESULT | {"is_set_against_national": False})
    assert page.first[0]["why"] == "RWM 47% (2022–25)"
    assert page.scatters[0].england is None


def test_a_result_of_too_few_pupils_or_none_is_no_number() -> None:
    few = RESULT | {"pooled_3y_n": 5, "pooled_years_n": 2}
    none = RESULT | {"value": None, "pooled_3y_value": None, "status": "suppressed"}
    for result in (few, none, None):
        page = made([DRAFT], result)
        assert (page.first[0]["why"], page.first[0]["result"], page.scatters) == ("", None, [])


def test_decisions_are_told_apart() -> None:
    drafts = [
        DRAFT | {"urn": "1"},
        DRAFT | {"urn": "2", "moderated_rating": "yellow", "final_rating": "yellow"},
        DRAFT | {"urn": "3", "moderated_rating": "amber", "final_rating": "amber"},
    ]
    assert {line["urn"]: line["state"] for line in made(drafts).first} == {
        "1": "to confirm",
        "2": "agreed",
        "3": "changed",
    }


def test_areas_with_most_to_look_at_come_first() -> None:
    drafts = [DRAFT | {"urn": "1"}, DRAFT | {"urn": "2", "draft_rating": "amber"}]
    (bar,) = made(drafts).areas
    assert (bar.area, bar.schools_n, bar.counts) == ("Watford", 2, [("amber", 1), ("yellow", 1)])
