"""The screen's chance of a school as a sentence, wherever it is told. What a chance is: the seed `screen_chances`."""

from collections.abc import Mapping
from typing import Any

from pipelines.seeds import policy

NOT_GIVEN = "not given: no past schools like it were followed, or too little of it could be seen"


def chance_in_words(screen: Mapping[str, Any]) -> str:
    """`screen`: a row of `risk_screen`. An older build has no chance to tell."""
    said = screen.get("probability")
    if said is None:
        return NOT_GIVEN
    lower, upper = screen["probability_lower"], screen["probability_upper"]
    return (
        f"of 100 such schools {said:.1f} were judged below good within {policy('chance_months'):.0f} months"
        f" ({lower:.1f} to {upper:.1f}), as inspections then were"
    )
