"""Who may read what: audiences, the handling note each page and sheet carries, and which figures are of too few
pupils to be shown. Every writer of packs and pages asks here; how a page looks is the writer's own.
"""

from enum import StrEnum
from functools import cache

from pipelines.seeds import policy, seed

TOO_FEW = "too few to show"
LOCAL_RELEASE = "local_unvalidated"


class Audience(StrEnum):
    """`internal`: the authority and its partner. `school`: one school's own pages and no other school's rating."""

    INTERNAL = "internal"
    SCHOOL = "school"


HANDLING_NOTES = {
    Audience.INTERNAL: "Internal to the authority and its improvement partner. Draft ratings are proposals: people "
    "decide. Do not pass on.",
    Audience.SCHOOL: "For this school alone. Draft ratings are proposals: people decide. Do not pass on.",
}


def is_shown(release: str | None, denominator: float | None, numerator: float | None, audience: Audience) -> bool:
    """Whether a figure may be printed in a pack or page (methods, section 1).

    A figure of a known number of pupils is shown where they are more than five; one whose publisher prints no number
    is shown, since the publisher has already hidden what is too small. In the authority's own returns, which are for
    the internal audience alone, a number of pupils must be known, and the pupils counted and those left over are held
    to the same least.
    """
    least = policy("shown_above_n")
    if release != LOCAL_RELEASE:
        return denominator is None or denominator > least
    if audience is not Audience.INTERNAL or denominator is None:
        return False
    counts = [denominator] if numerator is None else [denominator, numerator, denominator - numerator]
    return all(count > least for count in counts)


def counted_pupils(unit: str | None, value: float | None, pupils: float | None) -> float | None:
    """The pupils counted in a percentage of so many, which `is_shown` asks for; None of any other figure or of none."""
    if unit != "pct" or value is None or pupils is None:
        return None
    return float(round(value * pupils / 100))


@cache
def of_returns() -> frozenset[str]:
    """The measures that the authority's own returns give: of a row without its release, the stricter rule holds."""
    return frozenset(row["measure"] for row in seed("column_map") if row["source"].startswith("local_"))
