"""A file of adviser decisions against the ledger as a home holds it: its files, and the draft ratings of its build.

What makes a decision fit is `ledger`'s; keeping the file, `moderate`'s.
"""

import pyarrow.parquet as pq

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing.decode import read_table
from pipelines.landing.provenance import held_files
from pipelines.landing.rows import RowRules, sort_rows
from pipelines.returns.ledger import LEDGER, Decision, Key, refusals
from pipelines.sources.catalogue import Source, load_catalogue


def refused_lines(home: Home, file_name: str, content: bytes) -> list[str]:
    """Every line of a file of decisions that the ledger cannot take, with column and reason; none: it fits.

    Raises RaygError where the file, or one that is held, cannot be read at all.
    """
    source = _ledger_source()
    table = read_table(content, file_name, source, source.sheet)
    rows = sort_rows(table, source)
    if not table.lines:
        raise RaygError(f"{file_name}: a header and no decision beneath it: fill it in first")
    if rows.rejects:
        return [f"line {reject.line}, {reject.reason}" for reject in rows.rejects]
    return refusals(_held(home, source), _decisions(content, file_name, source), _drafts(home))


def _held(home: Home, source: Source) -> list[Decision]:
    decisions = []
    for file in held_files(home):
        if file.provenance.source == LEDGER:
            if not file.is_intact:
                raise RaygError(f"{file.path.name} of the ledger is damaged: bring its bytes back before adding to it")
            decisions += _decisions(file.path.read_bytes(), file.path.name, source)
    return decisions


def _decisions(content: bytes, file_name: str, source: Source) -> list[Decision]:
    table = read_table(content, file_name, source, source.sheet)
    rules = RowRules(table, source)
    names = [name.strip().lower() for name in table.header]
    lines = ((line, rules.fit(found)) for line, found in table.lines)
    return [
        Decision(dict(zip(names, (cell.strip() for cell in cells), strict=True)), line, f"{file_name} line {line}")
        for line, cells in lines
        if cells is not None
    ]


def _drafts(home: Home) -> dict[Key, str]:
    """The draft ratings of the current build by school, review and provision; none before the first build."""
    path = home.current / "rayg_drafts.parquet"
    if not path.exists():
        return {}
    rows = pq.read_table(path, columns=["urn", "review_year", "provision", "draft_rating"]).to_pylist()
    return {(row["urn"], str(row["review_year"]), row["provision"]): row["draft_rating"] for row in rows}


def _ledger_source() -> Source:
    source = load_catalogue().source(LEDGER)
    assert source is not None  # the catalogue's own entry
    return source
