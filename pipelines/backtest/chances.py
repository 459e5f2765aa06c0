"""The chance that a school fails, by its share of points: steps that never fall, each with an interval. Pure.

Isotonic regression over the shares (Zadrozny and Elkan 2002, doi:10.1145/775047.775151) pools neighbours until the
share that failed rises; neighbouring steps are then joined until each holds enough failures for an interval worth
printing.
"""

from typing import TypedDict

import numpy as np
from scipy.stats import binomtest
from sklearn.isotonic import IsotonicRegression

from pipelines.backtest.skill import Flags, Numbers

LEAST_FAILED = 10  # per step
LEAST_SCHOOLS = 50


class Step(TypedDict):
    """From this share of points on, `failed_n` of `schools_n` failed; per cent with Wilson's 95 per cent interval."""

    from_share: float
    chance_pct: float
    lower_pct: float
    upper_pct: float
    schools_n: int
    failed_n: int


def chances(failed: Flags, score: Numbers) -> list[Step]:
    """The steps, from the lowest share; none where fewer failed than two steps need."""
    if failed.sum() < 2 * LEAST_FAILED:
        return []
    order = np.argsort(score, kind="stable")
    shares, truth = score[order], failed[order]
    levels = IsotonicRegression(y_min=0, y_max=1).fit_transform(shares, truth.astype(float))
    starts = [0, *(np.flatnonzero(np.diff(levels) > 0) + 1)]
    joined = _joined([slice(a, b) for a, b in zip(starts, [*starts[1:], len(shares)], strict=True)], truth)
    steps: list[Step] = []
    for number, part in enumerate(joined):
        count, bad = part.stop - part.start, int(truth[part].sum())
        lower, upper = binomtest(bad, count).proportion_ci(method="wilson")
        steps.append(
            {
                "from_share": 0.0 if number == 0 else round(float(shares[part.start]), 4),
                "chance_pct": round(100 * bad / count, 1),
                "lower_pct": round(100 * lower, 1),
                "upper_pct": round(100 * upper, 1),
                "schools_n": count,
                "failed_n": bad,
            }
        )
    return steps


def _joined(parts: list[slice], failed: Flags) -> list[slice]:
    """Neighbours joined, from the lowest, until each part is large enough; the last takes what is left."""
    joined: list[slice] = []
    start = 0
    for part in parts:
        bad, count = failed[start : part.stop].sum(), part.stop - start
        if bad >= LEAST_FAILED and count >= LEAST_SCHOOLS:
            joined.append(slice(start, part.stop))
            start = part.stop
    if start < len(failed):
        rest = slice(joined.pop().start if joined else 0, len(failed))
        joined.append(rest)
    return joined
