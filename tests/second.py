"""A second calculation of value, interval, verdict and one axis, from the rows that a publisher printed.

What belongs here: the formulas of methods section 1, written again in plain Python, and which column of a performance
table holds what. What does not: any code, model or seed of the product.
"""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEAST_PUPILS = 11  # inspection data summary: fewer are not judged
MORE_THAN_PUPILS = 2
Z = 1.96
MAINSTREAM = ("primary", "junior", "secondary", "all_through")  # kinds that are set against all of England
SCHOOL, KS2_STATE_FUNDED, KS4_STATE_FUNDED = "1", "5", "7"  # RECTYPE of the performance tables
# What a build draws from a school; the overdispersion of a measure is calculated a second time in tests of its own.
MADE = """
    select
        benchmarks.urn, benchmarks.value, benchmarks.cohort_n, benchmarks.lower_ci, benchmarks.upper_ci,
        benchmarks.compared_with, benchmarks.verdict, benchmarks.overdispersion
    from benchmarks
    inner join schools using (urn)
    where
        benchmarks.entity_type = 'school' and benchmarks.measure = ? and benchmarks.pupil_group = ?
        and benchmarks.academic_year = ? and not benchmarks.is_predecessor
        and benchmarks.la_code = ? and list_contains(?, schools.school_kind)
        and benchmarks.release != 'local_unvalidated'
    order by benchmarks.urn
"""


@dataclass(frozen=True)
class Printed:
    """Where one measure stands in a file. `interval` names its columns; without them a percentage gets Wilson's."""

    measure: str
    pupil_group: str
    academic_year: str
    file_name: str
    national_row: str
    value: str
    pupils: str
    margin: float
    interval: tuple[str, str] | None = None


