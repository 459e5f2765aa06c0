"""New points and chances from the reviews that a back-test kept. Writes them as seeds for people to read and put in
place; changes nothing by itself. Reads and writes; `fit` and `chances` hold the arithmetic.

Fitted on every review but the last, from what was known of them on the last review's day; the last is for the report.
"""

import csv
import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.backtest.chances import chances
from pipelines.backtest.fit import Sample, Scorecard, scorecard
from pipelines.backtest.outcomes import ADVERSE, DAYS_IN_MONTH, FOLLOWED
from pipelines.backtest.scores import PROGRESS, SEEN, of_domains, part_seen, share
from pipelines.backtest.tables import WINDOWS
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.seeds import policy, seed

# Where the list of inspections of the time is old, later ones tell of the years since only for schools not inspected
# soon after the review: how long ago the last inspection was would then tell the outcome, and is hidden.
OLDEST_LIST = timedelta(days=366)
LEAST_TRIGGERED = 30  # an indicator that fewer schools triggered is left as people set it
LEAST_SEEN = 0.5  # and one that could be seen of less than this part of the schools it applies to
LEAST_REVIEWS = 2  # at fewer reviews than this; of inspections one is enough, since they are hidden at the others
# No candidates: what the authority itself knows; what the state of a school is made of; ranks, which are there only
# where a whole country's file is held, so that points on them would be lost to an authority that holds its own; and
# falls, which the strategy makes a cause of concern by themselves (A31a).
NOT_FITTED = (
    "local", "category", "below_good", "ungraded_concerns", "recently_opened", "fall", "bottom_quintile",
    "bottom_decile",
)  # fmt: skip


@dataclass(frozen=True)
class Review:
    """One kept review: its day, the schools with their outcomes, and their indicators."""

    on: date
    folder: Path
    listed_on: date | None  # the newest list of inspections that was out

    @property
    def knows_timing(self) -> bool:
        """Whether that list was new enough for what it tells of the time since the last inspection."""
        return self.listed_on is not None and self.on - self.listed_on <= OLDEST_LIST

    def indicators(self) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "indicators.parquet")

    def known_by(self, day: date) -> pd.DataFrame:
        """The schools with `failed`, as known on a later day: a report takes weeks to come out. Schools whose first
        inspection may be lost, and those that closed, are left out.
        """
        months = ((day - self.on).days - policy("report_days")) / DAYS_IN_MONTH
        window = next((one for one in WINDOWS if one >= months), WINDOWS[-1])
        path = self.folder / f"schools_{window}.parquet"
        if not path.exists():
            raise RaygError(f"{path.name} of {self.on} is not there: run `rayg backtest` again.")
        schools = pd.read_parquet(path)
        schools = schools[schools["outcome"].isin(FOLLOWED)]
        return schools.assign(failed=(schools["outcome"] == ADVERSE) & (schools["months_to"] <= months))


def kept_reviews(home: Home) -> list[Review]:
    """The reviews that the newest back-test kept, the oldest first. Raises RaygError where there are fewer than two."""
    folders = sorted((home.backtest / "reviews").glob("*"))
    reviews = []
    for folder in folders:
        about = json.loads((folder / "review.json").read_text(encoding="utf-8"))
        listed_on = date.fromisoformat(about["listed_on"]) if about["listed_on"] else None
        reviews.append(Review(date.fromisoformat(about["review_on"]), folder, listed_on))
    if len(reviews) < 2:
        raise RaygError("Points are fitted on earlier reviews and reported on a later one: replay two at least.")
    return reviews


