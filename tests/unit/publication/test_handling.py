"""Which figures a pack or page may print."""

import re

import pytest

from pipelines.publication.views.handling import (
    HANDLING_NOTES,
    Audience,
    counted_pupils,
    evidence_text,
    is_shown,
    of_returns,
    quotable,
)
from pipelines.seeds import policy, seed

INTERNAL, SCHOOL = Audience.INTERNAL, Audience.SCHOOL


@pytest.mark.parametrize(
    ("release", "denominator", "numerator", "audience", "shown"),
    [
        ("final", 5, None, INTERNAL, False),
        ("final", 6, None, INTERNAL, True),
        ("final", 6, 1, SCHOOL, True),
        ("final", None, None, INTERNAL, True),
        ("local_unvalidated", 30, 24, INTERNAL, True),
        ("local_unvalidated", 30, 25, INTERNAL, False),
        ("local_unvalidated", 30, 5, INTERNAL, False),
        ("local_unvalidated", 30, None, INTERNAL, True),
        ("local_unvalidated", None, None, INTERNAL, False),
        ("local_unvalidated", 30, 15, SCHOOL, False),
    ],
)
def test_figures_of_few_pupils_are_not_shown(
    release: str, denominator: float | None, numerator: float | None, audience: Audience, shown: bool
) -> None:
    assert is_shown(release, denominator, numerator, audience) is shown


def test_every_audience_has_a_note() -> None:
    assert set(HANDLING_NOTES) == set(Audience)


def test_an_unknown_number_of_policy_is_an_error() -> None:
    with pytest.raises(KeyError):
        policy("no_such_parameter")


@pytest.mark.parametrize(
    ("measure", "value", "pupils", "counted"),
    [
        ("ks2_rwm_expected_pct", 83.33, 30, 25),
        ("ks2_rwm_expected_pct", 0.0, 30, 0),
        ("ks2_rwm_expected_pct", 100.0, 1, 1),
        ("ks2_rwm_expected_pct", None, 30, None),
        ("ks2_rwm_expected_pct", 50.0, None, None),
        ("ks4_attainment8", 50.0, 30, None),
        (None, 50.0, 30, None),
        ("attendance_ytd_absence_pct", 5.0, 30, None),  # of sessions: how many pupils missed some is not known
        ("attendance_ytd_absence_pct", 0.0, 30, 0),  # but none missed one
        ("attendance_ytd_absence_pct", 100.0, 1, 1),
    ],
)
def test_the_pupils_counted_are_known_of_a_share_of_pupils(
    measure: str | None, value: float | None, pupils: float | None, counted: float | None
) -> None:
    assert counted_pupils(measure, value, pupils) == counted


def test_no_denominator_of_a_school_counts_anything_but_pupils() -> None:
    """The rule of five is asked of the denominator: 3 pupils have hundreds of sessions and a dozen of entries."""
    columns = ("denominator_column", "share_of_column", "denominator_part_column", "denominator_other_part_column")
    named = {row[column] for row in seed("column_map") for column in columns}
    named |= {row["pupils_column"] for row in seed("percentages")}
    others = re.compile(r"SESSION|ENTRIES|DAYS|TEACHER|STAFF|FTE|INCOME|EXPEND")
    assert {name for name in named if others.search(name)} == set()


def test_what_is_counted_in_sessions_or_entries_is_listed() -> None:
    listed = {row["measure"]: row["counted_in"] for row in seed("not_counted_in_pupils")}
    measures = {row["measure"] for row in seed("measures")}
    per_entry = {name for name in measures if re.fullmatch(r"ks5_\w+_(aps|value_added)", name) and "best3" not in name}
    of_sessions = {name for name in measures if re.fullmatch(r"(absence|attendance)_\w+", name)} - {
        name for name in measures if name.endswith(("persistent_pct", "severe_pct"))
    }
    assert {name for name, counted in listed.items() if counted == "entries"} == per_entry
    assert {name for name, counted in listed.items() if counted == "sessions"} == of_sessions


def test_every_measure_of_a_return_has_its_pupils_or_is_hidden() -> None:
    returned = [row for row in seed("column_map") if row["source"].startswith("local_")]
    counts = {row["measure"] for row in seed("measures") if row["unit"] == "count"}
    assert [
        row["column_name"] for row in returned if not row["denominator_column"] and row["measure"] not in counts
    ] == []


def test_measures_of_returns_are_those_that_a_local_source_gives() -> None:
    assert {"ks2_rwm_expected_pct", "attendance_ytd_persistent_pct"} <= of_returns()
    assert "ks4_progress8" not in of_returns()  # published alone


def test_a_text_that_quotes_a_hidden_sentence_is_hidden_whole() -> None:
    hidden = ["40 per cent of 5 pupils.", ""]
    quoting = "Below national: attainment. 40 per cent of 5 pupils. Looked for and not found: progress."
    assert quotable(quoting, hidden) == "Rests on what may not be shown here."
    for text in ("Looked for and not found: progress.", "40 per cent of 50 pupils.", ""):
        assert quotable(text, hidden) == text


def test_a_reason_for_an_absence_of_few_pupils_is_not_shown_either() -> None:
    suppressed = {"evidence": "Not visible: suppressed.", "value": None, "cohort_n": 4.0}
    assert evidence_text(suppressed, "final", "ks2_rwm_expected_pct", INTERNAL) == "Too few to show."
    assert evidence_text(suppressed | {"cohort_n": None}, None, None, INTERNAL) == "Not visible: suppressed."
