"""What a connector is asked, and what it answers. Nothing that only one publisher does belongs here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.fetching.http_client import Client
from pipelines.provenance import Release
from pipelines.sources.calendar import FIRST_MONTH, MONTHS, academic_year, academic_year_at, release_window
from pipelines.sources.catalogue import Source
from pipelines.sources.delivery import Route

_DATE = re.compile(r"([0-9]{1,2})[ _-]+([A-Za-z]{3,9})[ _-]+([0-9]{4})")


@dataclass(frozen=True)
class Ask:
    """What is wanted from one route, the client that asks, and the day."""

    route: Route
    sources: tuple[Source, ...]
    client: Client
    today: date
    since: str | None  # academic year
    held: frozenset[tuple[str, str, str]]  # source, academic year, release; empty where all is asked for again
    held_names: frozenset[str]

    def wants(self, academic_year: str) -> bool:
        return self.since is None or academic_year >= self.since

    def years(self, source: Source, first: str) -> Iterator[str]:
        """The academic years asked for in which something from the source is due by now."""
        last = source.last_year or academic_year_at(self.today)
        for start in range(int(first[:4]), int(last[:4]) + 1):
            year = academic_year(start)
            if self.wants(year) and _first_due(source, year) <= self.today:
                yield year

    def is_settled(self, source: Source, year: str, release: str | None) -> bool:
        """Whether the year's release (or its last), or a later one, is held. It will not come again."""
        windows = {str(name): release_window(source, name, year) for name in source.release_months}
        wanted = windows[release] if release else max(windows.values())
        return any((source.id, year, name) in self.held and when >= wanted for name, when in windows.items())


@dataclass(frozen=True)
class Offer:
    """One file that can be fetched."""

    title: str  # its name in messages
    sources: tuple[Source, ...]  # the sources it may belong to
    urls: tuple[str, ...]  # tried in turn: the next where one has nothing, or where another host has the same
    kind: str = ".csv"
    file_name: str | None = None  # None: as the publisher calls the download
    folders: tuple[str, ...] = ()  # what stands around the name, nearest first
    is_identified: bool = False  # whether it belongs to one of `sources`, whatever its name says
    is_fixed: bool = False  # whether the file at these addresses never changes
    academic_year: str | None = None
    release: Release | None = None
    published_on: date | None = None
    held_name: str | None = None  # a held file: it is up to date where nothing newer is there


@dataclass(frozen=True)
class Trouble:
    """Something that could not be found out. The reason reads as the middle of a line."""

    sources: tuple[Source, ...]
    reason: str


Connector = Callable[[Ask], Iterator[Offer | Trouble]]


def date_in(text: str) -> date | None:
    """The first day that a text spells out: `31 January 2026`, `31_Jan_2026`."""
    for day, month, year in _DATE.findall(text):
        if month[:3].lower() in MONTHS:
            try:
                return date(int(year), MONTHS.index(month[:3].lower()) + 1, int(day))
            except ValueError:
                continue
    return None


def day_of(timestamp: object) -> date | None:
    """The day of an index's timestamp: `2026-03-19T09:30:00Z`."""
    try:
        return date.fromisoformat(str(timestamp)[:10])
    except ValueError:
        return None


def release_in(text: str, source: Source) -> Release | None:
    """The release that a title or slug names, where the source has such a one."""
    named = [release for release in source.releases if release in text.lower()]
    return named[0] if len(named) == 1 else None  # type: ignore[return-value]  # source.releases are Releases


def _first_due(source: Source, year: str) -> date:
    """The first day of the month in which the first release of a year comes out."""
    opens = (release_window(source, name, year)[0] for name in source.release_months)
    return min(opens, default=date(int(year[:4]), FIRST_MONTH, 1))
