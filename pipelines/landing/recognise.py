"""What a file is: its publication, academic year, release, scope and day of publication.

Its name, the folder it came in, its columns and rows, and the claims of whoever adds it decide. Each file is decoded
once, here. Pure: nothing is stored.
"""

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath

from pipelines.errors import RaygError
from pipelines.landing.periods import is_exception, later_rows, newest_year
from pipelines.provenance import Release
from pipelines.returns.check import days_ahead, in_plain_characters, judge_rows
from pipelines.returns.refusals import RefusedLinesError, messages
from pipelines.returns.schema import return_named
from pipelines.sources.calendar import (
    MONTHS,
    academic_year,
    academic_year_at,
    academic_year_of,
    release_window,
    year_begins,
)
from pipelines.sources.catalogue import Catalogue, Publication, Source
from pipelines.tables import decode
from pipelines.tables.decode import Line, Table
from pipelines.tables.rows import RowRules, Rows
from pipelines.written import is_digits, read_day

SAMPLED_FIRST = 200
SAMPLED_LAST = 20
CARRIED_SHARE = 0.1  # of the columns that carry a year
CARRIED_SUFFIX = re.compile(r"_([0-5][0-9])")  # `_24`; `_94` and `_95` are grades 9 to 4 and 9 to 5
_LEADING_YEAR = re.compile(r"([0-9]{4}-(?:[0-9]{4}|[0-9]{2}))_(.+)")
_COPY_NUMBER = re.compile(r" ?\([0-9]+\)(?=\.\w+$)")


@dataclass(frozen=True)
class Claims:
    """What is claimed about a file by whoever adds it, beside what the file itself says.

    `sources`: it is the first of these that has its columns; where there are none, its name decides.
    """

    academic_year: str | None = None
    published_on: date | None = None
    sources: tuple[Source, ...] = ()
    release: str | None = None
    is_sample: bool = False
    today: date = field(default_factory=date.today)  # nothing has been published later, and no year begun


@dataclass(frozen=True)
class Recognised:
    """What a file was recognised as. `la_code` is set where `scope` is `la`; `rows` where it is a local return."""

    source: Source
    header: tuple[str, ...]
    rows: Rows | None
    academic_year: str
    release: Release
    scope: str
    la_code: str | None
    published_on: date
    published_on_is_assumed: bool
    remark: str | None = None  # one phrase on lines that will be left out
    note: str | None = None  # one phrase on cells that are read otherwise than they are written
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


def recognise(name: Name, content: bytes, claims: Claims, catalogue: Catalogue) -> Recognised | Skipped:
    """What the file is. Raises RaygError, one line saying why, where it cannot be kept."""
    if is_documentation(name, claims, catalogue):
        return Skipped("documentation")
    candidates = _candidates(name, claims, catalogue)
    named = [publication for publication in candidates if isinstance(publication, Source)]
    if candidates and not named:
        return _not_read(candidates[0])
    if named:
        sheet = named[0].sheet
        lines = decode.read_lines(content, name.bare, sheet)
    else:
        lines = _lines_of_nameless(name, content)
        candidates = [_known_by_columns(lines, catalogue)]
    try:
        publication, table = _prove(lines, candidates)
    except RaygError:
        # what is claimed is taken at its word; a name may be another publication's
        if claims.sources or not (known := _fitting_best(lines, catalogue)):
            raise
        publication, table = _prove(lines, [*known])
    if not isinstance(publication, Source):
        return _not_read(publication)
    return _described(name, claims, publication, table, catalogue)


def is_documentation(name: Name, claims: Claims, catalogue: Catalogue) -> bool:
    """Whether its name says that it describes other files. What is said to be a return may have any name."""
    is_return = any(return_named(source.id) for source in claims.sources)
    return not is_return and catalogue.is_documentation(name.bare)


