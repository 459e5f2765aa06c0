"""Value, interval and verdict of drawn schools, calculated a second time from the rows that were published."""

import dataclasses
from collections import Counter

import pytest

from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData
from tests.second import PRINTED, Printed, attendance_disagreements, disagreements

DRAWN = 100


def compared(printed: Printed, real: RealData, built: Built) -> tuple[list[str], list[str]]:
    rows = real.table("2024-2025", f"919_{printed.file_name}.csv")
    return disagreements(printed, rows, lambda sql, given: built.rows(sql, *given), "919", DRAWN)


@pytest.mark.parametrize("printed", PRINTED, ids=lambda one: f"{one.measure} {one.pupil_group}")
def test_a_second_calculation_agrees(real: RealData, hertfordshire: Built, printed: Printed) -> None:
    different, verdicts = compared(printed, real, hertfordshire)
    assert different == []
    assert len(verdicts) >= 50 and len(Counter(verdicts)) >= 3, Counter(verdicts)


def test_another_margin_would_be_noticed(real: RealData, hertfordshire: Built) -> None:
    different, _ = compared(dataclasses.replace(PRINTED[0], margin=25), real, hertfordshire)
    assert different != []


def test_a_second_calculation_of_the_axis_of_attendance_agrees(real: RealData, hertfordshire: Built) -> None:
    rows = real.table("2023-2024", "919_abs.csv")
    different, axes = attendance_disagreements(
        rows, lambda sql, given: hertfordshire.rows(sql, *given), "919", "2023/24", 400
    )
    assert different == []
    assert len(axes) >= 300 and len(Counter(axes)) >= 3, Counter(axes)
