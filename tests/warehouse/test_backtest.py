"""The back-test over the sample county: through the command, and proof that no score looks past its review's day."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.backtest.replay import replay
from pipelines.backtest.scores import points_of, share
from pipelines.home import Home
from pipelines.landing.land import land
from tests.conftest import BACKTESTED as REVIEW
from tests.shared import copy_home

LATER = date(2025, 12, 1)
ABSURD = "4"  # as a grade the worst there is, as a percentage absurd, as a number of pupils a handful
# columns of a log that say when a row's inspection was, or its report came out, and those that they date
INSPECTIONS = {
    "ofsted_schools": [
        (
            "INSPECTION START DATE",
            "PUBLICATION DATE",
            ("OVERALL EFFECTIVENESS", "QUALITY OF EDUCATION", "CATEGORY OF CONCERN"),
        ),
        (
            "PREVIOUS INSPECTION START DATE",
            "PREVIOUS PUBLICATION DATE",
            ("PREVIOUS GRADED INSPECTION OVERALL EFFECTIVENESS",),
        ),
    ],
    "ofsted_report_cards": [("INSPECTION START DATE", "PUBLICATION DATE", ("OVERALL EFFECTIVENESS",))],
}


@pytest.fixture(scope="module")
def rows(sample_home: Home) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(sample_home.current / "backtest.parquet").to_pylist()
    return found


@pytest.fixture(scope="module")
def schools(sample_home: Home) -> pd.DataFrame:
    """Each school of the review, as the back-test kept it."""
    return pd.read_parquet(sample_home.backtest / "reviews" / REVIEW.isoformat() / "schools_12.parquet")


@pytest.fixture(scope="module")
def indicators(sample_home: Home) -> pd.DataFrame:
    """What the screen of the review said of each school, as the back-test kept it."""
    return pd.read_parquet(sample_home.backtest / "reviews" / REVIEW.isoformat() / "indicators.parquet")


def test_the_mart_counts_every_school_of_the_review(schools: pd.DataFrame, rows: list[dict[str, object]]) -> None:
    counted = {
        (row["phase"], row["school_state"]): row["value"]
        for row in rows
        if row["measure"] == "schools_n" and row["months"] == 12 and (row["sector"], row["subset"]) == ("all", "all")
    }
    assert counted == schools.groupby(["phase", "state"]).size().to_dict()
    assert sum(counted.values()) == len(schools) > 100
    outcomes = {"failed_n", "passed_n", "not_inspected_n", "unsure_n", "closed_n", "under_way_n"}
    for cell, schools_n in counted.items():
        parts = [
            row["value"]
            for row in rows
            if (row["phase"], row["school_state"]) == cell
            and row["measure"] in outcomes
            and (row["sector"], row["subset"], row["months"]) == ("all", "all", 12)
        ]
        assert len(parts) == 6 and sum(parts) == schools_n


def test_a_figure_that_cannot_be_worked_out_says_why(rows: list[dict[str, object]]) -> None:
    silent = [row for row in rows if row["value"] is None]
    assert silent and all(row["note"] for row in silent)
    assert any(row["measure"] == "auc" and row["value"] is not None for row in rows)


def test_the_page_and_the_report_give_the_same_figures(sample_home: Home) -> None:
    page = (sample_home.current / "site" / "backtest.html").read_text(encoding="utf-8")
    report = (sample_home.root / "backtest.md").read_text(encoding="utf-8")
    printed = (sample_home.root / "printed.txt").read_text(encoding="utf-8")
    assert "15 September 2024" in page and "15 September 2024" in report and "15 September 2024" in printed
    headline = next(line for line in report.splitlines() if line.startswith("| 15 September 2024, primary"))
    for cell in (cell.strip() for cell in headline.strip("|").split("|")[1:]):
        assert f"<td>{cell}</td>" in page


def test_the_back_test_scores_as_the_screen_does(schools: pd.DataFrame, indicators: pd.DataFrame) -> None:
    """Points shared out in Python for the variants are those that the screen's own model shares out."""
    ours = schools["urn"].map(share(indicators, points_of()))
    shown = schools["screen"].notna()
    assert shown.sum() > 50
    pd.testing.assert_series_equal(schools["screen"][shown], ours[shown], check_names=False)


def test_nothing_published_later_can_change_a_score(
    sample_home: Home, schools: pd.DataFrame, indicators: pd.DataFrame, tmp_path: Path
) -> None:
    """Every figure of a file out later, and every grade and date of an inspection reported later, made absurd: the
    review replayed over them is, to the byte, the one that the back-test kept.
    """
    county = copy_home(sample_home, tmp_path / "county")
    poisoned = sum(poison(county))
    assert poisoned > 100_000
    again = replay(county, "all", REVIEW, None)
    assert as_bytes(again.indicators) == as_bytes(indicators)
    assert as_bytes(again.schools) == as_bytes(schools[again.schools.columns])
    # the poison bites where it may be seen
    bitten = replay(county, "all", LATER, None)
    values = bitten.indicators.set_index(["urn", "indicator"])["value"]
    assert (values.xs("ks2_rwm_below", level="indicator").dropna() == float(ABSURD)).mean() > 0.5
    grades, grades_before = (found["deciding_grade"] == float(ABSURD) for found in (bitten.schools, schools))
    assert grades.sum() > 100 > grades_before.sum()


def as_bytes(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False).encode()


def poison(home: Home) -> Iterator[int]:
    """Spoil the landed cells of what came out after the review; yields how many cells of each file."""
    land(home, la_code="all", as_at=REVIEW, review_year=None)
    files = pq.read_table(home.landing / "files.parquet").to_pylist()
    for file in files:
        path = home.landing / "cells" / f"{file['file_id']}.parquet"
        if not file["is_visible"]:
            yield spoil(path, "true")
        elif file["source"] in INSPECTIONS and file["published_on"] > REVIEW:
            for begun, reported, grades in INSPECTIONS[file["source"]]:
                named = ", ".join(f"'{name}'" for name in grades)
                yield spoil(
                    path,
                    f"column_key in ({named}) and line in (select line from cells where column_key in ('{begun}',"
                    f" '{reported}') and try_strptime(raw_value, '%d/%m/%Y') > date '{REVIEW}')",
                )


def spoil(path: Path, which: str) -> int:
    """Make absurd the numbers and grades among the cells of a landed file that `which` names, keys apart."""
    connection = duckdb.connect()
    cells = pq.read_table(path)
    connection.register("cells", cells)
    is_spoilt = (
        f"({which}) and column_key not in ('URN', 'LA', 'LEA', 'ESTAB', 'LAESTAB', 'RECTYPE')"
        " and (try_cast(replace(raw_value, '%', '') as double) is not null or raw_value = 'Not judged')"
    )
    ((spoilt,),) = connection.execute(f"select count(*) from cells where {is_spoilt}").fetchall()
    made = connection.sql(
        f"select * replace (case when {is_spoilt} then '{ABSURD}' else raw_value end as raw_value) from cells"
    ).to_arrow_table()
    path.unlink()  # the copy's own name for the county's file, which stays as it is
    pq.write_table(made.cast(pa.schema(cells.schema)), path)
    return int(spoilt)
