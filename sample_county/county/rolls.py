"""Pupils on roll in each January's school census, school by school: the counts, not the published table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sample_county.county.schools import School
from sample_county.county.streams import stream
from sample_county.county.tables import Numbers


@dataclass(frozen=True)
class Rolls:
    """Counts per school (arrays in the order of the schools given); `is_open` on census day."""

    is_open: Numbers
    pupils: Numbers
    girls: Numbers
    ehcp: Numbers
    sen_support: Numbers
    eal: Numbers
    unclassified: Numbers
    fsm: Numbers
    fsm6: Numbers
    fsm6_of: Numbers


_YEAR_GROUPS = {
    "nursery": 2.0,
    "fe": 2.5,
    "pru": 3.0,
}
_FSM_OF_DISADVANTAGED = {2015: 0.58, 2021: 0.72, 2022: 0.78, 2023: 0.82, 2024: 0.84, 2025: 0.86}
"""Current free school meals as a share of the disadvantaged: it has risen with transitional protection."""


def rolls(schools: Sequence[School], seed: int, year: int) -> Rolls:
    rng = stream(seed, "census", year)
    growth = stream(seed, "growth")
    trend = growth.normal(0, 0.012, len(schools))
    site = [school.site for school in schools]
    groups = np.array([_YEAR_GROUPS.get(school.kind, _year_groups(school)) for school in schools])
    planned = np.array([s.per_year for s in site]) * groups
    size = planned * (1 + trend * (year - 2023) + rng.normal(0, 0.015, len(schools)))
    pupils = np.maximum(np.round(size), 3).astype(np.int64)
    day = date(year, 1, 16)
    is_open = np.array([school.is_open(day) for school in schools])
    pupils = pupils * is_open

    share_girls = {"Girls": 1.0, "Boys": 0.0}
    girls = rng.binomial(pupils, [share_girls.get(school.gender, 0.49) for school in schools])
    ehcp = rng.binomial(pupils, [s.ehcp for s in site])
    sen_support = rng.binomial(pupils - ehcp, [s.sen_support for s in site])
    eal = rng.binomial(pupils, [s.eal for s in site])
    unclassified = rng.binomial(pupils - eal, 0.003)
    fsm6 = rng.binomial(pupils, [0.95 * s.disadvantaged for s in site])
    fsm = rng.binomial(fsm6, _FSM_OF_DISADVANTAGED[year])
    in_scope = np.array([_share_of_compulsory_age(school) for school in schools])
    fsm6_of = np.maximum(np.round(pupils * in_scope).astype(np.int64), fsm6)
    return Rolls(is_open, pupils, girls, ehcp, sen_support, eal, unclassified, fsm, fsm6, fsm6_of)


def _year_groups(school: School) -> float:
    """Year groups from reception on; a nursery class counts half, a sixth form by its share of year 11."""
    groups = min(school.high, 16) - max(school.low, 4)
    return groups + (0.5 if school.low <= 3 else 0.0) + 2 * school.site.sixth_form_share


def _share_of_compulsory_age(school: School) -> float:
    all_groups = _year_groups(school)
    outside = (0.5 if school.low <= 3 else 0.0) + 2 * school.site.sixth_form_share
    return max(0.0, 1 - outside / all_groups) if all_groups > 0 else 0.0
