"""The rows of the mart `backtest`: every measure of skill of every score, review by review. Pure.

One row per review, window, phase, sector, state of the school, subset, score, measure and part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from pipelines.backtest import skill
from pipelines.backtest.outcomes import ADVERSE, CLOSED, FOLLOWED, GOOD, NOT_INSPECTED, UNDER_WAY, UNSURE
from pipelines.backtest.skill import Estimate
from pipelines.seeds import policy

WINDOWS = (12, 24, 36)
TOPS = (5, 10, 20)
SCREEN, ATTAINMENT = "screen", "attainment"
SCORES = (
    SCREEN, "screen_by_hand", "screen_without_timing", "screen_without_progress", "screen_less_intake",
    ATTAINMENT, "lowest_attainment", "last_grade", "persistent_absence",
)  # fmt: skip
STATES = ("good", "below_good", "none")
HEADLINE_STATE = (
    "good"  # every rule is set beside the screen for these schools, the screen and attainment for the others
)
SECTORS = ("maintained", "academy")
ALL = "all"
INTAKE_FIFTHS = 5
LOST = "too few schools, or too few that failed, to say"


@dataclass(frozen=True)
class Cell:
    """The group of schools that a figure describes."""

    phase: str
    sector: str
    school_state: str
    subset: str
    months: int


@dataclass(frozen=True)
class Figure:
    """A measure of skill. `part`: the top of the list in per cent, or the number of a bin. Unit in the mart's docs."""

    score: str
    measure: str
    estimate: Estimate
    part: int | None = None


def rows(review_on: date, review_year: int, schools: pd.DataFrame, months: int) -> Iterator[dict[str, Any]]:
    """Every row of one review and window. `schools`: `scores.scored` with `states` and `outcomes`."""
    for cell, own in cells(schools, months):
        is_headline = (cell.school_state, cell.subset) == (HEADLINE_STATE, ALL)
        for figure in figures(own, SCORES if is_headline else (SCREEN, ATTAINMENT)):
            yield {
                "review_on": review_on,
                "review_year": review_year,
                **asdict(cell),
                "score": figure.score,
                "measure": figure.measure,
                "part": figure.part,
                **asdict(figure.estimate),
                "note": LOST if figure.estimate.value is None else None,
            }


def cells(schools: pd.DataFrame, months: int) -> Iterator[tuple[Cell, pd.DataFrame]]:
    """Each group of schools that figures are given for, where it has any."""
    small = schools["headline_n"] <= policy("backtest_small_cohort")
    subsets = {ALL: schools["urn"].notna(), "small": small, "suppressed": schools["has_suppressed"]}
    for phase in sorted(set(schools["phase"].dropna())):
        for state in STATES:
            base = schools[(schools["phase"] == phase) & (schools["state"] == state)]
            for sector in (ALL, *SECTORS):
                of_sector = base if sector == ALL else base[base["sector"] == sector]
                for subset, is_in in subsets.items():
                    own = of_sector[is_in[of_sector.index]]
                    if len(own) and (subset == ALL or sector == ALL):
                        yield Cell(phase, sector, state, subset, months), own


def figures(schools: pd.DataFrame, scores: Sequence[str]) -> Iterator[Figure]:
    """Every figure of one group of schools."""
    yield from counts(schools)
    known = schools[schools["outcome"].isin(FOLLOWED)]
    for score in scores:
        yield from discrimination(known, score)
    yield from bounds(schools)
    yield from lead_time(known)
    yield from calibration(known)


def counts(schools: pd.DataFrame) -> Iterator[Figure]:
    """How many schools, and how many of each outcome."""
    failed = schools["outcome"] == ADVERSE
    counted = {
        "schools_n": len(schools),
        "failed_n": failed.sum(),
        "failed_sure_n": (failed & schools["is_sure"]).sum(),
        "failed_by_key_judgements_n": (failed & (schools["judged_by"] == "key_judgements")).sum(),
        "failed_by_report_card_n": (failed & (schools["judged_by"] == "report_card")).sum(),
        "passed_n": (schools["outcome"] == GOOD).sum(),
        "not_inspected_n": (schools["outcome"] == NOT_INSPECTED).sum(),
        "unsure_n": (schools["outcome"] == UNSURE).sum(),
        "closed_n": (schools["outcome"] == CLOSED).sum(),
        "under_way_n": (schools["outcome"] == UNDER_WAY).sum(),
        "state_unsure_n": (~schools["is_state_sure"]).sum(),
        "unscreened_n": schools[SCREEN].isna().sum(),
        "unscreened_failed_n": (failed & schools[SCREEN].isna()).sum(),
    }
    for name, number in counted.items():
        yield Figure(ALL, name, Estimate(float(number)))


