"""The screen's chance of a school as a sentence, wherever it stands. What a chance is: the seed `screen_chances`."""

from collections.abc import Mapping
from typing import Any

from pipelines.seeds import seed

NOT_GIVEN = (
    "not given: chances are for schools good or outstanding under their own number, of a phase with comparable results,"
    " of which enough could be seen"
)


def chance_in_words(screen: Mapping[str, Any]) -> str:
    """`screen`: a row of `risk_screen`. An older build has no chance to tell."""
    said = screen.get("probability")
    if said is None:
        return NOT_GIVEN
    lower, upper = screen["probability_lower"], screen["probability_upper"]
    read_from = seed("screen_chances")[0]["fitted_data"]
    return (
        f"of 100 such schools {said:.1f} were judged below good ({lower:.1f} to {upper:.1f}, sampling error alone;"
        f" {read_from}); inspections are others now"
    )
