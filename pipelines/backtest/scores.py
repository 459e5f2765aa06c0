"""Each school's scores at one review: the screen as shipped, its points as set by hand, the screen with parts of it
left out, and the naive rules beside them. Pure.

A score is higher where a school is thought more at risk; it is null where the rule could not score the school.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from pipelines.backtest.skill import residual
from pipelines.seeds import seed

INTAKE = ("fsm6_pct", "sen_support_pct", "ehcp_pct", "eal_pct", "pupils_n")
SEEN = ("triggered", "clear")
TOO_FEW = ("suppressed", "too_small")
# the measure whose value says how a school's results are, by phase, as the indicator that tests it names it
HEADLINES = {"primary": "ks2_rwm_below", "secondary": "ks4_att8_below"}
LOWEST_PART = 0.15  # what the naive rule flags, within the phase (methods section 8)
TIMING = "years_since"  # tests of how long ago the last inspection was
PROGRESS = "progress"

Points = Mapping[str, int]


def points_of(column: str = "points", is_kept: Callable[[dict[str, str]], bool] = lambda _: True) -> dict[str, int]:
    """Points of the whole-school indicators that carry any, from the seed: `points` as shipped or `hand_points`."""
    return {
        row["indicator"]: int(row[column])
        for row in seed("indicators")
        if row["provision"] == "whole_school" and int(row[column]) > 0 and is_kept(row)
    }


def of_domains(*domains: str) -> set[str]:
    """The indicators of the domains."""
    return {row["indicator"] for row in seed("indicators") if row["domain"] in domains}


def share(indicators: pd.DataFrame, points: Points) -> pd.Series:
    """Points of the triggered indicators as a share of those that could be seen, by urn: what the screen ranks by."""
    own = indicators[indicators["indicator"].isin(points) & indicators["state"].isin(SEEN)]
    weight = own["indicator"].map(points)
    seen = weight.groupby(own["urn"]).sum()
    return (weight * (own["state"] == "triggered")).groupby(own["urn"]).sum() / seen


def part_seen(indicators: pd.DataFrame, points: Points) -> pd.Series:
    """Which part of the points that apply to a school could be seen, by urn."""
    own = indicators[indicators["indicator"].isin(points)]
    weight = own["indicator"].map(points)
    is_seen = own["state"].isin(SEEN)
    return (weight * is_seen).groupby(own["urn"]).sum() / weight.groupby(own["urn"]).sum()


def scored(schools: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """`schools` (as `replay.Replay` has them) with `phase`, the scores, `headline_n` (pupils of the headline measure)
    and `has_suppressed` (an indicator with points that too few pupils kept hidden).
    """
    phases = {row["school_kind"]: row["phase"] for row in seed("screen_phases")}
    scored_schools = schools.assign(phase=schools["school_kind"].map(phases))
    urns = scored_schools["urn"]
    can_be_screened = scored_schools["band"] != "cannot_be_screened"
    scored_schools["screen"] = (scored_schools["points"] / scored_schools["points_seen"]).where(can_be_screened)
    variants = {
        "screen_by_hand": points_of("hand_points"),
        "screen_without_timing": points_of(is_kept=lambda row: not row["test"].startswith(TIMING)),
        "screen_without_progress": points_of(is_kept=lambda row: row["domain"] != PROGRESS),
    }
    for name, points in variants.items():
        scored_schools[name] = urns.map(share(indicators, points)).where(can_be_screened)
    values = indicators.pivot(index="urn", columns="indicator", values="value").reindex(urns)
    cohorts = indicators.pivot(index="urn", columns="indicator", values="cohort_n").reindex(urns)
    scored_schools["attainment"] = -_by_phase(scored_schools, values, HEADLINES)
    place = scored_schools.groupby("phase")["attainment"].rank(
        pct=True
    )  # attainment as a risk: the weakest stands last
    scored_schools["lowest_attainment"] = (place > 1 - LOWEST_PART).astype(float).where(place.notna())
    scored_schools["headline_n"] = _by_phase(scored_schools, cohorts, HEADLINES)
    scored_schools["last_grade"] = scored_schools["deciding_grade"].astype(float)
    scored_schools["persistent_absence"] = values.get(
        "persistent_absence_high", pd.Series(np.nan, index=urns)
    ).to_numpy()
    hidden = indicators[indicators["state"].isin(TOO_FEW) & indicators["indicator"].isin(points_of())]
    scored_schools["has_suppressed"] = urns.isin(hidden["urn"])
    scored_schools["screen_less_intake"] = _less_intake(scored_schools)
    return scored_schools


def _by_phase(schools: pd.DataFrame, by_indicator: pd.DataFrame, indicator_of: Mapping[str, str]) -> pd.Series:
    values = pd.Series(np.nan, index=schools.index)
    for phase, indicator in indicator_of.items():
        if indicator in by_indicator:
            own = schools["phase"] == phase
            values[own] = by_indicator[indicator].to_numpy()[own]
    return values


def _less_intake(schools: pd.DataFrame) -> pd.Series:
    """The screen's score with what the intake tells taken off, phase by phase."""
    left = pd.Series(np.nan, index=schools.index)
    for _, own in schools[schools["screen"].notna()].groupby("phase"):
        intake = own[list(INTAKE)].to_numpy(dtype=float)
        if len(own) > 10 * len(INTAKE) and not np.isnan(intake).all():
            left[own.index] = residual(own["screen"].to_numpy(dtype=float), intake)
    return left
