"""The release calendar over the real catalogue: when each source is due next, and what counts as behind."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.sources.calendar import FAILING, Held, standing
from pipelines.sources.catalogue import Source, load_catalogue

CATALOGUE = load_catalogue()
COMING = [source for source in CATALOGUE.sources if source.rhythm not in ("ended", "irregular")]


def source(source_id: str) -> Source:
    found = CATALOGUE.source(source_id)
    assert found is not None
    return found


def held(year: str, release: str, day: str = "2026-01-01") -> Held:
    return Held(year, release, date.fromisoformat(day))  # type: ignore[arg-type]


# What is held, the day, and then: the state, what is due next (year or None for a copy), from and to which day.
@pytest.mark.parametrize(
    ("source_id", "files", "day", "state", "due"),
    [
        ("ks2", [held("2024/25", "final")], "2026-11-24", "current", ("2025/26", "revised", "12-01", "12-31")),
        ("ks2", [held("2024/25", "final")], "2026-12-01", "due", ("2025/26", "revised", "12-01", "12-31")),
        ("ks2", [held("2024/25", "final")], "2026-12-31", "due", ("2025/26", "revised", "12-01", "12-31")),
        ("ks2", [held("2024/25", "final")], "2027-01-01", "overdue", ("2025/26", "final", "04-01", "04-30")),
        ("ks2", [held("2025/26", "revised")], "2026-12-20", "current", ("2025/26", "final", "04-01", "04-30")),
        (
            "ks2_ees_areas",
            [held("2024/25", "final")],
            "2026-09-02",
            "due",
            ("2025/26", "provisional", "09-01", "09-30"),
        ),
        ("ks4", [held("2025/26", "provisional")], "2026-11-24", "current", ("2025/26", "revised", "02-01", "02-28")),
        ("ks4", [held("2024/25", "final")], "2026-10-31", "due", ("2025/26", "provisional", "10-01", "10-31")),
        ("ks4", [held("2024/25", "final")], "2026-11-01", "overdue", ("2025/26", "revised", "02-01", "02-28")),
        ("ks5", [held("2024/25", "final")], "2027-02-01", "due", ("2025/26", "revised", "02-01", "02-28")),
        ("phonics", [held("2025/26", "final")], "2026-11-24", "current", ("2026/27", "final", "10-01", "10-31")),
        ("eyfsp", [held("2024/25", "final")], "2026-11-24", "due", ("2025/26", "final", "11-01", "11-30")),
        ("absence", [held("2024/25", "final")], "2027-03-01", "current", ("2025/26", "final", "05-01", "05-31")),
        (
            "absence_ees_schools",
            [held("2024/25", "final")],
            "2027-03-01",
            "due",
            ("2025/26", "final", "03-01", "03-31"),
        ),
        ("census", [held("2025/26", "final")], "2026-11-24", "current", ("2026/27", "final", "06-01", "06-30")),
        ("suspensions", [held("2024/25", "final")], "2026-11-24", "current", ("2025/26", "final", "07-01", "07-31")),
        ("maintained_school_finance", [], "2026-11-24", "missing", ("2025/26", "final", "12-01", "12-31")),
        (
            "gias_links",
            [held("2026/27", "snapshot", "2026-11-24")],
            "2026-11-24",
            "current",
            (None, None, "11-25", "11-25"),
        ),
        (
            "gias_links",
            [held("2026/27", "snapshot", "2026-11-17")],
            "2026-11-24",
            "due",
            (None, None, "11-24", "11-24"),
        ),
        (
            "gias_links",
            [held("2026/27", "snapshot", "2026-11-16")],
            "2026-11-24",
            "stale",
            (None, None, "11-24", "11-24"),
        ),
        (
            "ofsted_report_cards",
            [held("2026/27", "snapshot", "2026-09-30")],
            "2026-11-14",
            "current",
            (None, None, "11-15", "11-30"),
        ),
        (
            "ofsted_report_cards",
            [held("2026/27", "snapshot", "2026-09-30")],
            "2026-11-15",
            "due",
            (None, None, "11-15", "11-30"),
        ),
        (
            "ofsted_report_cards",
            [held("2026/27", "snapshot", "2026-10-31")],
            "2026-11-24",
            "current",
            (None, None, "12-15", "12-31"),
        ),
        (
            "ofsted_report_cards",
            [held("2025/26", "snapshot", "2026-08-31")],
            "2026-11-01",
            "stale",
            (None, None, "11-15", "11-30"),
        ),
        (
            "attendance_ytd",
            [held("2026/27", "snapshot", "2026-11-05")],
            "2026-11-24",
            "due",
            (None, None, "11-15", "11-30"),
        ),
        # nothing comes out in August
        (
            "attendance_ytd",
            [held("2025/26", "snapshot", "2026-07-20")],
            "2026-09-10",
            "due",
            (None, None, "09-01", "09-14"),
        ),
        (
            "attendance_ytd",
            [held("2025/26", "snapshot", "2026-07-20")],
            "2026-09-15",
            "stale",
            (None, None, "09-15", "09-30"),
        ),
        (
            "local_attendance",
            [held("2026/27", "local_unvalidated", "2026-07-20")],
            "2026-11-24",
            "current",
            (None, None, "01-01", "01-31"),
        ),
        ("local_ks2", [], "2026-11-24", "optional", ("2026/27", "local_unvalidated", "09-01", "09-30")),
        (
            "local_ks2",
            [held("2024/25", "local_unvalidated")],
            "2026-11-24",
            "overdue",
            ("2026/27", "local_unvalidated", "09-01", "09-30"),
        ),
    ],
)
def test_what_is_due_next(source_id, files, day, state, due):
    found = standing(source(source_id), files, date.fromisoformat(day))
    year, release, opens, closes = due
    assert found.state == state
    assert found.due is not None
    assert found.due.academic_year == year and release in (None, found.due.release)
    assert (f"{found.due.opens:%m-%d}", f"{found.due.closes:%m-%d}") == (opens, closes)


def test_a_later_release_stands_for_an_earlier_one():
    found = standing(source("ks4"), [held("2025/26", "revised")], date(2026, 11, 24))
    assert (found.state, found.missed) == ("current", None)


def test_only_the_newest_thing_missed_is_named():
    missed = standing(source("ks4"), [held("2019/20", "final")], date(2026, 11, 24)).missed
    assert missed is not None
    assert (missed.academic_year, missed.release) == ("2025/26", "provisional")


def test_an_impossible_year_does_not_hide_what_is_behind():
    assert standing(source("ks2"), [held("2099/00", "final")], date(2027, 1, 1)).state in FAILING


@pytest.mark.parametrize("ended", [one for one in CATALOGUE.sources if one.rhythm == "ended"], ids=lambda one: one.id)
def test_what_has_ended_is_never_behind(ended):
    found = standing(ended, [], date(2026, 11, 24))
    assert (found.state, found.due, found.is_failing) == ("ended", None, False)


def test_every_source_says_how_often_it_comes():
    assert [one.id for one in CATALOGUE.sources if one.cadence is None] == []


DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
FILES = st.builds(
    lambda start, release, day: Held(f"{start}/{(start + 1) % 100:02d}", release, day),
    st.integers(2014, 2041),
    st.sampled_from(["provisional", "revised", "final", "snapshot", "local_unvalidated"]),
    DAYS,
)


@settings(deadline=None)
@given(st.sampled_from(COMING), st.lists(FILES, max_size=4), DAYS)
def test_next_due_is_never_in_the_past(coming, files, today):
    found = standing(coming, files, today)
    assert found.due is not None
    assert found.due.closes >= today and found.due.opens <= found.due.closes
    assert found.missed is None or found.missed.closes < today
    assert not found.is_failing or found.missed is not None


@settings(deadline=None)
@given(st.sampled_from(COMING), DAYS)
def test_bringing_in_what_is_missed_ends_it(coming, today):
    missed = standing(coming, [], today).missed
    assert missed is not None
    year = missed.academic_year or f"{today.year - 1}/{today.year % 100:02d}"
    after = standing(coming, [Held(year, missed.release, missed.closes)], today)
    assert not after.is_failing


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cadence": "ended"}, "has a last_year"),
        ({"last_year": "2020/21"}, "has a last_year"),
        ({"expected": ["snapshot"]}, "lacks the expected"),
        ({"cadence": "weekly"}, "Input should be"),
        ({"usual_day": 31}, "less than or equal to 28"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        Source.model_validate(source("ks2").model_dump() | {"cadence": "annual"} | change)
