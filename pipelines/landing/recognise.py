"""What a file is: its publication, academic year, release, scope and day of publication.

Told from its name, the folder it came in, its columns and rows, and what the person adding it said. Pure:
nothing is stored here.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath

from pipelines.errors import RaygError
from pipelines.landing.rows import RowRules, sort_rows
from pipelines.returns.schema import return_named
from pipelines.sources.calendar import academic_year, academic_year_at, release_window
from pipelines.sources.catalogue import Catalogue, Publication, Release, Source
from pipelines.tables.decode import TITLE_ROWS_MAX, Table, find_table, read_lines

NAMELESS_ROUTE = "explore_education_statistics"
SAMPLED_FIRST = 200
SAMPLED_LAST = 20
CARRIED_SUFFIX = re.compile(r"_([0-5]\d)")  # `_24`; `_94` and `_95` are grades 9 to 4 and 9 to 5
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"(\d{4})[-/_](\d{4}|\d{2})")
_LEADING_YEAR = re.compile(r"(\d{4}-(?:\d{4}|\d{2}))_(.+)")
_COPY_NUMBER = re.compile(r" ?\(\d+\)(?=\.\w+$)")


@dataclass(frozen=True)
class Said:
    """What the person adding a file said about it, over and above the file itself."""

    academic_year: str | None = None
    published_on: date | None = None
    source: Source | None = None
    release: str | None = None
    is_sample: bool = False


@dataclass(frozen=True)
class Recognised:
    """What a file was recognised as. `la_code` is set where `scope` is `la`."""

    source: Source
    academic_year: str
    release: Release
    scope: str
    la_code: str | None
    published_on: date
    published_on_is_assumed: bool
    remark: str | None = None  # what to tell of lines that will be left out
    refused_lines: dict[int, str] = field(default_factory=dict)  # of the ledger of moderation: line -> why


@dataclass(frozen=True)
class Skipped:
    """A file that is known and not for keeping, and why."""

    reason: str


@dataclass(frozen=True)
class Name:
    """A file's name, and what it and the folders around it say by themselves."""

    file_name: str
    bare: str  # without a leading year or a browser's copy number
    years: tuple[tuple[str, str], ...]  # ("its folder says", academic year)

    @classmethod
    def read(cls, file_name: str, folders: list[str]) -> "Name":
        """`folders` are the folders around the file, nearest first; the nearest that is a year counts."""
        bare = _COPY_NUMBER.sub("", PurePath(file_name).name)
        years = []
        leading = _LEADING_YEAR.fullmatch(bare)
        if leading and (year := academic_year_of(leading[1])):
            years.append(("its name says", year))
            bare = leading[2]
        folder_years = (academic_year_of(folder) for folder in folders)
        if year := next((year for year in folder_years if year), None):
            years.append(("its folder says", year))
        return cls(file_name, bare, tuple(years))


def day_in_name(file_name: str, source: Source) -> date | None:
    """The day that a file of a source names as the one it is of; None where its name says none."""
    match = source.match_name(Name.read(file_name, []).bare)
    return _date_in(match.groupdict()) if match else None


def academic_year_of(text: str) -> str | None:
    """`2024/25` from `2024/25`, `2024-25` or `2024-2025`; None where the text is no academic year."""
    match = _YEAR.fullmatch(text.strip())
    if not match or (int(match[1]) + 1) % 100 != int(match[2]) % 100:
        return None
    return academic_year(int(match[1]))


def recognise(name: Name, content: bytes, said: Said, catalogue: Catalogue) -> Recognised | Skipped:
    """What the file is. Raises RaygError, one line saying why, where it cannot be kept."""
    if catalogue.is_documentation(name.bare):
        return Skipped("documentation")
    candidates = _candidates(name, said, catalogue) or [_known_by_columns(name, content, catalogue)]
    if not any(isinstance(publication, Source) for publication in candidates) and candidates:
        return Skipped(f"known publication ({candidates[0].title}), not read by this version")
    found = _prove(name, content, candidates)
    if isinstance(found, Skipped):
        return found
    source, table = found
    remark = _judge_return(table, source)
    la_codes = _judge_rows(table, source)
    if catalogue.sample_la_code in la_codes and not said.is_sample:
        raise RaygError(f"holds the sample county (LA {catalogue.sample_la_code}): `rayg sample` adds its files itself")
    stated = source.match_name(name.bare)
    groups = stated.groupdict() if stated else {}
    named_on = _date_in(groups)
    dated_on = named_on or _newest_day(table, source)
    academic_year = _academic_year_stated(name, groups, said, source, table, dated_on)
    release = _release(groups, said, source)
    published_on = said.published_on or dated_on
    is_single = len(la_codes) == 1
    return Recognised(
        source=source,
        academic_year=academic_year,
        release=release,
        scope="la" if is_single else "england",
        la_code=min(la_codes) if is_single else None,
        published_on=published_on or _usual_day(source, release, academic_year),
        published_on_is_assumed=said.published_on is None and named_on is None,
        remark=remark,
    )


