"""One year's key stage 2 pupils, drawn one by one, so that every count, share and mean agrees with every other.

Levels are set so that pupils of the national cloud meet England's published percentages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sample_county.county.facts import KS2_EXPECTED_AND_HIGHER
from sample_county.county.pupils import Traits, draw_traits, place_numbers, standard
from sample_county.county.schools import School
from sample_county.county.streams import stream
from sample_county.county.tables import Numbers

TESTS = ("READ", "MAT", "GPS")
SUBJECTS = ("READ", "MAT", "GPS", "WRITTA")
PROGRESS = {"READ": "READ", "WRIT": "WRITTA", "MAT": "MAT"}
PROGRESS_SPREAD = {"READ": 6.43, "WRIT": 6.16, "MAT": 6.02}
"""Standard deviation of a pupil's progress score, as the published intervals imply."""

_EXPECTED, _HIGHER = 99.5, 109.5
_BELOW_THE_TEST = -2.7
_COMMON, _OWN = np.sqrt(0.83), np.sqrt(0.17)
_GIRLS_AHEAD = {"READ": 0.14, "MAT": -0.10, "GPS": 0.14, "WRITTA": 0.30}
_GAP, _COUNTY_GAP = -0.46, -0.38
_SEN_SUPPORT, _EHCP, _SPECIAL, _MOBILE, _EAL = -0.85, -1.6, -7.0, -0.30, 0.12


@dataclass
class Ks2Pupils:
    """Arrays with one element per pupil. `score` is 0 for a pupil who works below the level of the tests."""

    who: Traits
    prior: Numbers
    prior_known: Numbers
    score: dict[str, Numbers]
    expected: dict[str, Numbers]
    higher: dict[str, Numbers]
    progress: dict[str, Numbers]


def draw(schools: Sequence[School], seed: int, year: int) -> Ks2Pupils:
    """Pupils of the schools that were open when the year's results began to be theirs."""
    rng = stream(seed, "ks2", year)
    settled = [school.site.fixed.ks2.get(year) for school in schools]
    who = draw_traits(schools, rng, year, settled, 1.0, (_GAP, _GAP + _COUNTY_GAP))
    n, school_of, girl = len(who.school_of), who.school_of, who.girl
    reference = ~who.is_county & ~who.is_special
    born = who.gap * who.disadvantaged + _SEN_SUPPORT * who.sen_support + _EHCP * who.ehcp
    born = born + _SPECIAL * who.is_special + _MOBILE * who.mobile + _EAL * who.eal
    born = born + who.intake + 0.92 * rng.normal(size=n)
    places = place_numbers(schools)
    year_effect = rng.normal(0, 0.17, len(schools))[places]
    common = standard(born + who.effect + year_effect[school_of], reference)
    by_place = stream(seed, "ks2 subjects").normal(0, 0.12, (len(SUBJECTS), len(schools)))[:, places]
    level = {}
    for row, subject in enumerate(SUBJECTS):
        drawn = _COMMON * common + _OWN * rng.normal(size=n) + _GIRLS_AHEAD[subject] * girl
        level[subject] = standard(drawn + by_place[row][school_of], reference)

    cuts = _cuts(year)
    _settle_passes(settled, school_of, level, cuts)
    prior = standard(born + 0.45 * rng.normal(size=n), reference)
    progress = _progress(level, prior, reference, rng)
    _settle_progress(settled, school_of, progress)
    return Ks2Pupils(
        who=who,
        prior=prior,
        prior_known=rng.random(n) > np.where(who.is_special, 0.42, 0.045),
        score={subject: _scaled(level[subject], *cuts[subject]) for subject in TESTS},
        expected={subject: level[subject] >= cuts[subject][0] for subject in SUBJECTS},
        higher={subject: level[subject] >= cuts[subject][1] for subject in SUBJECTS},
        progress=progress,
    )


def _settle_passes(
    settled: Sequence[tuple[int, int, int] | None],
    school_of: Numbers,
    level: dict[str, Numbers],
    cuts: dict[str, tuple[float, float]],
) -> None:
    """Moves a planted school's pupils up or down together until exactly so many reach the standard in all three."""
    core = ("READ", "WRITTA", "MAT")
    for number, fixed in enumerate(settled):
        if fixed is None:
            continue
        members = np.flatnonzero(school_of == number)
        if not len(members):
            continue
        margin = np.sort(np.min([level[subject][members] - cuts[subject][0] for subject in core], axis=0))[::-1]
        passes = min(fixed[2], len(margin))
        lowest_in = margin[passes - 1] if passes else margin[0] + 0.2
        highest_out = margin[passes] if passes < len(margin) else margin[-1] - 0.2
        for subject in SUBJECTS:
            level[subject][members] -= (lowest_in + highest_out) / 2


def _settle_progress(
    settled: Sequence[tuple[int, int, int] | None], school_of: Numbers, progress: dict[str, Numbers]
) -> None:
    """A planted school's progress goes with its passes: nought at 60 per cent, six points at either end."""
    for number, fixed in enumerate(settled):
        if fixed is None:
            continue
        members = np.flatnonzero(school_of == number)
        if len(members):
            for values in progress.values():
                values[members] += 0.12 * (100 * fixed[2] / fixed[0] - 60) - values[members].mean()


def _cuts(year: int) -> dict[str, tuple[float, float]]:
    """Where the expected and the higher standard lie among England's pupils, in standard deviations."""
    quantile = NormalDist().inv_cdf
    return {
        subject: (quantile(1 - expected / 100), quantile(1 - higher / 100))
        for subject, (expected, higher) in KS2_EXPECTED_AND_HIGHER[year].items()
    }


def _scaled(level: Numbers, expected: float, higher: float) -> Numbers:
    """Scaled scores 80 to 120 that put the expected standard at 100 and the higher at 110; 0 without a score."""
    spread = (_HIGHER - _EXPECTED) / (higher - expected)
    score = np.clip(np.round(_EXPECTED + spread * (level - expected)), 80, 120)
    low, high = np.full(len(level), 80), np.full(len(level), 99)
    low[level >= expected], high[level >= expected] = 100, 109
    low[level >= higher], high[level >= higher] = 110, 120
    scored: Numbers = np.where(level < _BELOW_THE_TEST, 0, np.clip(score, low, high)).astype(np.int64)
    return scored


def _progress(
    level: dict[str, Numbers], prior: Numbers, reference: Numbers, rng: np.random.Generator
) -> dict[str, Numbers]:
    """How far a pupil is ahead of pupils with the same prior attainment, on the publishers' scale.

    The added chance stands for what prior attainment measures badly; it keeps schools as close as they are.
    """
    out = {}
    for name, subject in PROGRESS.items():
        slope = float(np.mean(level[subject][reference] * prior[reference]))
        ahead = np.clip(level[subject] - slope * prior, -4, 4) + 0.5 * rng.normal(size=len(prior))
        out[name] = PROGRESS_SPREAD[name] * ahead / ahead[reference].std()
    return out