PRINTED = (
    Printed("ks2_rwm_expected_pct", "all", "2024/25", "ks2final", KS2_STATE_FUNDED, "PTRWM_EXP", "TELIG", 3),
    Printed(
        "ks2_rwm_expected_pct", "disadvantaged", "2024/25", "ks2final", KS2_STATE_FUNDED,
        "PTRWM_EXP_FSM6CLA1A", "TFSM6CLA1A", 3,
    ),
    Printed("ks2_rwm_higher_pct", "all", "2024/25", "ks2final", KS2_STATE_FUNDED, "PTRWM_HIGH", "TELIG", 3),
    Printed("ks4_engmaths_95_pct", "all", "2024/25", "ks4final", KS4_STATE_FUNDED, "PTL2BASICS_95", "TPUP", 3),
    Printed("ks4_engmaths_94_pct", "all", "2024/25", "ks4final", KS4_STATE_FUNDED, "PTL2BASICS_94", "TPUP", 3),
    Printed(
        "ks4_progress8", "all", "2023/24", "ks4final", KS4_STATE_FUNDED,
        "P8MEA_PREV", "P8PUP_PREV", 0, ("P8CILOW_PREV", "P8CIUPP_PREV"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A figure as the second calculation finds it."""

    value: float
    pupils: float
    interval: tuple[float, float]
    compared_with: float
    verdict: str


def wilson(value: float, pupils: float, overdispersion: float) -> tuple[float, float]:
    """95 % interval of a percentage, from the count it stands for, widened by the root of the overdispersion."""
    z = Z * math.sqrt(overdispersion)
    p = round(value / 100 * pupils) / pupils
    middle = (p + z * z / (2 * pupils)) / (1 + z * z / pupils)
    half = z * math.sqrt(p * (1 - p) / pupils + z * z / (4 * pupils * pupils)) / (1 + z * z / pupils)
    return 100 * (middle - half), 100 * (middle + half)


def judge(printed: Printed, row: Mapping[str, str], national: float, overdispersion: float | None) -> Judged | None:
    """The figure in a school's row beside England's; None where the publisher printed no number."""
    value, pupils = number(row[printed.value]), number(row[printed.pupils])
    if value is None or not pupils:
        return None
    compared_with = 0.0 if printed.interval else national  # progress is set against nought, as its bands are
    if printed.interval:
        low, high = number(row[printed.interval[0]]), number(row[printed.interval[1]])
        assert low is not None and high is not None
    else:
        assert overdispersion is not None
        # to the hundredth, as it is printed: a verdict never contradicts the interval beside it
        low, high = (round(end, 2) for end in wilson(value, pupils, overdispersion))
    difference = value - compared_with
    few = not printed.interval and math.trunc(round(pupils * abs(difference) / 100, 6)) <= MORE_THAN_PUPILS
    if pupils < LEAST_PUPILS:
        verdict = "too_small"
    elif low <= compared_with <= high or abs(difference) <= printed.margin or few:
        verdict = "in_line"
    else:
        verdict = "above" if difference > 0 else "below"
    return Judged(value, pupils, (low, high), compared_with, verdict)


def number(cell: str) -> float | None:
    """`64%` as a number; a code or a blank as None."""
    try:
        return float(cell.strip().removesuffix("%"))
    except ValueError:
        return None


def disagreements(
    printed: Printed,
    rows: Iterable[Mapping[str, str]],
    ask: Callable[[str, list[Any]], list[tuple[Any, ...]]],
    la_code: str,
    drawn_n: int,
) -> tuple[list[str], list[str]]:
    """What differs between a build and the second calculation, and the verdicts of every school that was compared.

    `rows` are those of the one file; `ask` runs a query over the marts of the build.
    """
    by_urn = {row["URN"]: row for row in rows if row["RECTYPE"] == SCHOOL}
    (england,) = (row for row in rows if row["RECTYPE"] == printed.national_row)
    national = number(england[printed.value])
    assert national is not None
    made = ask(MADE, [printed.measure, printed.pupil_group, printed.academic_year, la_code, list(MAINSTREAM)])
    drawn = random.Random(919).sample(made, min(drawn_n, len(made)))
    different, verdicts = [], []
    for urn, value, pupils, low, high, compared_with, verdict, overdispersion in drawn:
        mine = judge(printed, by_urn[urn], national, overdispersion)
        if mine is None:
            if value is not None or verdict in ("above", "in_line", "below", "too_small"):
                different.append(f"{urn}: {value} {verdict}, printed {by_urn[urn][printed.value]}")
            continue
        near = (
            value == mine.value
            and pupils == mine.pupils
            and math.isclose(low, mine.interval[0], abs_tol=0.0051)
            and math.isclose(high, mine.interval[1], abs_tol=0.0051)
            and compared_with == mine.compared_with
            and verdict == mine.verdict
        )
        verdicts.append(mine.verdict)
        if not near:
            different.append(f"{urn}: {value} of {pupils} ({low} to {high}) beside {compared_with} {verdict}, {mine}")
    return different, verdicts


# What a build says of a school's attendance, and of England's beside it for its phase.
ATTENDANCE_MADE = """
    select
        drafts.urn, drafts.attendance, overall.compared_with, persistent.compared_with,
        overall.quintile, persistent.quintile
    from rayg_drafts as drafts
    inner join benchmarks as overall on drafts.urn = overall.urn
    inner join benchmarks as persistent
        on drafts.urn = persistent.urn and persistent.academic_year = overall.academic_year
    where
        drafts.provision = 'whole_school' and drafts.la_code = ? and overall.academic_year = ?
        and overall.measure = 'absence_overall_pct' and overall.pupil_group = 'all'
        and persistent.measure = 'absence_persistent_pct' and persistent.pupil_group = 'all'
        and not overall.is_predecessor and not persistent.is_predecessor
        and overall.is_set_against_national and persistent.is_set_against_national
    order by drafts.urn
"""
OVERALL_MARGIN, PERSISTENT_MARGIN = 0.5, 2
# Both rates worse: whether that is common among similar schools is not calculated here.
BOTH_WORSE = ("below", "below_in_context")


def attendance_axis(
    overall: float, persistent: float, england: Sequence[float], fifths: Sequence[int | None]
) -> tuple[str, ...]:
    """What the axis may say of a school's two rates beside England's: rates have a margin and no interval, and where
    the nation's distribution is held (`fifths`, 5 the worst) only the outer fifth is worse.
    """
    margins = (OVERALL_MARGIN, PERSISTENT_MARGIN)
    worse = [
        round(rate - national, 4) > margin and fifth in (None, 5)
        for rate, national, margin, fifth in zip((overall, persistent), england, margins, fifths, strict=True)
    ]
    return BOTH_WORSE if all(worse) else ("partly_below",) if any(worse) else ("not_below",)


def attendance_disagreements(
    rows: Iterable[Mapping[str, str]],
    ask: Callable[[str, list[Any]], list[tuple[Any, ...]]],
    la_code: str,
    academic_year: str,
    drawn_n: int,
) -> tuple[list[str], list[str]]:
    """What differs between a build's axis of attendance and the second calculation, and every axis compared.

    `rows` are those of the absence table of that year; `ask` runs a query over the marts of the build.
    """
    by_urn = {row["URN"]: row for row in rows}
    made = [row for row in ask(ATTENDANCE_MADE, [la_code, academic_year]) if row[0] in by_urn]
    different, axes = [], []
    for urn, axis, *beside in random.Random(919).sample(made, min(drawn_n, len(made))):
        overall, persistent = number(by_urn[urn]["PERCTOT"]), number(by_urn[urn]["PPERSABS10"])
        if overall is None or persistent is None:
            continue
        axes.append(axis)
        if axis not in attendance_axis(overall, persistent, beside[:2], beside[2:]):
            different.append(f"{urn}: {axis}, printed {overall} and {persistent} beside {beside}")
    return different, axes
