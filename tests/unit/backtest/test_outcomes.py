"""What came of a school, and how sure it is: from made inspections whose answer is known beforehand."""

from datetime import date

import pandas as pd
import pytest

from pipelines.backtest.outcomes import Known, longest_gap, outcomes, states

REVIEW = date(2018, 9, 15)


def known(
    verdicts: list[tuple[str, str, bool]] = (),  # type: ignore[assignment]
    lists: list[tuple[str, str | None, str, str]] = (),  # type: ignore[assignment]
    closed: list[tuple[str, str]] = (),  # type: ignore[assignment]
) -> Known:
    found = pd.DataFrame(verdicts, columns=["urn", "inspected_on", "is_below_good"]).assign(judged_by="overall_grade")
    rows = pd.DataFrame(lists, columns=["urn", "previous_on", "latest_on", "complete_to"])
    ends = pd.DataFrame(closed, columns=["urn", "close_on"])
    for frame, days in (
        (found, ["inspected_on"]),
        (rows, ["previous_on", "latest_on", "complete_to"]),
        (ends, ["close_on"]),
    ):
        for name in days:
            frame[name] = pd.to_datetime(frame[name])
    return Known(found, rows, ends)


def came_of(held: Known, months: int = 24) -> tuple[str, float | None]:
    schools = pd.DataFrame({"urn": ["1"], "graded_on": pd.to_datetime(["2014-01-10"])})
    (row,) = outcomes(schools, held, REVIEW, months).to_dict("records")
    return row["outcome"], None if pd.isna(row["months_to"]) else round(row["months_to"], 1)


COVERED = [("1", None, "2014-01-10", "2022-03-01")]  # one list vouches for all of it


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([("1", "2019-03-15", True)], ("adverse", 5.9)),
        ([("1", "2019-03-15", False)], ("good", 5.9)),
        # the earliest decides, whatever came after
        ([("1", "2019-03-15", False), ("1", "2020-01-15", True)], ("good", 5.9)),
        ([("1", "2019-03-15", True), ("1", "2020-01-15", False)], ("adverse", 5.9)),
        # found to have failed before the review, the report not out: it is no failure that could be foreseen
        ([("1", "2018-09-14", True)], ("under_way", None)),
        ([("1", "2014-01-12", True)], ("not_inspected", None)),  # the inspection that the review saw, by its last day
        ([("1", "2018-09-15", True)], ("adverse", 0.0)),
        ([("1", "2020-09-15", True)], ("adverse", 24.0)),
        ([("1", "2020-09-16", True)], ("not_inspected", None)),
        ([("2", "2019-03-15", True)], ("not_inspected", None)),
        ([], ("not_inspected", None)),
    ],
)
def test_the_earliest_inspection_of_the_window_decides(
    verdicts: list[tuple[str, str, bool]], expected: tuple[str, float | None]
) -> None:
    assert came_of(known(verdicts, COVERED)) == expected


def test_what_may_have_been_lost_is_unsure() -> None:
    two_later = [("1", "2021-10-05", "2024-05-05", "2025-07-01")]  # whatever came before October 2021 was pushed out
    of_the_time = ("1", None, "2014-01-10", "2018-06-13")
    assert came_of(known([("1", "2021-10-05", False)], two_later)) == ("unsure", None)
    assert came_of(known([("1", "2021-10-05", False)], [of_the_time, *two_later])) == ("unsure", None)
    # a register of March 2022 that still shows the inspection of 2014 vouches for the years between
    register = ("1", None, "2014-01-10", "2022-03-01")
    assert came_of(known([("1", "2021-10-05", False)], [of_the_time, register, *two_later])) == ("not_inspected", None)
    # no list at all knows the school
    assert came_of(known()) == ("unsure", None)
    # a failure that is known is a failure, though an earlier inspection may be lost; a pass may hide one
    assert came_of(known([("1", "2020-03-15", True)], two_later))[0] == "adverse"
    assert came_of(known([("1", "2020-03-15", False)], two_later))[0] == "unsure"
    schools = pd.DataFrame({"urn": ["1"], "graded_on": pd.to_datetime(["2014-01-10"])})
    late, soon = (
        outcomes(schools, known([("1", day, True)], [of_the_time, ("1", day, "2023-05-05", "2025-07-01")]), REVIEW, 24)
        for day in ("2020-03-15", "2019-03-15")
    )
    assert late["is_sure"].tolist() == [False] and soon["is_sure"].tolist() == [True]


def test_a_school_that_closed_unseen_is_neither() -> None:
    assert came_of(known(lists=COVERED, closed=[("1", "2019-08-31")])) == ("closed", None)
    assert came_of(known(lists=COVERED, closed=[("1", "2020-10-31")])) == ("not_inspected", None)
    assert came_of(known([("1", "2019-03-15", True)], COVERED, [("1", "2019-08-31")]))[0] == "adverse"


def test_gaps_are_what_no_list_vouches_for() -> None:
    lists = known(
        lists=[
            ("1", None, "2014-01-10", "2018-10-01"),
            ("1", "2019-01-01", "2019-06-01", "2019-08-01"),
            ("1", None, "2019-07-01", "2020-01-01"),
        ]
    ).lists
    day = pd.Series([pd.Timestamp(REVIEW)])

    def gap(end: str) -> float:
        return float(longest_gap(lists, pd.Series(["1"]), day, pd.Series([pd.Timestamp(end)]))[0])

    assert gap("2018-09-20") == 0
    assert gap("2018-12-01") == 92  # October to January, where a list vouches again, though the window ends before
    assert gap("2020-01-01") == 92
    assert gap("2020-09-01") == float("inf")  # nothing vouches any more


def test_a_state_is_sure_where_lists_reach_from_the_grade_to_the_review() -> None:
    schools = pd.DataFrame(
        {
            "urn": ["1", "2", "3", "4"],
            "inspection_standing": ["strong", "below_good", "not_yet_inspected", "good"],
            "graded_on": pd.to_datetime(["2014-01-10", "2017-01-10", None, "2012-01-10"]),
        }
    )
    held = known(
        lists=[
            ("1", None, "2014-01-10", "2018-06-13"),  # three months short
            ("1", "2018-11-10", "2022-01-10", "2025-06-13"),  # and five months on another list begins: hides nothing
            ("2", None, "2017-01-10", "2017-06-13"),
            ("3", None, "2021-01-10", "2025-05-31"),  # never graded before, and who knows
            ("4", None, "2012-01-10", "2015-05-31"),
            ("4", "2018-11-10", "2022-01-10", "2025-06-13"),
        ]
    )
    found = states(schools, held, REVIEW)
    assert found["state"].tolist() == ["good", "below_good", "none", "good"]
    assert found["is_state_sure"].tolist() == [True, False, False, False]
