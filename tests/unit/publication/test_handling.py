"""Which figures a pack or page may print."""

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
from pipelines.seeds import policy

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
    ("unit", "value", "pupils", "counted"),
    [
        ("pct", 83.33, 30, 25),
        ("pct", 0.0, 30, 0),
        ("pct", 100.0, 1, 1),
        ("pct", None, 30, None),
        ("pct", 50.0, None, None),
        ("score", 50.0, 30, None),
        (None, 50.0, 30, None),
    ],
)
def test_the_pupils_counted_are_known_of_a_percentage(
    unit: str | None, value: float | None, pupils: float | None, counted: float | None
) -> None:
    assert counted_pupils(unit, value, pupils) == counted


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
    assert evidence_text(suppressed, "final", "pct", INTERNAL) == "Too few to show."
    assert evidence_text(suppressed | {"cohort_n": None}, None, None, INTERNAL) == "Not visible: suppressed."
