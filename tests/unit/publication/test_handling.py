"""Which figures a pack or page may print."""

import pytest

from pipelines.publication.handling import HANDLING_NOTES, Audience, is_shown
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
