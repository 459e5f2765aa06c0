"""Value, interval and verdict of the sample county's schools, calculated a second time from the files as they are held.

The same for real files is in tests/realdata.
"""

import csv
from collections import Counter

import duckdb
import pytest

from pipelines.home import Home
from tests.second import PRINTED, Printed, attendance_disagreements, disagreements

FOLDERS = {"ks2final": "ks2", "ks4final": "ks4"}


@pytest.mark.parametrize("printed", PRINTED, ids=lambda one: f"{one.measure} {one.pupil_group}")
def test_a_second_calculation_agrees(sample_home: Home, printed: Printed) -> None:
    held = sample_home.raw / FOLDERS[printed.file_name] / "2024-25" / f"england_{printed.file_name}.csv"
    with held.open(encoding="utf-8-sig", newline="") as file:
        rows = [{name.upper(): cell or "" for name, cell in row.items()} for row in csv.DictReader(file)]
    with duckdb.connect() as connection:
        for mart in ("benchmarks", "schools"):
            connection.execute(f"create view {mart} as from read_parquet('{sample_home.current / mart}.parquet')")
        different, verdicts = disagreements(
            printed, rows, lambda sql, given: connection.execute(sql, given).fetchall(), "998", 100
        )
    assert different == []
    assert len(verdicts) >= 10 and len(Counter(verdicts)) >= 2, Counter(verdicts)


def test_a_second_calculation_of_the_axis_of_attendance_agrees(sample_home: Home) -> None:
    held = sample_home.raw / "absence" / "2024-25" / "england_abs.csv"
    with held.open(encoding="utf-8-sig", newline="") as file:
        rows = [{name.upper(): cell or "" for name, cell in row.items()} for row in csv.DictReader(file)]
    with duckdb.connect() as connection:
        for mart in ("benchmarks", "rayg_drafts"):
            connection.execute(f"create view {mart} as from read_parquet('{sample_home.current / mart}.parquet')")
        different, axes = attendance_disagreements(
            rows, lambda sql, given: connection.execute(sql, given).fetchall(), "998", "2024/25", 100
        )
    assert different == []
    assert len(axes) >= 50 and len(Counter(axes)) >= 3, Counter(axes)