def contradiction(years: list[tuple[str, str]]) -> str | None:
    """The first two sayings that name different academic years, as one phrase."""
    for who, year in years[1:]:
        if year != years[0][1]:
            return f"{years[0][0]} {years[0][1]} and {who} {year}"
    return None


def _candidates(name: Name, said: Said, catalogue: Catalogue) -> list[Publication]:
    if said.source:
        return [said.source]
    everything: list[Publication] = [*catalogue.sources, *catalogue.unread]
    return [publication for publication in everything if publication.match_name(name.bare)]


def _known_by_columns(name: Name, content: bytes, catalogue: Catalogue) -> Source:
    """The source whose every required column a file under no known name has; of several, the one that asks most.

    Only the route whose downloads have no lasting names comes into question, and whose rows say their own year and
    release: of the other routes' files the name says both.
    """
    headers: list[tuple[str, ...]] = []
    with suppress(RaygError):
        headers = [tuple(cells) for _, cells in read_lines(content, name.bare, None)[:TITLE_ROWS_MAX]]
    nameless = [source for source in catalogue.sources if source.route == NAMELESS_ROUTE]
    fitting = [source for source in nameless if any(not source.missing(header) for header in headers)]
    most = max((len(source.required) for source in fitting), default=0)
    found = [source for source in fitting if len(source.required) == most]
    if len(found) > 1:
        names = " and ".join(source.id for source in found)
        raise RaygError(f"not a name in the catalogue, and its columns are those of {names}: say --source")
    if not found:
        raise RaygError("not a name in the catalogue: if it is a known publication under another name, say --source")
    return found[0]


def _prove(name: Name, content: bytes, candidates: list[Publication]) -> tuple[Source, Table] | Skipped:
    """The first candidate whose required columns the file has (layouts may share a name)."""
    sheet = next(item.sheet for item in candidates if isinstance(item, Source))
    lines = read_lines(content, name.bare, sheet)
    faults = []
    for publication in candidates:
        try:
            table = find_table(lines, publication)
        except RaygError as fault:
            faults.append(fault)
            continue
        if isinstance(publication, Source):
            return publication, table
        return Skipped(f"known publication ({publication.title}), not read by this version")
    raise faults[0]


def _judge_return(table: Table, source: Source) -> str | None:
    """What to tell of the lines of a local return that will be left out; None where there are none, or it is no return.

    Raises RaygError where the whole file is refused. Each line is judged: its sender can still put it right.
    """
    declared = return_named(source.id)
    if declared is None:
        return None
    rows = sort_rows(table, source)
    if not rows.rejects:
        return None
    first, *others = rows.rejects
    told = f"line {first.line}, {first.reason}" + (f" ({len(others)} more)" if others else "")
    if declared.refused_whole or not rows.accepted:
        raise RaygError(f"{told}: nothing was kept")
    return f"{len(rows.rejects)} of {len(table.lines)} lines will be left out: {told}"


def _judge_rows(table: Table, source: Source) -> set[str]:
    """The LA codes of the school rows. Raises RaygError where no sampled row is about a school.

    Keys are judged on the first and last rows only; every row is judged when the file is landed.
    """
    if not table.lines:
        raise RaygError("a header and no rows beneath it: download it again")
    rules = RowRules(table, source)
    sampled = table.lines[:SAMPLED_FIRST] + table.lines[SAMPLED_FIRST:][-SAMPLED_LAST:]
    fitted = [cells for _, found in sampled if (cells := rules.fit(found)) is not None]
    schools = [cells for cells in fitted if not rules.is_total(cells)]
    faults = [rules.broken_key(cells) for cells in schools]
    if source.urn_columns and all(faults):
        raise RaygError(f"no row is about a school: {faults[0]}" if faults else "no row is about a school: totals only")
    if source.la_column is None:
        return set()
    at = table.position(source.la_column)
    return {
        cells[at].strip()[:3]
        for _, found in table.lines
        if (cells := rules.fit(found)) is not None
        and not rules.is_total(cells)
        and not rules.broken_key(cells)
        and re.match(r"\d{3}", cells[at].strip())
    }


