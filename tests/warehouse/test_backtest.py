"""The back-test over the sample county: through the command, and proof that no score looks past its review's day."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.backtest.replay import Replay, replay
from pipelines.backtest.scores import points_of, share
from pipelines.home import Home
from pipelines.landing.land import land

REVIEW = date(2024, 9, 15)
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
def county(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the sample county that has had a back-test of one review, through the command."""
    home = Home.resolve(tmp_path_factory.mktemp("backtest") / "county")
    shutil.copytree(sample_home.raw, home.raw)
    shutil.copytree(sample_home.landing, home.landing)
    done = subprocess.run(
        [
            sys.executable, "-m", "pipelines.cli", "--home", str(home.root), "backtest",
            "--from", REVIEW.isoformat(), "--to", REVIEW.isoformat(), "--report", str(home.root / "backtest.md"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (home.root / "said.txt").write_text(done.stdout, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def rows(county: Home) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(county.current / "backtest.parquet").to_pylist()
    return found


def test_the_mart_counts_every_school_of_the_review(county: Home, rows: list[dict[str, object]]) -> None:
    kept = pd.read_parquet(county.backtest / "reviews" / REVIEW.isoformat() / "schools_12.parquet")
    counted = {
        (row["phase"], row["school_state"]): row["value"]
        for row in rows
        if row["measure"] == "schools_n" and row["months"] == 12 and (row["sector"], row["subset"]) == ("all", "all")
    }
    assert counted == kept.groupby(["phase", "state"]).size().to_dict()
    assert sum(counted.values()) == len(kept) > 100
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


def test_the_page_and_the_report_give_the_same_figures(county: Home) -> None:
    page = (county.current / "site" / "backtest.html").read_text(encoding="utf-8")
    report = (county.root / "backtest.md").read_text(encoding="utf-8")
    said = (county.root / "said.txt").read_text(encoding="utf-8")
    assert "15 September 2024" in page and "15 September 2024" in report and "15 September 2024" in said
    headline = next(line for line in report.splitlines() if line.startswith("| 15 September 2024, primary"))
    for cell in (cell.strip() for cell in headline.strip("|").split("|")[1:]):
        assert f"<td>{cell}</td>" in page


def test_the_back_test_scores_as_the_screen_does(county: Home) -> None:
    """Points shared out in Python for the variants are those that the screen's own model shares out."""
    folder = county.backtest / "reviews" / REVIEW.isoformat()
    kept, indicators = pd.read_parquet(folder / "schools_12.parquet"), pd.read_parquet(folder / "indicators.parquet")
    ours = kept["urn"].map(share(indicators, points_of()))
    shown = kept["screen"].notna()
    assert shown.sum() > 50
    pd.testing.assert_series_equal(kept["screen"][shown], ours[shown], check_names=False)


def test_nothing_published_later_can_change_a_score(county: Home) -> None:
    """Every figure of a file out later, and every grade and date of an inspection reported later, made absurd: the
    replay's rows stay the same to the byte.
    """
    kept = pd.read_parquet(county.backtest / "reviews" / REVIEW.isoformat() / "indicators.parquet")
    before = replay(county, "all", REVIEW, None)
    pd.testing.assert_frame_equal(before.indicators, kept)
    poisoned = sum(poison(county))
    assert poisoned > 100_000
    after = replay(county, "all", REVIEW, None)
    assert as_bytes(after) == as_bytes(before)
    # the poison bites where it may be seen
    bitten = replay(county, "all", LATER, None)
    values = bitten.indicators.set_index(["urn", "indicator"])["value"]
    assert (values.xs("ks2_rwm_below", level="indicator").dropna() == float(ABSURD)).mean() > 0.5
    grades, grades_before = (found.schools["deciding_grade"] == float(ABSURD) for found in (bitten, before))
    assert grades.sum() > 100 > grades_before.sum()


def as_bytes(found: Replay) -> bytes:
    return (found.schools.to_csv(index=False) + found.indicators.to_csv(index=False)).encode()


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
    pq.write_table(made.cast(pa.schema(cells.schema)), path)
    return int(spoilt)