def _described(name: Name, claims: Claims, source: Source, table: Table, catalogue: Catalogue) -> Recognised:
    """What a file of a source is, by its decoded table."""
    table, changed = in_plain_characters(table, source)
    rows = _judged_return(table, source, claims.today)
    la_codes = _la_codes(table, source)
    if catalogue.sample_la_code in la_codes and not claims.is_sample:
        raise RaygError(f"holds the sample county (LA {catalogue.sample_la_code}): `rayg sample` adds its files itself")
    match = source.match_name(name.bare)
    groups = match.groupdict() if match else {}
    named_on = _date_in(groups)
    _refuse_ahead(named_on, "the day in its name,", "rename it as published", claims.today)
    _refuse_ahead(claims.published_on, "its day of publication,", "say it right", claims.today)
    dated_on = named_on or _newest_day(table, source, claims.today)
    told = claims
    if source.dated_by_name and not (dated_on or claims.published_on):
        # a lower bound, so that any year that is said counts before it
        known_on = _newest_date(table, claims.today)
        if known_on and not name.years and not claims.academic_year:
            told = replace(claims, academic_year=academic_year_at(known_on))
        dated_on, of_name = known_on, None
    else:
        of_name = dated_on or claims.published_on
    academic_year = _academic_year(name, groups, told, source, table, of_name)
    release = _release(groups, claims, source)
    published_on = claims.published_on or dated_on
    is_single = len(la_codes) == 1
    return Recognised(
        source=source,
        header=table.header,
        rows=rows,
        academic_year=academic_year,
        release=release,
        scope="la" if is_single else "england",
        la_code=min(la_codes) if is_single else None,
        published_on=published_on or _usual_day(source, release, academic_year),
        published_on_is_assumed=claims.published_on is None and named_on is None,
        remark=_remark(table, source, rows, academic_year),
        note="; ".join(filter(None, (_by_columns(match, claims, release), _note(changed)))) or None,
    )


def contradiction(years: list[tuple[str, str]]) -> str | None:
    """The first two sayings that name different academic years, as one phrase."""
    for who, year in years[1:]:
        if year != years[0][1]:
            return f"{years[0][0]} {years[0][1]} and {who} {year}"
    return None


def _candidates(name: Name, claims: Claims, catalogue: Catalogue) -> list[Publication]:
    """The publications that the file may be, by what is claimed, else by its name."""
    if claims.sources:
        return [*claims.sources]
    everything: list[Publication] = [*catalogue.sources, *catalogue.unread]
    return [publication for publication in everything if publication.match_name(name.bare)]


def _not_read(publication: Publication) -> Skipped:
    return Skipped(f"known publication ({publication.title}), not read by this version")


def _lines_of_nameless(name: Name, content: bytes) -> list[Line]:
    """The lines of a file under no known name; none where it cannot be read, since nothing says how it should be."""
    with suppress(RaygError):
        return decode.read_lines(content, name.bare, None)
    return []


def _known_by_columns(lines: list[Line], catalogue: Catalogue) -> Source:
    """The source of a file under no known name. Raises RaygError where none fits, or two fit as well."""
    best = _fitting_best(lines, catalogue)
    if len(best) > 1:
        names = " and ".join(source.id for source in best)
        raise RaygError(f"not a name in the catalogue, and its columns are those of {names}: say --source")
    if not best:
        raise RaygError(
            "not a name in the catalogue, and its columns are those of no publication that is read: if it is one,"
            " say --source"
        )
    return best[0]


def _fitting_best(lines: list[Line], catalogue: Catalogue) -> list[Source]:
    """The sources whose every required column the file has; of several, those that ask most."""
    headers = [tuple(cells) for _, cells in lines[: decode.TITLE_ROWS_MAX]]
    fitting = [source for source in catalogue.sources if any(not source.missing(header) for header in headers)]
    most = max((len(source.required) for source in fitting), default=0)
    return [source for source in fitting if len(source.required) == most]


