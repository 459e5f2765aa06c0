"""Measures of skill against answers worked out by hand or by another way."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from pipelines.backtest import skill
from pipelines.backtest.chances import chances
from pipelines.backtest.fit import MOST_POINTS, Sample, in_whole_points, scorecard, weights

FAILED = np.array([True] * 5 + [False] * 15)
SCORE = np.array([9, 8, 7, 2, 1, 8, 6, 5, 4, 3, 3, 2, 2, 1, 1, 1, 0, 0, 0, 0], dtype=float)


def by_pairs(failed: np.ndarray, score: np.ndarray) -> float:
    pairs = [(bad, fine) for bad in score[failed] for fine in score[~failed]]
    return sum(1.0 if bad > fine else 0.5 if bad == fine else 0.0 for bad, fine in pairs) / len(pairs)


def test_auc_counts_pairs() -> None:
    found = skill.auc(FAILED, SCORE)
    assert found.value == pytest.approx(by_pairs(FAILED, SCORE))
    assert found.lower is not None and found.upper is not None
    assert found.lower < found.value < found.upper <= 1


def test_the_interval_is_that_of_drawing_schools_anew() -> None:
    random = np.random.default_rng(1)
    failed = np.repeat([True, False], [60, 400])
    score = np.round(random.normal(failed * 0.8, 1), 1)
    drawn = []
    for _ in range(600):
        rows = np.concatenate([random.choice(60, 60), 60 + random.choice(400, 400)])
        drawn.append(roc_auc_score(failed[rows], score[rows]))
    found = skill.auc(failed, score)
    assert found.lower == pytest.approx(np.percentile(drawn, 2.5), abs=0.012)
    assert found.upper == pytest.approx(np.percentile(drawn, 97.5), abs=0.012)


def test_too_few_schools_give_no_figure() -> None:
    few = np.array([True] * 4 + [False] * 16)
    assert skill.auc(few, SCORE) == skill.NOTHING
    assert skill.auc(~few, SCORE) == skill.NOTHING
    assert skill.auc_gain(few, SCORE, SCORE) == skill.NOTHING
    assert skill.top(few, SCORE, 0.1) is None


def test_the_top_of_the_list_shares_its_cut() -> None:
    # 20 schools: the top tenth is two, of which one place is shared by two schools at 8, one of whom failed
    found = skill.top(FAILED, SCORE, 0.10)
    assert found is not None
    assert (found.precision, found.recall, found.lift) == pytest.approx((0.75, 0.3, 3.0))
    everyone = skill.top(FAILED, SCORE, 1.0)
    assert everyone is not None
    assert (everyone.precision, everyone.recall, everyone.lift) == pytest.approx((0.25, 1, 1))


def test_a_score_gains_nothing_on_itself() -> None:
    found = skill.auc_gain(FAILED, SCORE, SCORE)
    assert (found.value, found.lower, found.upper) == (0, 0, 0)
    worse = skill.auc_gain(FAILED, SCORE, -SCORE)
    assert worse.value == pytest.approx(2 * by_pairs(FAILED, SCORE) - 1)


def test_what_intake_tells_is_taken_off() -> None:
    random = np.random.default_rng(2)
    intake = random.normal(size=(500, 2))
    intake[:50, 1] = np.nan
    own = random.normal(size=500)
    left = skill.residual(3 * intake[:, 0] + own, intake)
    assert abs(np.corrcoef(left, intake[:, 0])[0, 1]) < 0.01
    assert np.corrcoef(left, own)[0, 1] > 0.98
    assert skill.residual(own, np.full((500, 1), np.nan)) == pytest.approx(own - own.mean())


def test_within_strata_only_like_is_set_beside_like() -> None:
    failed = np.array([True, False, True, False])
    score = np.array([9.0, 8.0, 2.0, 1.0])
    assert skill.within_strata(failed, score, [1, 1, 2, 2]) == 1
    assert skill.within_strata(failed, score, [1, 2, 2, 1]) == 0.5
    assert skill.within_strata(failed, score, [1, 2, 3, 4]) is None


def made(size: int = 3000, seed: int = 3) -> Sample:
    """Schools whose failing follows three indicators of six; one of the others speaks for a school."""
    import pandas as pd

    random = np.random.default_rng(seed)
    triggered = pd.DataFrame(random.random((size, 6)) < 0.3, columns=list("abcdef")).astype(float)
    log_odds = -3 + 1.5 * triggered["a"] + 0.75 * triggered["b"] + 0.4 * triggered["c"] - 1.0 * triggered["f"]
    failed = (random.random(size) < 1 / (1 + np.exp(-log_odds))).to_numpy()
    groups = ["one" if row % 2 else "two" for row in range(size)]
    return Sample(triggered, failed, [str(row // 2) for row in range(size)], groups)


def test_weights_are_those_of_the_truth_and_never_speak_for_a_school() -> None:
    sample = made(20_000)
    groups = np.array([[group == "one", group == "two"] for group in sample.groups], dtype=float)
    found = weights(sample.triggered.to_numpy(), groups, sample.failed, 0.0)
    assert found[:3] == pytest.approx([1.5, 0.75, 0.4], abs=0.15)
    assert found[5] == 0
    assert (found >= 0).all()


def test_a_scorecard_is_sparse_whole_and_in_proportion() -> None:
    card = scorecard(made())
    assert card.points["a"] == MOST_POINTS
    # what tells nothing gets next to nothing, and what speaks for a school nothing at all
    assert all(card.points.get(name, 0) <= 1 for name in "de") and "f" not in card.points
    assert 0.3 < card.points["b"] / card.points["a"] < 0.7
    assert card.held_out_auc_rounded == pytest.approx(card.held_out_auc, abs=0.01)
    assert in_whole_points(np.zeros(3)).tolist() == [0, 0, 0]


def test_chances_rise_in_steps_that_hold_enough() -> None:
    random = np.random.default_rng(4)
    score = np.round(random.random(5000), 2)
    failed = random.random(5000) < 0.01 + 0.2 * score**2
    steps = chances(failed, score)
    assert [step["from_share"] for step in steps] == sorted({step["from_share"] for step in steps})
    said = [step["chance_pct"] for step in steps]
    assert said == sorted(said) and len(steps) >= 4
    assert sum(step["schools_n"] for step in steps) == 5000
    assert sum(step["failed_n"] for step in steps) == failed.sum()
    assert all(step["failed_n"] >= 10 and step["lower_pct"] < step["chance_pct"] < step["upper_pct"] for step in steps)
    # a share stands in one step alone
    edges = [step["from_share"] for step in steps[1:]]
    assert all(
        ((score >= edge).sum() == sum(s["schools_n"] for s in steps if s["from_share"] >= edge)) for edge in edges
    )
    assert chances(np.zeros(100, dtype=bool), np.arange(100.0)) == []
