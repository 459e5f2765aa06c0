"""A return against what a home holds: a file of adviser decisions against the ledger, a list against the schools that
the current build knows.

What makes a decision fit is `ledger`'s; keeping the file, `moderate`'s and `landing`'s.
"""

from datetime import date
from typing import Any

import pyarrow.parquet as pq

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing.provenance import held_files
from pipelines.landing.rows import RowRules, sort_rows
from pipelines.returns.ledger import LEDGER, NO_SUCH_SCHOOL, Decision, Known, refusals
from pipelines.returns.schema import return_named
from pipelines.sources.catalogue import Source, load_catalogue
from pipelines.tables.decode import read_table


def refused_lines(home: Home, file_name: str, content: bytes) -> tuple[dict[int, str], int]:
    """The lines of a file of decisions that the ledger cannot take, each with column and reason, and how many lines the
    file has. The others fit.

    Raises RaygError where the file, or one that is held, cannot be read at all.
    """
    source = _ledger_source()
    table = read_table(content, file_name, source, source.sheet)
    rows = sort_rows(table, source)
    if not table.lines:
        raise RaygError(f"{file_name}: a header and no decision beneath it: fill it in first")
    refused = {reject.line: reject.reason for reject in rows.rejects}
    offered = _decisions(content, file_name, source, refused)
    refused |= refusals(_held(home, source), offered, _known(home))
    return refused, len(table.lines)


def unknown_schools(home: Home, file_name: str, content: bytes, source: Source) -> dict[int, str]:
    """The lines of a list that name a school which the current build does not know, each with column and reason.

    Of the lists that a bad line refuses whole: an entry of no school would stand in none of the published files. No
    line of any other source, and none before the first build, when no school is known.
    """
    declared = return_named(source.id)
    urns = _urns(home) if declared and declared.refused_whole else frozenset()
    if declared is None or not urns:
        return {}
    columns = [column.name for column in declared.columns if column.kind == "urn"]
    return {
        entry.line: f"column {column} holds '{entry.cells[column]}': {NO_SUCH_SCHOOL}"
        for entry in _decisions(content, file_name, source, {})
        for column in columns
        if entry.cells[column] not in urns
    }


def told(refused: dict[int, str]) -> list[str]:
    """The refused lines as they are told, in their order."""
    return [f"line {line}, {reason}" for line, reason in sorted(refused.items())]


def _held(home: Home, source: Source) -> list[Decision]:
    decisions = []
    for file in held_files(home):
        if file.provenance.source == LEDGER:
            if not file.is_intact:
                raise RaygError(f"{file.path.name} of the ledger is damaged: bring its bytes back before adding to it")
            refused = file.provenance.refused_lines
            decisions += _decisions(file.path.read_bytes(), file.path.name, source, refused)
    return decisions


def _decisions(content: bytes, file_name: str, source: Source, refused: dict[int, str]) -> list[Decision]:
    """The decisions of a file, without the lines refused."""
    table = read_table(content, file_name, source, source.sheet)
    rules = RowRules(table, source)
    names = [name.strip().lower() for name in table.header]
    lines = ((line, rules.fit(found)) for line, found in table.lines)
    return [
        Decision(dict(zip(names, (cell.strip() for cell in cells), strict=True)), line, f"{file_name} line {line}")
        for line, cells in lines
        if cells is not None and line not in refused
    ]


def _known(home: Home) -> Known:
    """Today, and what the current build says; before the first build no school can be unknown."""
    return Known(
        today=date.today(),
        urns=_urns(home),
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