def discrimination(schools: pd.DataFrame, score: str) -> Iterator[Figure]:
    """AUC, and what the top of the list caught. Schools without the score are left out."""
    screened = schools[schools[score].notna() & schools[SCREEN].notna()]
    failed, scores = _arrays(screened, score)
    yield Figure(score, "auc", skill.auc(failed, scores))
    for part in TOPS:
        top = skill.top(failed, scores, part / 100)
        for name in ("precision", "recall", "lift"):
            yield Figure(score, name, Estimate(None if top is None else getattr(top, name)), part)
    if score == SCREEN:
        both = screened[screened[ATTAINMENT].notna()]
        failed, scores = _arrays(both, score)
        other = both[ATTAINMENT].to_numpy(dtype=float)
        yield Figure(score, "auc_above_attainment", skill.auc_gain(failed, scores, other))
        with_intake = screened[screened["fsm6_pct"].notna()]
        failed, scores = _arrays(with_intake, score)
        fifths = np.ceil(with_intake["fsm6_pct"].rank(pct=True) * INTAKE_FIFTHS).astype(int)
        within = skill.within_strata(failed, scores, list(fifths)) if skill.has_enough(failed) else None
        yield Figure(score, "auc_within_fifths_of_disadvantage", Estimate(within))


def bounds(schools: pd.DataFrame) -> Iterator[Figure]:
    """The screen's AUC if every school whose first inspection may be lost had failed, or none; and over the schools
    alone whose state at the review is sure.
    """
    screened = schools[schools[SCREEN].notna() & ~schools["outcome"].isin([CLOSED, UNDER_WAY])]
    scores = screened[SCREEN].to_numpy(dtype=float)
    failed, unsure = (screened["outcome"] == ADVERSE).to_numpy(), (screened["outcome"] == UNSURE).to_numpy()
    yield Figure(SCREEN, "auc_if_unsure_failed", skill.auc(failed | unsure, scores))
    yield Figure(SCREEN, "auc_if_unsure_passed", skill.auc(failed, scores))
    sure = screened[screened["is_state_sure"] & ~unsure]
    yield Figure(SCREEN, "auc_of_sure_states", skill.auc(*_arrays(sure, SCREEN)))


def lead_time(schools: pd.DataFrame) -> Iterator[Figure]:
    """Months from the review to the inspection that failed a school in the top fifth of the list: median and
    quartiles.
    """
    screened = schools[schools[SCREEN].notna()]
    weight = skill.weights_of_top(screened[SCREEN].to_numpy(dtype=float), 0.2) if len(screened) else np.array([])
    months = screened["months_to"][(weight > 0) & (screened["outcome"] == ADVERSE)]
    enough = len(months) >= skill.LEAST_FAILED
    estimate = Estimate(*np.percentile(months, [50, 25, 75])) if enough else skill.NOTHING
    yield Figure(SCREEN, "lead_time_months", estimate)


def calibration(schools: pd.DataFrame) -> Iterator[Figure]:
    """Per chance that the screen gave: how many schools had it and how many of them failed, with Wilson's interval."""
    screened = schools[schools["chance_pct"].notna()]
    for number, (_, own) in enumerate(screened.groupby("chance_pct"), start=1):
        failed = int((own["outcome"] == ADVERSE).sum())
        lower, upper = binomtest(failed, len(own)).proportion_ci(method="wilson")
        yield Figure(SCREEN, "chance_said_pct", Estimate(float(own["chance_pct"].iloc[0])), number)
        yield Figure(SCREEN, "chance_seen_pct", Estimate(100 * failed / len(own), 100 * lower, 100 * upper), number)
        yield Figure(SCREEN, "chance_schools_n", Estimate(float(len(own))), number)


def _arrays(schools: pd.DataFrame, score: str) -> tuple[skill.Flags, skill.Numbers]:
    return (schools["outcome"] == ADVERSE).to_numpy(), schools[score].to_numpy(dtype=float)
