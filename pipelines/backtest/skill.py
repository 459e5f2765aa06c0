"""How well a score predicted which schools would fail: discrimination, what the top of the list caught, calibration.
Pure: arrays in, numbers out.

`failed` is boolean, `score` a number that is higher where a school is thought more at risk; neither holds a null.
Sources: AUC with ties as halves (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747), percentile bootstrap
within failed and not failed (Efron and Tibshirani 1993).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DRAWS = 500
SEED = 919
LEAST_FAILED = 5  # with fewer schools of either outcome the interval would span everything, so no figure is given


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 per cent interval; null where there is too little to say."""

    value: float | None
    lower: float | None = None
    upper: float | None = None


NOTHING = Estimate(None)


def has_enough(failed: Flags) -> bool:
    """Whether there are enough schools of either outcome."""
    return min(failed.sum(), (~failed).sum()) >= LEAST_FAILED


def auc(failed: Flags, score: Numbers) -> Estimate:
    """Area under the receiver operating curve, from 0 to 1: how often a school that failed stood above one that
    did not.
    """
    if not has_enough(failed):
        return NOTHING
    (areas,) = _drawn_areas(failed, [score])
    lower, upper = np.percentile(areas, [2.5, 97.5])
    return Estimate(float(roc_auc_score(failed, score)), float(lower), float(upper))


def auc_gain(failed: Flags, score: Numbers, other: Numbers) -> Estimate:
    """How much higher the AUC of `score` is than that of `other`, over the same schools drawn for both."""
    if not has_enough(failed):
        return NOTHING
    ours, theirs = _drawn_areas(failed, [score, other])
    lower, upper = np.percentile(ours - theirs, [2.5, 97.5])
    gain = roc_auc_score(failed, score) - roc_auc_score(failed, other)
    return Estimate(float(gain), float(lower), float(upper))


def _drawn_areas(failed: Flags, scores: Sequence[Numbers]) -> list[Numbers]:
    """For each score its AUC over the same draws: schools that failed and those that did not, each drawn anew.

    How often a school is drawn is its weight, so that each score is put in order once and not draw by draw.
    """
    random = np.random.default_rng(SEED)
    bad, fine = failed.sum(), (~failed).sum()
    placed = [np.unique(score, return_inverse=True) for score in scores]
    areas = np.empty((len(scores), DRAWS))
    for draw in range(DRAWS):
        drawn_bad = np.bincount(random.integers(bad, size=bad), minlength=bad)
        drawn_fine = np.bincount(random.integers(fine, size=fine), minlength=fine)
        for number, (values, place) in enumerate(placed):
            bad_at = np.bincount(place[failed], drawn_bad, len(values))
            fine_at = np.bincount(place[~failed], drawn_fine, len(values))
            areas[number, draw] = (bad_at * (np.cumsum(fine_at) - fine_at / 2)).sum() / (bad * fine)
    return list(areas)


@dataclass(frozen=True)
class Top:
    """What a part of the list holds: `precision` and `recall` from 0 to 1, `lift` as a multiple of the share of all
    schools that failed. Where the cut falls among equal scores, they share it: each counts in part.
    """

    precision: float
    recall: float
    lift: float


def top(failed: Flags, score: Numbers, share: float) -> Top | None:
    """The top `share` (from 0 to 1) of the list by score."""
    if not has_enough(failed):
        return None
    weight = weights_of_top(score, share)
    caught = float((weight * failed).sum())
    return Top(caught / float(weight.sum()), caught / float(failed.sum()), caught / weight.sum() / failed.mean())


def weights_of_top(score: Numbers, share: float) -> Numbers:
    """How much of each school lies within the top `share`: 1, 0, or at the cut the part that fills it."""
    size = share * len(score)
    above = np.array([(score > one).sum() for one in np.unique(score)])
    equal = np.array([(score == one).sum() for one in np.unique(score)])
    part: Numbers = np.clip((size - above) / equal, 0, 1)
    return part[np.searchsorted(np.unique(score), score)]


def residual(score: Numbers, intake: Numbers) -> Numbers:
    """What is left of a score once the intake is taken out: residuals of a least-squares fit of the score on
    the intake measures (schools by measures) and their squares. A missing measure counts as the mean and as missing.
    """
    missing = np.isnan(intake)
    # a measure that no school has adds nothing
    known = intake[:, ~missing.all(axis=0)]
    mean, spread = np.nanmean(known, axis=0), np.nanstd(known, axis=0)
    scaled = np.nan_to_num((known - mean) / np.where(spread > 0, spread, 1))
    design = np.column_stack([np.ones(len(score)), scaled, scaled**2, np.isnan(known)])
    fitted: Numbers = design @ np.linalg.lstsq(design, score, rcond=None)[0]
    return score - fitted


def within_strata(failed: Flags, score: Numbers, strata: Sequence[int]) -> float | None:
    """AUC over pairs of schools of the same stratum alone (each stratum weighted by its pairs)."""
    pairs, won = 0.0, 0.0
    for stratum in sorted(set(strata)):
        own = np.array(strata) == stratum
        bad, fine = failed[own].sum(), (~failed[own]).sum()
        if bad and fine:
            pairs += bad * fine
            won += bad * fine * roc_auc_score(failed[own], score[own])
    return float(won / pairs) if pairs else None