def _prove(lines: list[Line], candidates: list[Publication]) -> tuple[Publication, Table]:
    """The first candidate whose required columns the file has (layouts may share a name), and the file as its table."""
    faults = []
    for publication in candidates:
        try:
            return publication, decode.find_table(lines, publication)
        except RaygError as fault:
            faults.append(fault)
    raise faults[0]


def _judged_return(table: Table, source: Source, today: date) -> Rows | None:
    """The rows of a local return, each judged: its sender can still correct it. None for every other source.

    Raises RaygError where the whole file is refused.
    """
    declared = return_named(source.id)
    if declared is None:
        return None
    rows = judge_rows(table, source)
    if rows.rejects and (declared.refused_whole or not rows.accepted):
        refused = {reject.line: reject.reason for reject in rows.rejects}
        raise RefusedLinesError(f"{_first_of(refused)}: nothing was kept", refused)
    if ahead := days_ahead(declared, table.header, rows.accepted, today):
        raise RefusedLinesError(f"{_first_of(ahead)}: nothing was kept", ahead)
    return rows


def _remark(table: Table, source: Source, rows: Rows | None, academic_year: str) -> str | None:
    """One phrase on the lines of a return that will be left out, and on those of any file with a later period."""
    rules = RowRules(table, source)
    lines = rows.accepted if rows else ((line, cells) for line, printed in table.lines if (cells := rules.fit(printed)))
    refused = {reject.line: reject.reason for reject in rows.rejects} if rows else {}
    refused |= later_rows(lines, table, source, academic_year)
    if not refused:
        return None
    return f"{len(refused)} of {len(table.lines)} lines will be left out: {_first_of(refused)}"


def _by_columns(match: re.Match[str] | None, claims: Claims, release: Release) -> str | None:
    """One phrase on a file whose name said nothing: nobody takes a provisional table for a final one unawares."""
    if match or claims.sources or claims.release:
        return None
    return f"known by its columns, taken as {release}: say --release where it is another"


def _note(changed: list[int]) -> str | None:
    """One phrase on the lines of a return with cells that are read in plain characters."""
    if not changed:
        return None
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"line {changed[0]}{more}: full-width digits or the like, read as plain ones"


def _first_of(refused: dict[int, str]) -> str:
    first, *others = messages(refused)
    return first + (f" ({len(others)} more)" if others else "")


def _la_codes(table: Table, source: Source) -> set[str]:
    """The LA codes of the school rows. Raises RaygError where no sampled row is about a school.

    Keys are judged on the first and last rows only; landing judges every row.
    """
    if not table.lines:
        raise RaygError("a header and no rows beneath it: download it again")
    rules = RowRules(table, source)
    sampled = table.lines[:SAMPLED_FIRST] + table.lines[SAMPLED_FIRST:][-SAMPLED_LAST:]
    fitted = [cells for _, printed in sampled if (cells := rules.fit(printed)) is not None]
    schools = [cells for cells in fitted if not rules.is_total(cells)]
    faults = [rules.broken_key(cells) for cells in schools]
    if source.urn_columns and all(faults):
        raise RaygError(f"no row is about a school: {faults[0]}" if faults else "no row is about a school: totals only")
    if source.la_column is None:
        return set()
    at = table.position(source.la_column)
    return {
        cells[at].strip()[:3]
        for _, printed in table.lines
        if (cells := rules.fit(printed)) is not None
        and not rules.is_total(cells)
        and not rules.broken_key(cells)
        and re.match("[0-9]{3}", cells[at].strip())
    }