def _academic_year_stated(
    name: Name, groups: dict[str, str | None], said: Said, source: Source, table: Table, dated_on: date | None
) -> str:
    years = list(name.years)
    if in_name := academic_year_of(groups.get("academic_year") or ""):
        years.append(("its name says", in_name))
    if said.academic_year:
        years.append(("--year says", said.academic_year))
    if source.dated_by_name and dated_on:
        years.append(("its date says", academic_year_at(dated_on)))
    if source.newest_carried_year_is_previous:
        carried = [match[1] for column in table.header if (match := CARRIED_SUFFIX.fullmatch(column[-3:]))]
        if carried:
            newest = max(carried)
            years.append((f"its columns (newest carried year _{newest}) say", academic_year(2000 + int(newest))))
    if source.period_column:
        at = table.position(source.period_column)
        newest = _newest_period({cells[at].strip() for _, cells in table.lines if at < len(cells)}, years)
        years += [("its newest rows say", newest)] if newest else []
    if not years:
        raise RaygError("nothing says which academic year it is: say --year 2024/25")
    if phrase := contradiction(years):
        raise RaygError(f"{phrase}: put it under its own year")
    return years[0][1]


def _newest_period(periods: set[str], years: list[tuple[str, str]]) -> str | None:
    """The academic year of the newest period, as `202425`, `2024-25` or `2025`, with or without a note in brackets.

    A calendar year lies in two academic years: it is the one that ends in it, unless something else says the other.
    """
    bare = {re.sub(r" *\(.*\)$", "", period) for period in periods}
    found = {academic_year(int(period) - 1) for period in bare if re.fullmatch(r"[12]\d{3}", period)}
    spans = {re.sub(r"^(\d{4})(\d{2})$", r"\1-\2", period) for period in bare}
    found |= {year for span in spans if (year := academic_year_of(span))}
    newest = max(found, default=None)
    if newest and not any(academic_year_of(span) == newest for span in spans):
        following = academic_year(int(newest[:4]) + 1)
        return following if any(year == following for _, year in years) else newest
    return newest


def _release(groups: dict[str, str | None], said: Said, source: Source) -> Release:
    by_name = (groups.get("release") or "").lower()
    if by_name and said.release and by_name != said.release:
        raise RaygError(f"its name says {by_name} and --release {said.release}: rename it or leave --release out")
    release = said.release or by_name or source.default_release
    if release not in source.releases:
        raise RaygError(f"{source.id} has no release {release}: it has {', '.join(source.releases)}")
    return release  # type: ignore[return-value]  # one of source.releases, which are Releases


def _date_in(groups: dict[str, str | None]) -> date | None:
    """The date that a name spells out in its groups day, month (a number or an English name) and year."""
    day, month, year = groups.get("day"), groups.get("month"), groups.get("year")
    if not (day and month and year):
        return None
    try:
        number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
        return date(int(year), number, int(day))
    except ValueError as error:
        raise RaygError(
            f"the date in its name, {day} {month} {year}, does not exist: rename it as published"
        ) from error


def _newest_day(table: Table, source: Source) -> date | None:
    """The newest day in the columns that date a nameless copy: it cannot have come out before."""
    at = [table.position(column) for column in source.dated_by_columns]
    days = []
    for cell in {cells[n].strip() for _, cells in table.lines for n in at if n < len(cells)}:
        with suppress(ValueError):
            days.append(datetime.strptime(cell, "%Y-%m-%d" if "-" in cell else "%d/%m/%Y").date())
    return max(days, default=None)


def _usual_day(source: Source, release: Release, academic_year: str) -> date:
    """The last day of the month in which the release usually comes out."""
    if source.dated_by_name:
        raise RaygError("its name holds no date: say --published")
    if release not in source.release_months:
        raise RaygError(f"{release} results have no usual month: say --published")
    return release_window(source, release, academic_year)[1]
