"""The academic year that the rows of a file state, and rows whose period cannot be.

One slip in one cell must not move a file into another year: a period that hardly any row states, and that lies ahead or
stands alone, is the cell's fault and not the file's. Pure: the caller says what day it is, and landing asks no clock.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from pipelines.errors import RaygError
from pipelines.sources.calendar import academic_year, academic_year_of, year_begins
from pipelines.sources.catalogue import Source
from pipelines.tables.decode import Line, Table
from pipelines.tables.rows import Rows, set_aside
from pipelines.written import shown

SLIPS_PER_HUNDRED = 1
ROWS_MIN = 10  # of fewer rows one is no exception


def is_exception(faults_n: int, of_n: int) -> bool:
    """Whether so few of so many are wrong that each is a slip of its own: one in a hundred, and one in any ten."""
    return 0 < faults_n <= max(of_n * SLIPS_PER_HUNDRED // 100, int(of_n >= ROWS_MIN))


def stated_year(period: str) -> str | None:
    """The academic year of a period as `202425`, `2024-25` or `2025` (the one that ends in it), with or without a note
    in brackets; None for anything else.
    """
    bare = re.sub(r" *\(.*\)$", "", period.strip())
    if re.fullmatch(r"[12][0-9]{3}", bare):
        return academic_year(int(bare) - 1)
    return academic_year_of(_span(bare))


def newest_year(table: Table, source: Source, years: list[tuple[str, str]], today: date) -> str | None:
    """The newest academic year that the rows state, slips aside; None where none does.

    A calendar year lies in two academic years: it is the one that ends in it, unless `years` (what else says a year)
    names the other. Raises RaygError where more rows than a slip or two state a year that has not begun.
    """
    counts = _counts(table, source)
    rows_n = sum(counts.values())
    for period, rows_in in sorted(counts.items()):
        year = stated_year(period)
        if year and year_begins(year) > today and not is_exception(rows_in, rows_n):
            raise RaygError(
                f"{source.period_column} holds '{period}' in {rows_in} of {rows_n} rows, and {year} has not begun:"
                " take the file as published"
            )
    kept = [period for period in counts if not _is_slip(period, counts, today)]
    newest = max((year for period in kept if (year := stated_year(period))), default=None)
    if newest and not any(academic_year_of(_span(re.sub(r" *\(.*\)$", "", period))) == newest for period in kept):
        following = academic_year(int(newest[:4]) + 1)
        return following if any(year == following for _, year in years) else newest
    return newest


def later_rows(lines: Iterable[Line], table: Table, source: Source, year: str) -> dict[int, str]:
    """The lines whose period is later than the academic year the file is of, each with the reason."""
    if source.period_column is None:
        return {}
    at = table.position(source.period_column)
    return {
        line: f"{source.period_column} holds '{shown(cells[at].strip())}', later than {year}, which the file is of"
        for line, cells in lines
        if (stated := stated_year(cells[at])) and stated > year
    }


def without_later_rows(rows: Rows, table: Table, source: Source, year: str) -> Rows:
    """The rows without those of a later period than the file's year: no measure of theirs would be of a known year."""
    return set_aside(rows, later_rows(rows.accepted, table, source, year), "later_period")


def _counts(table: Table, source: Source) -> Counter[str]:
    assert source.period_column is not None
    at = table.position(source.period_column)
    return Counter(_cell(line, at) for line in table.lines)


def _cell(line: Line, at: int) -> str:
    cells = line[1]
    return cells[at].strip() if at < len(cells) else ""


def _is_slip(period: str, counts: Counter[str], today: date) -> bool:
    """Whether a period is one cell's fault: it has not begun, or it stands once where every other stands ten times."""
    year = stated_year(period)
    if year and year_begins(year) > today:
        return True
    others = [number for other, number in counts.items() if other != period]
    return counts[period] == 1 and bool(others) and min(others) >= ROWS_MIN


def _span(period: str) -> str:
    return re.sub(r"^([0-9]{4})([0-9]{2})$", r"\1-\2", period)
