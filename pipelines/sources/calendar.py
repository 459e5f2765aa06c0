"""The release calendar: when something new of a source is due, and whether what is held is behind it.

Pure: it works from the catalogue's months and cadence, the seed of releases, the held files and a given `today`.
Callers read the clock (Dagster, `rayg sources`), never a build. `fetching.holdings` says what is held.
"""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import count, takewhile
from typing import Literal

from pipelines.provenance import Release
from pipelines.seeds import seed
from pipelines.sources.catalogue import Source

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIRST_MONTH = 9  # the academic year runs from September
DAILY_GRACE = timedelta(days=6)  # a register stays usable for a week
YEARS_BACK = 3  # reaches the last issue of everything that still comes out
# The month after a term -> the month of the latest copy due by then, and how many years before.
AFTER_TERM = {1: (12, 1), 5: (3, 0), 9: (7, 0)}
_YEAR = re.compile(r"([0-9]{4})[-/_]([0-9]{4}|[0-9]{2})")

State = Literal["current", "due", "stale", "overdue", "missing", "optional", "ended"]
FAILING: frozenset[State] = frozenset({"stale", "overdue", "missing"})


@dataclass(frozen=True)
class Held:
    """One held file, as the calendar sees it. `day`: the day a copy describes, else the day the file came out."""

    academic_year: str
    release: Release
    day: date


@dataclass(frozen=True)
class Issue:
    """One thing a source brings out, and the days between which it is expected.

    It is a release of an academic year or, where `since` is set, a copy of a day on or after `since`.
    """

    opens: date
    closes: date
    release: Release
    academic_year: str | None = None
    since: date | None = None

    def is_met_by(self, held: Iterable[Held]) -> bool:
        """Whether it is held, or something that takes its place: a later release, a later year, a later copy."""
        if self.since is not None:
            return any(file.day >= self.since for file in held)
        ranks = _release_ranks()
        mine = (self.academic_year or "", ranks[self.release])
        return any((file.academic_year, ranks[file.release]) >= mine for file in held)


@dataclass(frozen=True)
class Standing:
    """The standing of a source on a day: its state, what comes next, and what is overdue."""

    state: State
    due: Issue | None
    missed: Issue | None

    @property
    def is_failing(self) -> bool:
        return self.state in FAILING


def academic_year(starts_in: int) -> str:
    """2024 -> `2024/25`."""
    return f"{starts_in}/{(starts_in + 1) % 100:02d}"


def academic_year_of(text: str) -> str | None:
    """`2024/25` from `2024/25`, `2024-25` or `2024-2025`; None where the text is no academic year."""
    match = _YEAR.fullmatch(text.strip())
    if not match or (int(match[1]) + 1) % 100 != int(match[2]) % 100:
        return None
    return academic_year(int(match[1]))


def academic_year_at(day: date) -> str:
    """The academic year that a day lies in."""
    return academic_year(day.year - (day.month < FIRST_MONTH))


def year_begins(academic_year: str) -> date:
    """The first day of an academic year."""
    return date(int(academic_year[:4]), FIRST_MONTH, 1)


def release_window(source: Source, release: Release, academic_year: str) -> tuple[date, date]:
    """The first and last day of the month in which a release of an academic year usually comes out."""
    month, starts_in = source.release_months[release], int(academic_year[:4])
    year = starts_in + (1 if month >= FIRST_MONTH or source.published_within_year else 2)
    return date(year, month, 1), _last_day(year, month)


def standing(source: Source, held: Iterable[Held], today: date) -> Standing:
    """The standing of a source on a day, given its held files.

    `due` is the first issue that is not held and whose time has not passed. `missed` is the newest issue whose time has
    passed, where neither it nor a later one is held.
    """
    if source.rhythm in ("ended", "irregular"):
        return Standing("ended" if source.rhythm == "ended" else "optional", None, None)
    files = [
        file for file in held if int(file.academic_year[:4]) <= today.year
    ]  # a mistyped year must not hide an overdue file
    grace = DAILY_GRACE if source.rhythm == "daily" else timedelta(0)
    passed = list(takewhile(lambda issue: issue.closes + grace < today, _issues(source, today)))
    missed = None if passed[-1].is_met_by(files) else passed[-1]
    due = next(issue for issue in _issues(source, today) if issue.closes >= today and not issue.is_met_by(files))
    return Standing(_state(source, bool(files), due, missed, today), due, missed)


@cache
def _release_ranks() -> dict[str, int]:
    """The rank of each release: a higher one replaces a lower one, as in the warehouse."""
    return {row["release"]: int(row["release_rank"]) for row in seed("releases")}


def _state(source: Source, is_held: bool, due: Issue, missed: Issue | None, today: date) -> State:
    if not is_held and source.route == "local":
        return "optional"
    if missed and not is_held:
        return "missing"
    if missed:
        return "overdue" if missed.since is None else "stale"
    return "due" if due.opens <= today else "current"


def _issues(source: Source, today: date) -> Iterator[Issue]:
    """The issues of a source in the order of their closing days, from some years before today, without end."""
    first = today.year - YEARS_BACK
    match source.rhythm:
        case "annual":
            return _annual(source, first)
        case "termly":
            return _termly(source, first)
        case "monthly":
            return _monthly(source, first)
        case "fortnightly":
            return _fortnightly(source, first)
        case _:
            return _daily(source, today)


def _annual(source: Source, first: int) -> Iterator[Issue]:
    releases = source.expected or tuple(source.release_months)
    for starts_in in count(first - 1):
        year = academic_year(starts_in)
        windows = [(release_window(source, release, year), release) for release in releases]
        for (opens, closes), release in sorted(windows):
            yield Issue(opens, closes, release, academic_year=year)


def _termly(source: Source, first: int) -> Iterator[Issue]:
    for year in count(first):
        for month, (of_month, years_before) in AFTER_TERM.items():
            since = date(year - years_before, of_month, 1)
            yield Issue(date(year, month, 1), _last_day(year, month), source.default_release, since=since)


def _monthly(source: Source, first: int) -> Iterator[Issue]:
    """Copies as at the last day of a month, out by the usual day of the next."""
    for months in count(first * 12):
        year, month = divmod(months, 12)
        before, of_month = divmod(months - 1, 12)
        opens = date(year, month + 1, source.usual_day)
        since = date(before, of_month + 1, 1)
        yield Issue(opens, _last_day(year, month + 1), source.default_release, since=since)


def _fortnightly(source: Source, first: int) -> Iterator[Issue]:
    """One copy in each half of a month."""
    for months in count(first * 12):
        year, month = divmod(months, 12)
        if month + 1 in source.quiet_months:
            continue
        halves = ((1, date(year, month + 1, 14)), (15, _last_day(year, month + 1)))
        for day, closes in halves:
            opens = date(year, month + 1, day)
            yield Issue(opens, closes, source.default_release, since=opens)


def _daily(source: Source, today: date) -> Iterator[Issue]:
    for days in count(-2 * DAILY_GRACE.days):
        day = today + timedelta(days=days)
        yield Issue(day, day, source.default_release, since=day)


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
