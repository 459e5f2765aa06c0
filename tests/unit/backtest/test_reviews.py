"""Kept reviews made by hand: what is fitted on them, what is written, and what a reader is shown."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.backtest.refit import kept_reviews, refit, sample
from pipelines.backtest.reviews import reviews
from pipelines.backtest.scores import scored, share
from pipelines.backtest.tables import rows
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.views.backtest import view
from pipelines.seeds import seed, seed_file

EARLIER, LAST = date(2017, 12, 15), date(2018, 12, 15)
SCHOOLS = 3000


def followed(on: date, draw: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Primaries whose failing follows one indicator strongly, another weakly and a third not at all."""
    random = np.random.default_rng(draw)
    urns = [str(100000 + number) for number in range(SCHOOLS)]
    triggered = {
        "ks2_rwm_below": random.random(SCHOOLS) < 0.3,
        "ks2_rwm_below_pooled": random.random(SCHOOLS) < 0.3,
        "ks2_higher_below": random.random(SCHOOLS) < 0.3,
    }
    log_odds = -3 + 2 * triggered["ks2_rwm_below"] + 0.6 * triggered["ks2_rwm_below_pooled"]
    failed = random.random(SCHOOLS) < 1 / (1 + np.exp(-log_odds))
    schools = pd.DataFrame(
        {
            "urn": urns,
            "school_kind": "primary",
            "phase": "primary",
            "sector": "maintained",
            "state": "good",
            "is_state_sure": True,
            "is_sure": True,
            "screen": 0.1,
            "outcome": np.where(failed, "adverse", np.where(random.random(SCHOOLS) < 0.1, "good", "not_inspected")),
            "months_to": np.where(failed, random.uniform(0.5, 10, SCHOOLS), np.nan),
            "judged_by": "overall_grade",
        }
    )
    indicators = pd.concat(
        [
            pd.DataFrame({"urn": urns, "indicator": name, "state": np.where(is_on, "triggered", "clear")})
            for name, is_on in triggered.items()
        ]
    ).assign(value=50.0, cohort_n=30.0)
    return schools, indicators


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return kept(tmp_path)


