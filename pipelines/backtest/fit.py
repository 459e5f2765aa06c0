"""Points for the screen's indicators from what happened: a sparse, monotone scorecard in whole numbers. Pure.

A logistic regression of failing on which indicators are triggered, no weight below nothing (an indicator of risk never
speaks for a school), with a penalty on every weight so that few remain; its weights are then scaled to whole points.
One intercept for each phase at each review: how often schools are inspected and fail is not the indicators' doing.
The idea is of scoring systems in whole numbers (Ustun and Rudin 2016, doi:10.1007/s10994-015-5528-6), by plain
rounding.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from pipelines.backtest.skill import Flags, Numbers

FOLDS = 5
PENALTIES = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.004)
# what the weightiest indicator gets: as a category of concern has by hand, so that fitted points stand beside others
MOST_POINTS = 6
LOSS_ALLOWED = 0.0005  # of AUC, for fewer indicators


@dataclass(frozen=True)
class Sample:
    """`triggered`: schools by indicators, 1 where triggered and else 0; `failed`: booleans; `urns` and `groups`
    (phase and review) per row. A school stands once for each review.
    """

    triggered: pd.DataFrame
    failed: Flags
    urns: Sequence[str]
    groups: Sequence[str]


@dataclass(frozen=True)
class Scorecard:
    """Points per indicator, zeros left out; the penalty that was chosen; and the mean AUC within phase and review over
    schools that the weights were not fitted on, before and after rounding.
    """

    points: dict[str, int]
    penalty: float
    held_out_auc: float
    held_out_auc_rounded: float


def scorecard(sample: Sample) -> Scorecard:
    """The points of the sample, with the largest penalty that loses no more than `LOSS_ALLOWED` of the held-out AUC."""
    matrix = sample.triggered.to_numpy(dtype=float)
    groups = pd.get_dummies(pd.Series(sample.groups)).to_numpy(dtype=float)
    kinds = np.array(sample.groups)
    folds = list(GroupKFold(FOLDS).split(matrix, groups=np.array(sample.urns)))
    fitted = {
        penalty: [weights(matrix[fit], groups[fit], sample.failed[fit], penalty) for fit, _ in folds]
        for penalty in PENALTIES
    }

    def held_out(penalty: float, to_points: Callable[[Numbers], Numbers]) -> float:
        """Mean AUC over the folds."""
        areas = [
            _auc(sample.failed[out], matrix[out] @ to_points(weight), kinds[out])
            for weight, (_, out) in zip(fitted[penalty], folds, strict=True)
        ]
        return float(np.mean(areas))

    smooth = {penalty: held_out(penalty, lambda weight: weight) for penalty in PENALTIES}
    penalty = max(one for one, area in smooth.items() if area >= max(smooth.values()) - LOSS_ALLOWED)
    points = in_whole_points(weights(matrix, groups, sample.failed, penalty))
    named = {name: int(point) for name, point in zip(sample.triggered.columns, points, strict=True) if point > 0}
    return Scorecard(named, penalty, smooth[penalty], held_out(penalty, in_whole_points))


def weights(matrix: Numbers, groups: Numbers, failed: Flags, penalty: float) -> Numbers:
    """Weights of the columns of `matrix` (log-odds, none below 0) beside a free intercept for each column of
    `groups`.
    """
    design = np.hstack([matrix, groups])
    size, wanted = matrix.shape[1], failed.astype(float)

    def loss(at: Numbers) -> tuple[float, Numbers]:
        linear = design @ at
        value = np.mean(np.logaddexp(0, linear) - wanted * linear) + penalty * at[:size].sum()
        slope = design.T @ (expit(linear) - wanted) / len(wanted)
        slope[:size] += penalty
        return float(value), slope

    start = np.concatenate([np.zeros(size), np.full(groups.shape[1], -3.0)])
    bounds = [(0, None)] * size + [(None, None)] * groups.shape[1]
    result = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    fitted: Numbers = result.x[:size]
    return fitted


def in_whole_points(fitted: Numbers) -> Numbers:
    """The weights in whole points, the weightiest with `MOST_POINTS`."""
    highest = fitted.max()
    return np.round(fitted / highest * MOST_POINTS) if highest > 0 else np.zeros_like(fitted)


def _auc(failed: Flags, score: Numbers, kinds: np.ndarray) -> float:
    """Mean over phases and reviews of the AUC within each, weighted by the schools that failed."""
    areas, counts = [], []
    for kind in sorted(set(kinds)):
        own = kinds == kind
        if 0 < failed[own].sum() < own.sum():
            areas.append(roc_auc_score(failed[own], score[own]))
            counts.append(failed[own].sum())
    return float(np.average(areas, weights=counts))
