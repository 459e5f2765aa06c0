"""What a sheet is: a declared table. No SQL is run here and nothing is written."""

import re
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]

# Kinds of column. Numbers: `pct`, `score`, `points` (signed) with their decimals, as `pct1`; `count`; `gbp`.
TEXT, LONG, DATE, ENTRY, LINE, HELPER, BY_ROW = "text", "long", "date", "entry", "line", "helper", "by_row"


@dataclass(frozen=True)
class Column:
    """One column of a sheet's table.

    `key`: the query's column. `kind`: a number format, a vocabulary of `look.VOCABULARIES` (its words are coloured),
    or one of: `text`; `long` (wraps); `date`; `by_row` (the query's `<key>_format` names the number format); `entry`
    (an empty cell for a person, held to `choices`); `line` (a sparkline over the sheet's helpers); `helper` (hidden:
    what the sparkline draws, where a gap stays empty). An absence is shown in the words of the query's `<key>_absent`,
    else in those of `empty`; a number with a text in `<key>_doubt` has the mark of a doubt. `note`: what the column
    holds; without one, the mart's own description.
    """

    key: str
    header: str
    kind: str = TEXT
    width: float = 12
    note: str = ""
    empty: str = "none"
    choices: tuple[str, ...] = ()
    message: str = ""  # shown where an entry is typed


@dataclass(frozen=True)
class Sheet:
    """One table on a sheet of its own.

    `marts`: what the query reads, the first of them the one whose rows these are; a build without one of them has no
    such sheet. `query`: ends in a total order. `frozen`: how many columns stay while one scrolls.
    """

    name: str
    title: str
    purpose: str
    marts: tuple[str, ...]
    query: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    frozen: int = 2
    is_plain: bool = False  # no Excel table, so that nobody sorts what charts point at; an absence stays empty

    @property
    def table_name(self) -> str:
        """The name formulas know the table by."""
        return re.sub(r"\W+", "_", self.name.lower()).strip("_")


@dataclass(frozen=True)
class Line:
    """One line of a chart: its name and the row of the chart data it draws."""

    name: str
    row: int
    is_reference: bool = False  # England, neighbours: drawn behind


@dataclass(frozen=True)
class Chart:
    """A native chart over the sheet of chart data. `alt`: what it shows, in words. `first`, `last`: the data's columns,
    from 0, that are drawn. `least`, `most`: ends of its axis.
    """

    title: str
    alt: str
    lines: tuple[Line, ...]
    number_format: str
    first: int
    last: int
    kind: str = "line"
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Charts:
    """A sheet of charts over the rows of `data`."""

    name: str
    title: str
    purpose: str
    data: Sheet
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class About:
    """What a workbook says about itself on its first sheets. `dated_on` stands in its properties: never the clock."""

    file: str
    title: str
    subject: str
    county: str
    review_year: int
    as_at: str
    dated_on: Any
    code_version: str
    digest: str
    is_sample: bool


@dataclass(frozen=True)
class Book:
    """A workbook: what it says of itself, its tables, its charts. `lacking`: sheets whose marts this build has not."""

    about: About
    sheets: tuple[Sheet, ...]
    charts: tuple[Charts, ...] = ()
    lacking: tuple[str, ...] = field(default=())
