"""Which rows of a table may stand: row length, keys and duplicates.

Pure. dbt judges what the other cells say. A local return has rules on them of its own (`returns.check`), which the
caller passes in.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pipelines.sources.catalogue import Source
from pipelines.tables.decode import Line, Table
from pipelines.written import shown

URN = re.compile(r"[1-9][0-9]{5}")

RowCheck = Callable[[list[str]], str | None]  # what is wrong with a row as long as the header; None where nothing is
ReasonCode = Literal[
    "overlong_row",
    "broken_key",
    "broken_value",
    "duplicate_identical",
    "duplicate_conflicting",
    "refused_decision",
    "later_period",
]


@dataclass(frozen=True)
class Reject:
    """A line left out, and why. `raw_row` is the line again as csv."""

    line: int
    reason_code: ReasonCode
    reason: str
    raw_row: str


@dataclass(frozen=True)
class Rows:
    """The lines that stand, each exactly as long as the header, and the rest; both in the file's order."""

    accepted: list[Line]
    rejects: list[Reject]

    @property
    def lines_n(self) -> int:
        return len(self.accepted) + len(self.rejects)


class RowRules:
    """A source's rules on rows, for one header."""

    def __init__(self, table: Table, source: Source) -> None:
        self.width = len(table.header)
        self.longest = self.width + table.spare_n
        self.header = table.header
        self.urns = [table.position(column) for column in source.urn_columns]
        self.row_key = [table.position(column) for column in source.row_key] or list(range(self.width))
        totals = source.total_rows
        self.total_at = table.position(totals.column) if totals else None
        self.total_values = set(totals.values) if totals else set()
        self.total_key = [table.position(column) for column in totals.key] if totals else []

    def fit(self, cells: list[str]) -> list[str] | None:
        """The cells padded with '' to the header's width; None where there are more than it has columns.

        A blank surplus cell counts too: a stray comma early in a row whose last cell is blank leaves just that.
        """
        if len(cells) < self.width:
            return cells + [""] * (self.width - len(cells))
        if len(cells) > self.longest or any(cell.strip() for cell in cells[self.width :]):
            return None
        return cells[: self.width]

    def is_total(self, cells: list[str]) -> bool:
        """Whether a fitted row is about an area, not a school."""
        return self.total_at is not None and cells[self.total_at].strip() in self.total_values

    def broken_key(self, cells: list[str]) -> str | None:
        """What is wrong with a fitted row's key, if anything."""
        if self.is_total(cells):
            return None
        for at in self.urns:
            if not URN.fullmatch(cells[at].strip()):
                column, value = self.header[at], shown(cells[at].strip())
                return f"{column} is '{value}', not a six-digit URN, and the row is no total"
        return None

    def key(self, cells: list[str]) -> tuple[str, ...]:
        """What a fitted row is about: two rows with one key repeat or contradict each other."""
        if self.is_total(cells):
            return ("total", *(cells[at].strip() for at in self.total_key))
        return ("row", *(cells[at].strip() for at in self.row_key))


def sort_rows(table: Table, source: Source, check: RowCheck | None = None) -> Rows:
    """Separates the lines that stand from those that do not. `check` judges the values of a row.

    An overlong row is left out whole: one stray comma shifts every later value, so none of it can be trusted.
    The first of identical rows stands. Rows that contradict each other are all left out.
    """
    rules = RowRules(table, source)
    rejects: list[Reject] = []
    by_key: dict[tuple[str, ...], list[Line]] = {}
    for line, printed in table.lines:
        cells = rules.fit(printed)
        if cells is None:
            too_long = f"{len(printed)} cells under {rules.width} columns"
            rejects.append(_reject(line, "overlong_row", too_long, printed))
        elif check and (fault := check(cells)):
            rejects.append(_reject(line, "broken_value", fault, printed))
        elif fault := rules.broken_key(cells):
            rejects.append(_reject(line, "broken_key", fault, printed))
        else:
            by_key.setdefault(rules.key(cells), []).append((line, cells))
    accepted: list[Line] = []
    for same in by_key.values():
        first_line, first = same[0]
        if any(_stripped(cells) != _stripped(first) for _, cells in same[1:]):
            lines = ", ".join(str(line) for line, _ in same)
            reason = f"lines {lines} have the same key and differ"
            rejects += [_reject(line, "duplicate_conflicting", reason, cells) for line, cells in same]
        else:
            accepted.append(same[0])
            reason = f"identical to line {first_line}, which stands"
            rejects += [_reject(line, "duplicate_identical", reason, cells) for line, cells in same[1:]]
    return Rows(sorted(accepted), sorted(rejects, key=lambda reject: reject.line))


def without_refused(rows: Rows, refused: dict[int, str]) -> Rows:
    """The rows of a file of decisions without the lines that the ledger refused when the file was kept."""
    return set_aside(rows, refused, "refused_decision")


def set_aside(rows: Rows, reasons: dict[int, str], code: ReasonCode) -> Rows:
    """The rows without the accepted lines that have a reason to be left out."""
    if not reasons:
        return rows
    taken = [(line, cells) for line, cells in rows.accepted if line not in reasons]
    left = [(line, cells) for line, cells in rows.accepted if line in reasons]
    others = [_reject(line, code, reasons[line], cells) for line, cells in left]
    return Rows(taken, sorted(rows.rejects + others, key=lambda reject: reject.line))


def _stripped(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _reject(line: int, code: ReasonCode, reason: str, cells: list[str]) -> Reject:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return Reject(line, code, reason, text.getvalue())