def kept(root: Path) -> Home:
    """A home with two kept reviews."""
    found = Home(root)
    for on, draw in ((EARLIER, 1), (LAST, 2)):
        folder = found.backtest / "reviews" / on.isoformat()
        folder.mkdir(parents=True)
        schools, indicators = followed(on, draw)
        for months in (12, 24, 36):
            schools.to_parquet(folder / f"schools_{months}.parquet")
        indicators.to_parquet(folder / "indicators.parquet")
        (folder / "review.json").write_text(json.dumps({"review_on": on.isoformat(), "listed_on": on.isoformat()}))
    return found


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds as fitted anew."""
    root = tmp_path_factory.mktemp("refit")
    refit(kept(root / "home"), root / "new")
    return root / "new"


def test_points_follow_what_happened_and_the_rest_is_left_alone(new: Path) -> None:
    written = {row["indicator"]: row for row in read(new / "indicators.csv")}
    assert list(written) == [row["indicator"] for row in seed("indicators")]
    strong, weak, none = (
        int(written[name]["points"]) for name in ("ks2_rwm_below", "ks2_rwm_below_pooled", "ks2_higher_below")
    )
    assert strong > weak > none == 0
    assert written["ks2_higher_below"]["fitted_on"] == "2018-12-15"
    assert written["ks2_higher_below"]["fitted_data"] == "reviews of 2017-12-15 followed to 2018-12-15"
    for row in seed("indicators"):
        if row["indicator"] not in ("ks2_rwm_below", "ks2_rwm_below_pooled", "ks2_higher_below"):
            assert written[row["indicator"]] == row
        assert written[row["indicator"]]["hand_points"] == row["hand_points"]


def test_chances_come_from_the_earlier_review(new: Path) -> None:
    steps = read(new / "screen_chances.csv")
    own = [row for row in steps if row["basis"] == "with_progress"]
    assert {row["fitted_data"] for row in steps} == {"review of 2017-12-15 followed 12 months"}
    assert sum(int(row["schools_n"]) for row in own) == SCHOOLS
    assert [float(row["chance_pct"]) for row in own] == sorted(float(row["chance_pct"]) for row in own)
    placed = seed_file("screen_chances")
    assert list(steps[0]) == placed.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert read(new / "screen_fit_reviews.csv") == [{"review_on": "2017-12-15", "followed_to": "2018-12-15"}]


def test_only_what_was_known_by_then_counts(home: Home) -> None:
    (earlier, _) = kept_reviews(home)
    whole = sample([earlier], LAST).failed.sum() / 2
    # in mid-April reports of inspections up to mid-March were out, three months after the review
    schools = earlier.known_by(date(2018, 4, 14))
    three_months = schools.loc[schools["outcome"] == "adverse", "months_to"] <= 90 / 30.4375
    assert schools["failed"].sum() == three_months.sum()
    assert 0 < schools["failed"].sum() < whole


def test_one_review_alone_fits_nothing(home: Home, tmp_path: Path) -> None:
    shutil.rmtree(home.backtest / "reviews" / LAST.isoformat())
    with pytest.raises(RaygError, match="replay two at least"):
        refit(home, tmp_path / "new")


def test_a_home_without_results_has_no_review(tmp_path: Path) -> None:
    with pytest.raises(RaygError, match="No key stage results by school are held"):
        reviews(Home(tmp_path), None, date(2025, 1, 1))


def test_points_are_shared_out_over_what_could_be_seen() -> None:
    indicators = pd.DataFrame(
        [
            ("1", "a", "triggered"), ("1", "b", "clear"), ("1", "c", "triggered"),
            ("2", "a", "suppressed"), ("2", "b", "triggered"),
            ("3", "a", "no_data"), ("3", "b", "too_small"),
        ],
        columns=["urn", "indicator", "state"],
    )  # fmt: skip
    found = share(indicators, {"a": 2, "b": 3})
    assert found.to_dict() == {"1": pytest.approx(0.4), "2": 1.0}  # the third school could not be seen at all


def replayed() -> pd.DataFrame:
    """One review's schools as they stand before they are counted: one pupil, suppressed and unseen ones among them."""
    schools, indicators = followed(LAST, 5)
    schools = schools.assign(
        points=1.0, points_seen=4.0, band="low", deciding_grade=2, years_since_any=3.0, inspection_standing="good",
        fsm6_pct=10.0, sen_support_pct=np.nan, ehcp_pct=np.nan, eal_pct=np.nan, pupils_n=100.0, chance_pct=2.0,
    ).drop(columns=["phase", "screen"])  # fmt: skip
    schools.loc[0, ["points", "points_seen", "band"]] = [None, None, "cannot_be_screened"]
    indicators.loc[(indicators["urn"] == "100001"), ["state", "value", "cohort_n"]] = ["too_small", 0.0, 1.0]
    indicators.loc[(indicators["urn"] == "100002"), ["state", "value", "cohort_n"]] = ["suppressed", None, None]
    return scored(schools, indicators)


def test_absences_stay_absences() -> None:
    schools = replayed().set_index("urn")
    assert pd.isna(schools.loc["100000", "screen"])
    assert pd.isna(schools.loc["100002", "attainment"]) and pd.isna(schools.loc["100002", "headline_n"])
    assert schools["has_suppressed"].sum() == 2
    assert schools["persistent_absence"].isna().all()


def test_rows_of_a_review_count_its_schools_and_the_page_shows_them() -> None:
    found = list(rows(LAST, 2018, replayed(), 24))
    of = {(row["subset"], row["score"], row["measure"], row["part"]): row for row in found if row["sector"] == "all"}
    assert of["all", "all", "schools_n", None]["value"] == SCHOOLS
    assert of["small", "all", "schools_n", None]["value"] == 1
    assert of["suppressed", "all", "schools_n", None]["value"] == 2
    assert of["suppressed", "screen", "auc", None]["value"] is None
    assert of["all", "screen", "auc", None]["value"] == pytest.approx(0.5)  # all have the same score
    assert of["all", "persistent_absence", "auc", None]["note"]
    page = view([{**row, "is_in_fit": False} for row in found])
    headline = next(table for table in page.tables if table.key == "headline")
    assert headline.rows[0][:2] == ["15 December 2018, primary", f"{SCHOOLS:,}"]
    assert view([]).tables == [] and view([]).opening == []
