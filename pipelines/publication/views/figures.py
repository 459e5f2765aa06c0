"""How a value is written, and whether it may be: units, decimals, absences in words, and figures of too few pupils.

The rule of what is shown is `handling`'s; the words of an absence and a measure's unit are seeds'. No pages here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from pipelines.publication.views.handling import LOCAL_RELEASE, TOO_FEW, Audience, counted_pupils, is_shown
from pipelines.seeds import seed

Row = Mapping[str, Any]

NOTHING = "–"
UNVALIDATED = "rests on the authority's own unvalidated results, which are not shown here"
NOT_SHOWN = "rests on what may not be shown here"
UNITS = {
    "pct": "per cent",
    "points": "percentage points or points",
    "score": "score",
    "count": "number",
    "gbp": "pounds",
    "gbp_million": "million pounds",
    "code": "code",
}
SUFFIXES = {"pct": "%"}
PREFIXES = {"gbp": "£", "gbp_million": "£"}


@dataclass(frozen=True)
class Measure:
    """A measure as the seed describes it: what a page needs to write its values."""

    name: str
    title: str
    unit: str
    decimals: int
    domain: str
    key_stage: str
    is_headline: bool
    polarity: int  # 1: more is better, -1: less is better, 0: neither


@cache
def measures() -> dict[str, Measure]:
    """Every measure of the seed, in its order."""
    return {
        row["measure"]: Measure(
            row["measure"],
            row["title"],
            row["unit"],
            int(row["decimals"]),
            row["domain"],
            row["key_stage"],
            row["is_headline"] == "true",
            int(row["polarity"] or 0),
        )
        for row in seed("measures")
    }


@cache
def absences() -> dict[str, str]:
    """The plain words of each status that is not a value."""
    return {row["status"]: row["plain_words"] for row in seed("absence_states")}


def words(code: object) -> str:
    """A code as words: `light_green` -> `light green`; nothing as a dash."""
    return NOTHING if code is None or code == "" else str(code).replace("_", " ")


def day(value: date | None) -> str:
    """A date as people write it, or a dash."""
    return NOTHING if value is None else f"{value.day} {value:%B %Y}"


def plain(value: float | None) -> str:
    """A number without trailing zeros, or a dash."""
    return NOTHING if value is None else f"{value:.10g}"


def written(value: float | None, unit: str = "", decimals: int = 0) -> str:
    """A number with its unit, a true minus and thousands; a dash for an absence."""
    if value is None:
        return NOTHING
    text = f"{abs(_rounded(value, decimals)):,.{decimals}f}"
    sign = "−" if value < 0 and text.strip("0.,") else ""
    return f"{sign}{PREFIXES.get(unit, '')}{text}{SUFFIXES.get(unit, '')}"


def _rounded(value: float, decimals: int) -> Decimal:
    # halves away from zero, as the marts' own sentences round
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def difference(value: float | None, other: float | None, decimals: int) -> str:
    """How far a value is above another, as `printed_difference` says; a dash where there is none."""
    return signed(printed_difference(value, other, decimals), "", decimals)


def printed_difference(value: float | None, other: float | None, decimals: int) -> float | None:
    """How far a value is above another, of the two as they are written beside it: a reader can subtract them."""
    if value is None or other is None:
        return None
    return float(_rounded(value, decimals) - _rounded(other, decimals))


def signed(value: float | None, unit: str = "", decimals: int = 0) -> str:
    """A difference: as `written`, with a plus where it is one."""
    text = written(value, unit, decimals)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,£%") else text


def may_show(row: Row, measure: Measure, audience: Audience) -> bool:
    """Whether a row's value is of enough pupils for this audience. The pupils counted are known from a percentage."""
    pupils = row.get("cohort_n")
    counted = counted_pupils(measure.unit, row.get("value"), pupils)
    return is_shown(row.get("release"), pupils, counted, audience)


def shown(row: Row, measure: Measure, audience: Audience) -> float | None:
    """A row's value where there is one and it may be shown, else None."""
    is_there = row.get("value") is not None and row.get("status", "reported") == "reported"
    return row["value"] if is_there and may_show(row, measure, audience) else None


def value_text(row: Row, measure: Measure, audience: Audience) -> str:
    """A row's value as a page prints it: the number, that the pupils are too few, or why there is none."""
    if row.get("status", "reported") != "reported":
        return row.get("status_reason") or absences().get(row["status"], words(row["status"]))
    value = shown(row, measure, audience)
    if value is None:
        return NOTHING if row.get("value") is None else TOO_FEW
    return written(value, measure.unit, measure.decimals)


def evidence_text(row: Row, release: str | None, unit: str, audience: Audience) -> str:
    """An indicator's evidence, unless it tells of too few pupils or rests on what this audience may not see.

    `row`: evidence, value, cohort_n. `release` of the file that the indicator rests on; `unit` of its measure.
    """
    if release == LOCAL_RELEASE and audience is not Audience.INTERNAL:
        return f"{UNVALIDATED.capitalize()}."
    pupils = row.get("cohort_n")
    counted = counted_pupils(unit, row.get("value"), pupils)
    return row["evidence"] if is_shown(release, pupils, counted, audience) else f"{TOO_FEW.capitalize()}."