def _academic_year(
    name: Name, groups: dict[str, str | None], claims: Claims, source: Source, table: Table, dated_on: date | None
) -> str:
    years = list(name.years)
    if in_name := academic_year_of(groups.get("academic_year") or ""):
        years.append(("its name says", in_name))
    if claims.academic_year:
        years.append(("--year says", claims.academic_year))
    if source.dated_by_name and dated_on:
        years.append(("its date says", academic_year_at(dated_on)))
    if source.newest_carried_year_is_previous:
        carried = Counter(match[1] for column in table.header if (match := CARRIED_SUFFIX.fullmatch(column[-3:])))
        # a column or two may carry the file's own year (2016/17: PT5EM_94_17): no year is known from so few of them
        if often := [year for year, n in carried.items() if n >= CARRIED_SHARE * carried.total()]:
            newest = max(often)
            years.append((f"its columns (newest carried year _{newest}) say", academic_year(2000 + int(newest))))
    if source.period_column:
        newest = newest_year(table, source, years, claims.today)
        years += [("its newest rows say", newest)] if newest else []
    if not years:
        raise RaygError("nothing says which academic year it is: say --year 2024/25")
    for says, year in years:
        if year_begins(year) > _last_begun(source, claims.today):
            raise RaygError(f"{says} {year}, which has not begun: put it under its own year")
    if phrase := contradiction(years):
        raise RaygError(f"{phrase}: put it under its own year")
    return years[0][1]


def _last_begun(source: Source, today: date) -> date:
    """The last day on which an academic year of this source can begin. Results and inspections lie behind; context,
    such as what schools will be paid, comes out before its year.
    """
    return date(today.year + 1, 12, 31) if source.role == "context" else today


def _refuse_ahead(day: date | None, what: str, remedy: str, today: date) -> None:
    if day and day > today:
        raise RaygError(f"{what} {day}, has not come: today is {today}: {remedy}")


def _release(groups: dict[str, str | None], claims: Claims, source: Source) -> Release:
    by_name = (groups.get("release") or "").lower()
    if by_name and claims.release and by_name != claims.release:
        raise RaygError(f"its name says {by_name} and --release {claims.release}: rename it or leave --release out")
    release = claims.release or by_name or source.default_release
    if release not in source.releases:
        raise RaygError(f"{source.id} has no release {release}: it has {', '.join(source.releases)}")
    return release  # type: ignore[return-value]  # one of source.releases, which are Releases


def _date_in(groups: dict[str, str | None]) -> date | None:
    """The date that a name spells out in its groups day, month (a number or an English name) and year."""
    day, month, year = groups.get("day"), groups.get("month"), groups.get("year")
    if not (day and month and year):
        return None
    try:
        number = int(month) if is_digits(month) else MONTHS.index(month[:3].lower()) + 1
        return date(int(year), number, int(day))
    except ValueError as error:
        raise RaygError(
            f"the date in its name, {day} {month} {year}, does not exist: rename it as published"
        ) from error


def _newest_day(table: Table, source: Source, today: date) -> date | None:
    """The newest day in the columns that date a nameless copy: it cannot have come out before. A day that has not come
    is a plan in a return, which is then of today; elsewhere it is a slip and dates nothing.

    Raises RaygError where a publisher's rows hold more such days than a slip or two.
    """
    at = [table.position(column) for column in source.dated_by_columns]
    cells = [line[n].strip() for _, line in table.lines for n in at if n < len(line)]
    days = [day for cell in cells if (day := read_day(cell))]
    ahead = sum(day > today for day in days)
    if return_named(source.id):
        return max((min(day, today) for day in days), default=None)
    if ahead and not is_exception(ahead, len(days)):
        raise RaygError(f"{ahead} of its {len(days)} days have not come: take the file as published")
    return max((day for day in days if day <= today), default=None)


def _newest_date(table: Table, today: date) -> date | None:
    """The newest day that has come in any column of dates: a dated copy under another name is not of an earlier day."""
    at = [n for n, name in enumerate(table.header) if "DATE" in name.upper()]
    days = (read_day(line[n].strip()) for _, line in table.lines for n in at if n < len(line))
    return max((day for day in days if day and day <= today), default=None)


def _usual_day(source: Source, release: Release, academic_year: str) -> date:
    """The last day of the month in which the release usually comes out."""
    if source.dated_by_name:
        raise RaygError("its name holds no date: say --published")
    if release not in source.release_months:
        raise RaygError(f"{release} results have no usual month: say --published")
    return release_window(source, release, academic_year)[1]
