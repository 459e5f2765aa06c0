"""How figures are written, and that none of too few pupils is."""

from typing import Any

import pytest

from pipelines.publication.views.decomposition import decompositions
from pipelines.publication.views.figures import difference, doubt_in_words, measures, plain, signed, value_text, written
from pipelines.publication.views.handling import TOO_FEW, Audience, evidence_text
from pipelines.publication.views.sources import Sources

INTERNAL, SCHOOL = Audience.INTERNAL, Audience.SCHOOL
PER_CENT = measures()["ks2_rwm_expected_pct"]


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (81.25, "pct", 1, "81.3%"),
        (0.5, "", 0, "1"),
        (2.5, "", 0, "3"),
        (-0.04, "", 1, "0.0"),
        (-12.3, "", 1, "−12.3"),
        (-1234567, "gbp", 0, "−£1,234,567"),
        (None, "pct", 0, "–"),
        (0.0, "pct", 0, "0%"),
    ],
)
def test_numbers_are_written_as_the_marts_sentences_write_them(
    value: float | None, unit: str, decimals: int, text: str
) -> None:
    assert written(value, unit, decimals) == text


def test_a_difference_is_of_the_figures_as_written() -> None:
    assert difference(66.44, 63.46, 1) == "+2.9"  # of 66.4 and 63.5; unrounded it would be 2.98
    assert difference(63.46, 66.44, 1) == "−2.9"
    assert difference(1.0, None, 1) == "–"


def test_differences_carry_their_sign() -> None:
    assert [signed(value, "", 1) for value in (1.5, -1.5, 0.0, 0.04, None)] == ["+1.5", "−1.5", "0.0", "0.0", "–"]
    assert plain(None) == "–"
    assert plain(12.50) == "12.5"


def row(**changes: Any) -> dict[str, Any]:
    made = {"value": 60.0, "cohort_n": 30.0, "status": "reported", "status_reason": None, "release": "final"}
    return made | changes


@pytest.mark.parametrize(
    ("changes", "audience", "text"),
    [
        ({}, INTERNAL, "60%"),
        ({"cohort_n": 5.0}, INTERNAL, TOO_FEW),
        ({"cohort_n": 6.0}, INTERNAL, "60%"),
        ({"cohort_n": 1.0, "value": 0.0}, INTERNAL, TOO_FEW),
        ({"release": "local_unvalidated", "value": 90.0}, INTERNAL, TOO_FEW),  # 3 of 30 did not
        ({"release": "local_unvalidated"}, INTERNAL, "60%"),
        ({"value": None, "status": "suppressed"}, INTERNAL, "suppressed: small numbers"),
        ({"value": None, "status": "not_published", "status_reason": "cancelled"}, INTERNAL, "cancelled"),
        ({"value": None}, INTERNAL, "–"),
    ],
)
def test_a_value_is_shown_or_says_why_not(changes: dict[str, Any], audience: Audience, text: str) -> None:
    assert value_text(row(**changes), PER_CENT, audience) == text


def test_evidence_from_too_few_pupils_is_not_shown() -> None:
    told = {"evidence": "40 per cent of 5 pupils.", "value": 40.0, "cohort_n": 5.0}
    assert evidence_text(told, "final", "ks2_rwm_expected_pct", INTERNAL) == "Too few to show."
    assert evidence_text(told | {"cohort_n": 30.0}, "final", "ks2_rwm_expected_pct", INTERNAL) == told["evidence"]
    assert evidence_text(told | {"cohort_n": None}, None, "", INTERNAL) == told["evidence"]  # of no number of pupils
    local = evidence_text(told | {"cohort_n": 30.0}, "local_unvalidated", "ks2_rwm_expected_pct", SCHOOL)
    assert "unvalidated" in local
    assert "40" not in local


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"cohort_n": 3.0}, TOO_FEW),  # of 1,110 sessions
        ({"cohort_n": 1.0}, TOO_FEW),
        ({"cohort_n": 5.0}, TOO_FEW),
        ({"cohort_n": 6.0}, "5.4%"),  # of so few no share of pupils could be shown: 0 of 6
        ({"cohort_n": 6.0, "value": 0.0}, TOO_FEW),  # said of each of them
        ({"cohort_n": None}, TOO_FEW),
    ],
)
def test_a_share_of_sessions_is_shown_by_its_pupils(changes: dict[str, Any], text: str) -> None:
    told = row(release="local_unvalidated", value=5.4054) | changes
    assert value_text(told, measures()["attendance_ytd_absence_pct"], INTERNAL) == text


def test_the_countys_parts_say_their_doubt() -> None:
    county = {
        "component": "county", "measure": "ks5_alevel_aps", "academic_year": "2024/25", "urn": None,
        "national_disadvantaged_value": None, "within_part": -6.0, "between_part": -2.5, "disadvantaged_n": 40,
        "pupils_short_of_national": None, "doubt": "the parts make -8.5, the printed values -7.0",
    }  # fmt: skip
    (told,) = decompositions([county], {})
    assert told.sentence.endswith("between them. † doubtful: the parts make -8.5, the printed values -7.0.")
    (told,) = decompositions([county | {"doubt": None}], {})
    assert told.sentence.endswith("between them.")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"doubt": "a share outside 0 to 100 per cent"}, "60% †"),
        ({"doubt": None}, "60%"),
        ({"doubt": "a share outside 0 to 100 per cent", "cohort_n": 5.0}, TOO_FEW),
        ({"doubt": "said of no figure", "value": None, "status": "suppressed"}, "suppressed: small numbers"),
    ],
)
def test_a_doubted_figure_is_marked(changes: dict[str, Any], text: str) -> None:
    assert value_text(row(**changes), PER_CENT, INTERNAL) == text


def test_the_words_of_a_doubt_stand_behind_its_mark() -> None:
    assert doubt_in_words({"doubt": "the 2 school rows make 61"}) == "† doubtful: the 2 school rows make 61"
    assert doubt_in_words({"doubt": None}) == doubt_in_words({}) == ""


def test_a_local_return_is_named_by_its_title_alone() -> None:
    held = {
        "file_id": "f",
        "source": "local_ks2",
        "title": "Key stage 2: unvalidated results",
        "file_name": "C users J Smith ks2 final.csv",
        "academic_year": "2024/25",
        "release": "local_unvalidated",
        "published_on": None,
        "published_on_is_assumed": False,
        "publisher": "The local authority",
        "landing_page": None,
        "licence": None,
    }
    sources = Sources({"f": held})
    assert sources.cite({"file_id": "f", "line": 3, "source_column": "rwm"}) == 1
    assert sources.cite({"file_id": "f", "line": 3, "source_column": "rwm"}) == 1
    assert sources.cite({"file_id": "f", "line": None, "source_column": None}) == 2
    assert sources.cite({"file_id": "seed"}) is None
    (file,) = sources.files
    assert file.name == held["title"]
    assert [cell.place for cell in file.cells] == ["line 3, rwm", "the file as a whole"]
