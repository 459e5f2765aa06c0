"""Who may read what: audiences, the handling note each page and sheet carries, which figures are of too few pupils to
be shown, and which sentences may be printed or quoted. Every writer of packs and pages asks here; how a page looks is
the writer's own.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from pipelines.seeds import policy, seed

LOCAL_RELEASE = "local_unvalidated"
LOCAL_SOURCE = "local_"  # how the names of the authority's own returns begin
TOO_FEW = "too few to show"
UNVALIDATED = "rests on the authority's own unvalidated results, which are not shown here"
NOT_SHOWN = "rests on what may not be shown here"


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


@cache
def _shares_of_pupils() -> frozenset[str]:
    others = {row["measure"] for row in seed("not_counted_in_pupils")}
    return frozenset(row["measure"] for row in seed("measures") if row["unit"] == "pct") - others


@cache
def _shares_of_sessions() -> frozenset[str]:
    return frozenset(row["measure"] for row in seed("not_counted_in_pupils") if row["counted_in"] == "sessions")


def counted_pupils(measure: str | None, value: float | None, pupils: float | None) -> float | None:
    """The pupils counted in a share of so many, which `is_shown` asks for; None of any other figure or of none.

    A share of sessions counts no pupils, but none or all of them is said of every pupil.
    """
    if value is None or pupils is None:
        return None
    if measure not in _shares_of_pupils() and not (measure in _shares_of_sessions() and value in (0, 100)):
        return None
    return float(round(value * pupils / 100))


def evidence_text(row: Mapping[str, Any], release: str | None, measure: str | None, audience: Audience) -> str:
    """An indicator's evidence, unless it tells of too few pupils or rests on what this audience may not see.

    `row`: evidence, value, cohort_n. `release` of the file that the indicator rests on; `measure` that it asks of.
    """
    if release == LOCAL_RELEASE and audience is not Audience.INTERNAL:
        return f"{UNVALIDATED.capitalize()}."
    pupils = row.get("cohort_n")
    counted = counted_pupils(measure, row.get("value"), pupils)
    return row["evidence"] if is_shown(release, pupils, counted, audience) else f"{TOO_FEW.capitalize()}."


def quotable(text: str, hidden: Collection[str]) -> str:
    """A text that may quote evidence, hidden whole where it quotes a sentence that may not be shown.

    The rest of such a text is hidden too, because what stands around a figure often gives it away. `hidden`: the
    evidence of this school that `evidence_text` does not print.
    """
    return f"{NOT_SHOWN.capitalize()}." if any(sentence in text for sentence in hidden if sentence) else text


@cache
def of_returns() -> frozenset[str]:
    """The measures that the authority's own returns give: the stricter rule holds for a row that names no release."""
    return frozenset(row["measure"] for row in seed("column_map") if row["source"].startswith(LOCAL_SOURCE))
