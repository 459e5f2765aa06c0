"""How a value is written, and whether it may be: units, decimals, dates, and figures of too few pupils.

What may be shown is decided in `handling`; the words of an absence stand in `words`. No pages here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from pipelines.publication.views.handling import TOO_FEW, Audience, counted_pupils, is_shown
from pipelines.publication.views.words import ABSENCES, NOTHING, verdict_words, words
from pipelines.seeds import seed

Row = Mapping[str, Any]

SUFFIXES = {"pct": "%"}
PREFIXES = {"gbp": "£", "gbp_million": "£"}
DOUBTED = "†"  # behind a figure that the marts doubt; the words stand beside it


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
def group_titles() -> dict[str, str]:
    """The words of each pupil group that is set against another."""
    pairs = seed("group_pairs")
    comparators = {row["comparator_group"]: row["comparator_title"] for row in pairs}
    return comparators | {row["pupil_group"]: row["title"] for row in pairs} | {"all": "all pupils"}


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


def verdicts_in_words(detail: str) -> str:
    """The verdicts that a draft's outcomes were read from, as `rayg_drafts` codes them: measure, group and verdict."""
    return "; ".join(_one_verdict(*part.split(" ", 2)) for part in detail.split("; "))


def _one_verdict(measure: str, group: str = "all", verdict: str = "") -> str:
    title = measures()[measure].title if measure in measures() else words(measure)
    of_group = "" if group == "all" else f", {group_titles().get(group, words(group))}"
    return f"{title}{of_group}: {verdict_words(verdict)}"


def may_show(row: Row, measure: Measure, audience: Audience) -> bool:
    """Whether a row's value is of enough pupils for this audience. The pupils counted are known from a percentage."""
    pupils = row.get("cohort_n")
    counted = counted_pupils(measure.name, row.get("value"), pupils)
    return is_shown(row.get("release"), pupils, counted, audience)


def shown(row: Row, measure: Measure, audience: Audience) -> float | None:
    """A row's value where there is one and it may be shown, else None."""
    is_there = row.get("value") is not None and row.get("status", "reported") == "reported"
    return row["value"] if is_there and may_show(row, measure, audience) else None


def doubted(text: str, row: Row) -> str:
    """A printed figure with the mark of a doubt, where the marts doubt it; `doubt_in_words` says which."""
    return f"{text} {DOUBTED}" if row.get("doubt") else text


def doubt_in_words(row: Row) -> str:
    """What speaks against a row's figure, behind its mark; nothing where nothing does."""
    return f"{DOUBTED} doubtful: {row['doubt']}" if row.get("doubt") else ""


def value_text(row: Row, measure: Measure, audience: Audience) -> str:
    """A row's value as a page prints it: the number, that the pupils are too few, or why there is none."""
    if row.get("status", "reported") != "reported":
        return row.get("status_reason") or ABSENCES.get(row["status"], words(row["status"]))
    value = shown(row, measure, audience)
    if value is None:
        return NOTHING if row.get("value") is None else TOO_FEW
    return doubted(written(value, measure.unit, measure.decimals), row)
