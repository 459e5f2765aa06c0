"""How far the screen's whole-number points lie below what a gradient-boosted model makes of the same inputs.

For comparison alone: the model is a black box and no part of the product. It is fitted on the same earlier reviews as
the points, on the same schools with what was known of them on the last review's day, and both are judged on the last
review. Its inputs are what the screen's indicators rest on: their states, the values they test, and how long ago the
school was inspected. Run it on a home that has had a back-test: `python -m benchmarks.ceiling HOME`.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from pipelines.backtest.outcomes import ADVERSE, FOLLOWED
from pipelines.backtest.refit import Review, kept_reviews
from pipelines.backtest.scores import HEADLINES, SEEN, of_domains
from pipelines.backtest.skill import auc_gain
from pipelines.backtest.tables import WINDOWS
from pipelines.home import Home

# common settings for some tens of thousands of rows of which few failed; not tuned on the review that is reported
SETTINGS = {
    "max_iter": 120, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 40, "l2_regularization": 1.0,
    "random_state": 0,
}  # fmt: skip


def inputs(review: Review, schools: pd.DataFrame) -> pd.DataFrame:
    """Schools by inputs, null where nothing is known; of inspections only where the points were fitted on them too."""
    indicators = review.indicators()
    if not review.knows_timing:
        indicators = indicators[~indicators["indicator"].isin(of_domains("inspection"))]
    seen = indicators[indicators["state"].isin(SEEN)].assign(is_on=lambda rows: (rows["state"] == "triggered") * 1.0)
    values = seen.pivot(index="urn", columns="indicator", values="value").add_prefix("value_")
    states = seen.pivot(index="urn", columns="indicator", values="is_on").add_prefix("state_")
    found = pd.concat([values, states], axis=1).reindex(schools["urn"])
    for name in ("years_since_any", "last_grade"):
        found[name] = schools[name].to_numpy() if review.knows_timing else np.nan
    return found


def followed(review: Review, months: int) -> pd.DataFrame:
    schools = pd.read_parquet(review.folder / f"schools_{months}.parquet")
    return schools[schools["outcome"].isin(FOLLOWED)]


def of_phase(schools: pd.DataFrame, phase: str) -> pd.DataFrame:
    return schools[(schools["phase"] == phase) & (schools["state"] == "good") & schools["screen"].notna()]


def main(home: Home) -> None:
    *earlier, last = kept_reviews(home)
    print(f"Fitted on {', '.join(str(review.on) for review in earlier)}; judged on {last.on}.")
    print(
        f"{'phase':10} {'months':>6} {'schools':>8} {'failed':>7} {'screen':>7} {'ceiling':>8} {'below it':>9}   95"
        f" per cent"
    )
    for phase in HEADLINES:
        fit_on = [(review, of_phase(review.known_by(last.on), phase)) for review in earlier]
        drawn = pd.concat([inputs(review, schools) for review, schools in fit_on])
        failed = np.concatenate([schools["failed"].to_numpy() for _, schools in fit_on])
        for months in WINDOWS:
            if not (last.folder / f"schools_{months}.parquet").exists():
                continue
            schools = of_phase(followed(last, months), phase)
            judged = inputs(last, schools)
            # what is never seen, or never differs, in either sample tells a model nothing
            useful = [
                name for name in judged if judged[name].nunique() > 1 and name in drawn and drawn[name].nunique() > 1
            ]
            model = HistGradientBoostingClassifier(**SETTINGS).fit(drawn[useful], failed)
            said = model.predict_proba(judged[useful])[:, 1]
            truth, screen = (schools["outcome"] == ADVERSE).to_numpy(), schools["screen"].to_numpy(dtype=float)
            ours, theirs = roc_auc_score(truth, screen), roc_auc_score(truth, said)
            gap = auc_gain(truth, said, screen)
            print(
                f"{phase:10} {months:>6} {len(schools):>8,} {truth.sum():>7,} {ours:>7.3f} {theirs:>8.3f}"
                f" {gap.value:>9.3f}   {gap.lower:.3f} to {gap.upper:.3f}"
            )


if __name__ == "__main__":
    main(Home.resolve(Path(sys.argv[1])))
