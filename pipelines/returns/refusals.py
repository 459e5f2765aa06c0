"""The lines of a return that cannot join what a home holds: decisions against the ledger, lists against the schools
that the current build knows.

`ledger` says what makes a decision fit. `landing` keeps the files.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow.parquet as pq

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.provenance import read_raw
from pipelines.returns.check import in_plain_characters
from pipelines.returns.ledger import LEDGER, NO_SUCH_SCHOOL, Decision, Known, refusals
from pipelines.returns.schema import return_named
from pipelines.seeds import seed
from pipelines.sources.catalogue import Source, load_catalogue
from pipelines.tables.decode import Line, read_table
from pipelines.tables.rows import RowRules, Rows


class RefusedLinesError(RaygError):
    """A return of which no line, or not every line, could be taken. `lines`: the refused ones, each with the reason."""

    def __init__(self, text: str, lines: dict[int, str]) -> None:
        super().__init__(text)
        self.lines = lines


def refused_decisions(home: Home, file_name: str, header: tuple[str, ...], rows: Rows) -> dict[int, str]:
    """The lines of a file of decisions that the ledger cannot take, each with column and reason. The others fit.

    Raises RaygError where a held file of the ledger cannot be read.
    """
    refused = {reject.line: reject.reason for reject in rows.rejects}
    offered = _decisions(header, rows.accepted, file_name)
    return refused | refusals(_held_decisions(home), offered, _known(home))


def unknown_schools(home: Home, source: Source, header: tuple[str, ...], rows: Rows) -> dict[int, str]:
    """The lines of a return that name a school which the current build does not know, each with column and reason.

    Before the first build no school is known, and every line passes.
    """
    declared = return_named(source.id)
    urns = _urns(home) if declared else frozenset()
    if declared is None or not urns:
        return {}
    columns = [column.name for column in declared.columns if column.kind == "urn"]
    return {
        line: f"column {column} holds '{row[column]}': {NO_SUCH_SCHOOL}"
        for line, row in _by_column(header, rows.accepted)
        for column in columns
        if row[column] not in urns
    }


def messages(refused: dict[int, str]) -> list[str]:
    """One message for each refused line, in the order of the lines."""
    return [f"line {line}, {reason}" for line, reason in sorted(refused.items())]


def _held_decisions(home: Home) -> list[Decision]:
    source = _ledger_source()
    decisions = []
    held, aside = read_raw(home)
    for odd in aside:
        if LEDGER in odd.path.parts[-3:-2]:
            raise RaygError(f"{odd.path.name} of the ledger cannot be read, since {odd.reason}")
    for file in held:
        if file.provenance.source == LEDGER:
            if not file.is_intact:
                raise RaygError(f"{file.path.name} of the ledger is damaged: bring its bytes back before adding to it")
            printed_table = read_table(file.path.read_bytes(), file.path.name, source, source.sheet)
            table, _ = in_plain_characters(printed_table, source)
            rules = RowRules(table, source)
            fitted = ((line, rules.fit(printed)) for line, printed in table.lines)
            refused = file.provenance.refused_lines
            taken = [(line, cells) for line, cells in fitted if cells is not None and line not in refused]
            decisions += _decisions(table.header, taken, file.path.name)
    return decisions


def _decisions(header: tuple[str, ...], lines: Iterable[Line], file_name: str) -> list[Decision]:
    return [Decision(row, line, f"{file_name} line {line}") for line, row in _by_column(header, lines)]


def _by_column(header: tuple[str, ...], lines: Iterable[Line]) -> list[tuple[int, dict[str, str]]]:
    """Each line with its stripped cells by column name."""
    names = [name.strip().lower() for name in header]
    return [(line, dict(zip(names, (cell.strip() for cell in cells), strict=True))) for line, cells in lines]


def _known(home: Home) -> Known:
    """Today, and what the current build says. Before the first build no school can be unknown."""
    return Known(
        today=date.today(),
        urns=_urns(home),
        rated_since=min(date.fromisoformat(row["valid_from"]) for row in seed("strategies")),
        drafts={
            (row["urn"], str(row["review_year"]), row["provision"]): row["draft_rating"]
            for row in _mart(home, "rayg_drafts", ["urn", "review_year", "provision", "draft_rating"])
        },
    )


def _urns(home: Home) -> frozenset[str]:
    """The schools that the current build knows, open or not."""
    return frozenset(row["urn"] for row in _mart(home, "schools", ["urn"]))


def _mart(home: Home, name: str, columns: list[str]) -> list[dict[str, Any]]:
    path = home.current / f"{name}.parquet"
    return pq.read_table(path, columns=columns).to_pylist() if path.exists() else []


def _ledger_source() -> Source:
    source = load_catalogue().source(LEDGER)
    assert source is not None  # the catalogue's own entry
    return source