def sample(earlier: list[Review], until: date) -> Sample:
    """Schools good or outstanding at the earlier reviews of which any result was seen, with what can be fitted.

    Each stands twice, once with its progress hidden: since 2023/24 progress is hardly published, and points fitted with
    it alone would say little of a school without it.
    """
    parts, seen_of = [], []
    for review in earlier:
        schools = review.known_by(until)
        indicators = review.indicators()
        results = indicators[
            indicators["indicator"].isin(of_domains("attainment", PROGRESS)) & indicators["state"].isin(SEEN)
        ]
        schools = schools[(schools["state"] == "good") & schools["urn"].isin(results["urn"])]
        hidden = set() if review.knows_timing else of_domains("inspection")
        candidates = set(_candidates()) - hidden
        own = indicators[indicators["urn"].isin(schools["urn"]) & indicators["indicator"].isin(candidates)]
        seen_of.append(own["state"].isin(SEEN).groupby(own["indicator"]).mean())
        triggered = own.assign(is_triggered=(own["state"] == "triggered").astype(float)).pivot(
            index="urn", columns="indicator", values="is_triggered"
        )
        parts.append((schools.assign(group=f"{review.on} " + schools["phase"]), triggered.reindex(schools["urn"])))
    whole = pd.concat([triggered for _, triggered in parts]).fillna(0)
    schools = pd.concat([own for own, _ in parts])
    seen_at = (pd.concat(seen_of, axis=1) >= LEAST_SEEN).sum(axis=1)
    enough = min(LEAST_REVIEWS, len(earlier))
    least_of = dict.fromkeys(of_domains("inspection"), 1)
    often = whole.columns[whole.sum() >= LEAST_TRIGGERED]
    can_be_fitted = [name for name in sorted(map(str, often)) if seen_at[name] >= least_of.get(name, enough)]
    seen_whole = whole[can_be_fitted].reset_index(drop=True)
    without = seen_whole.assign(**dict.fromkeys(set(can_be_fitted) & of_domains(PROGRESS), 0.0))
    groups = schools["group"].tolist()
    return Sample(
        pd.concat([seen_whole, without], ignore_index=True),
        np.tile(schools["failed"].to_numpy(dtype=bool), 2),
        schools["urn"].tolist() * 2,
        groups + [f"{group} without progress" for group in groups],
    )


def refit(home: Home, folder: Path) -> Scorecard:
    """Write `indicators.csv`, `screen_chances.csv` and `screen_fit_reviews.csv` into a new folder."""
    *earlier, last = kept_reviews(home)
    if folder.exists() and any(folder.iterdir()):
        raise RaygError(f"{folder} holds files: name a new folder with --fit.")
    folder.mkdir(parents=True, exist_ok=True)
    drawn = sample(earlier, last.on)
    card = scorecard(drawn)
    on = last.on.isoformat()
    about = f"reviews of {', '.join(review.on.isoformat() for review in earlier)} followed to {on}"
    fitted = set(drawn.triggered.columns)
    rows = [
        row
        if row["indicator"] not in fitted
        else row
        | {
            "points": str(card.points.get(row["indicator"], 0)),
            "fitted_on": on,
            "fitted_data": about,
            "authority": "default",
        }
        for row in seed("indicators")
    ]
    _write(folder / "indicators.csv", rows)
    _write(folder / "screen_chances.csv", _chances(earlier, last, card, fitted))
    _write(
        folder / "screen_fit_reviews.csv",
        [{"review_on": review.on.isoformat(), "followed_to": on} for review in earlier],
    )
    return card


def _chances(earlier: list[Review], last: Review, card: Scorecard, fitted: set[str]) -> list[dict[str, object]]:
    """Rows of the seed, from the newest earlier review that knew when schools had been inspected.

    Of schools good or outstanding alone: which were below good on a day is what the files have lost most, and schools
    never graded have no time since. Like the screen, only schools of which enough of the fitted points could be seen.
    """
    months = int(policy("chance_months"))
    known = [review for review in earlier if review.knows_timing]
    if not known:
        raise RaygError("No earlier review had a list of inspections of its own year: add one for the chances.")
    review = known[-1]
    schools = pd.read_parquet(review.folder / f"schools_{months}.parquet")
    is_followed = schools["outcome"].isin(FOLLOWED)
    schools = schools[is_followed & (schools["state"] == "good") & schools["screen"].notna()]
    indicators = review.indicators()
    points = {name: point for name, point in card.points.items() if name in fitted}
    without = {name: point for name, point in points.items() if name not in of_domains(PROGRESS)}
    rows = []
    for basis, of_basis in {"with_progress": points, "without_progress": without}.items():
        score = schools["urn"].map(share(indicators, of_basis))
        enough = 100 * schools["urn"].map(part_seen(indicators, of_basis)) >= policy("least_chance_coverage_pct")
        for phase, own in schools[score.notna() & enough].groupby("phase"):
            for step in chances((own["outcome"] == ADVERSE).to_numpy(), score[own.index].to_numpy(dtype=float)):
                rows.append(
                    {
                        "phase": phase, "school_state": "good", "basis": basis, **step,
                        "fitted_on": last.on.isoformat(),
                        "fitted_data": f"review of {review.on} followed {months} months", "authority": "default",
                    }
                )  # fmt: skip
    return rows


def _candidates() -> list[str]:
    return [
        row["indicator"]
        for row in seed("indicators")
        if row["provision"] == "whole_school" and row["domain"] not in NOT_FITTED and row["test"] not in NOT_FITTED
    ]


def _write(path: Path, rows: list[dict[str, object]] | list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
