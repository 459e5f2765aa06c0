"""Each mart as Parquet and CSV, byte for byte the same for the same rows.

The scoping rule, the CSV's rules and its limits live here; which cells need an apostrophe is `formulas`. What a mart
holds is dbt's; which files stand together is `builds`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.formulas import safe_cell_sql

# Marts whose Parquet files are the whole of England, and the files all of it rests on; their CSVs are scoped like all.
WHOLE_IN_PARQUET = ("observations", "held_files")
AREA_ENTITIES = ("la", "region", "country")
BYTE_ORDER_MARK = "\ufeff"
# a spreadsheet opens no CSV with more rows (its header is one of 1,048,576), and hardly one with more bytes
MOST_ROWS = 1_048_575
MOST_BYTES = 40_000_000
NO_KEY_STAGE = "no-key-stage"
# by column: the SQL of the label that a row's part takes from it, in the order in which a CSV is split
PART_LABELS = {
    "measure": "select case key_stage when 'all' then null else key_stage end from measures"
    " where measures.measure = rows.measure",
    "academic_year": "select rows.academic_year",
    "review_year": "select cast(rows.review_year as varchar)",
}
NO_LABEL = {"measure": NO_KEY_STAGE, "academic_year": "no-year", "review_year": "no-year"}


@dataclass(frozen=True)
class Column:
    """A mart's column: its name and DuckDB type."""

    name: str
    type: str


@dataclass(frozen=True)
class ExportedFile:
    """One written file: the mart it holds, its path and its rows."""

    mart: str
    path: Path
    rows_n: int


def columns_of(connection: duckdb.DuckDBPyConnection, mart: str) -> list[Column]:
    """The mart's columns in order."""
    rows = connection.execute(f'describe "{mart}"').fetchall()
    return [Column(name=row[0], type=row[1]) for row in rows]


def scope_condition(columns: list[str], la_code: str) -> str:
    """The SQL condition that keeps a mart's rows for one LA; `la_code` is three digits or `all`.

    Kept: rows about the LA's schools, rows of the LA, rows about an LA, region or country as a whole, and
    rows that name neither a school nor an LA. A mart with neither column is kept whole.
    """
    keys = [name for name in ("urn", "la_code") if name in columns]
    if la_code == "all" or not keys:
        return "true"
    kept = [" and ".join(f"{key} is null" for key in keys)]
    if "urn" in keys:
        kept.append(f"urn in (select urn from schools where la_code = '{la_code}')")
    if "la_code" in keys:
        kept.append(f"la_code = '{la_code}'")
    if "entity_type" in columns:
        kept.append(f"entity_type in {AREA_ENTITIES}")
    return " or ".join(f"coalesce({condition}, false)" for condition in kept)


def export_mart(connection: duckdb.DuckDBPyConnection, mart: str, la_code: str, folder: Path) -> list[ExportedFile]:
    """Write `<mart>.parquet` and `<mart>.csv` into the folder. Rows are in the order of all columns, left to right.

    Where the CSV would be too large for a spreadsheet, its parts are written instead: `<mart>.<key stage>.csv`, those
    still too large `<mart>.<key stage>.<year>.csv`, and where that does not do, numbered ones.
    """
    columns = columns_of(connection, mart)
    names = [column.name for column in columns]
    scope = scope_condition(names, la_code)
    is_whole = mart in WHOLE_IN_PARQUET
    parquet = folder / f"{mart}.parquet"
    connection.execute(
        f'copy (select * from "{mart}" where {"true" if is_whole else scope} order by all)'
        f" to '{_quoted(parquet)}' (format parquet, compression zstd, row_group_size 122880)"
    )
    read = f"read_parquet('{_quoted(parquet)}', file_row_number = true)"
    files = [ExportedFile(mart, parquet, _count(connection, read))]
    # the rows of the Parquet file are in order: nothing is sorted twice by all its columns
    kept = ", ".join(f'cast("{column.name}" as {column.type}) as "{column.name}"' for column in columns)
    rows = f"(select {kept}, file_row_number from {read} where {scope if is_whole else 'true'})"
    csv = _Csv(connection, mart, _csv_columns(columns), folder)
    if whole := csv.write(mart, rows):
        return [*files, whole]
    labels = [name for name in PART_LABELS if name in names]
    labelled = ", ".join(f"{_label(name)} as part_{at}" for at, name in enumerate(labels))
    connection.execute(f"create or replace temp table parts as select *, {labelled or 'null'} from {rows} as rows")
    files += csv.write_parts(mart, "parts", len(labels))
    connection.execute("drop table parts")
    return files


def _label(column: str) -> str:
    """The SQL of a row's label, fit for a file's name."""
    return f"regexp_replace(coalesce(({PART_LABELS[column]}), '{NO_LABEL[column]}'), '[^A-Za-z0-9]+', '-', 'g')"


@dataclass(frozen=True)
class _Csv:
    """Writes a mart's rows as CSV into a folder: `cells` is the select list."""

    connection: duckdb.DuckDBPyConnection
    mart: str
    cells: str
    folder: Path

    def write(self, name: str, rows: str) -> ExportedFile | None:
        """Write `<name>.csv`, unless that is too large: then nothing is left of it."""
        path = self.folder / f"{name}.csv"
        rows_n = _count(self.connection, rows)
        if rows_n > MOST_ROWS:
            return None
        self.connection.execute(
            f"copy (select {self.cells} from {rows} order by file_row_number)"
            rf" to '{_quoted(path)}' (format csv, header, new_line '\r\n')"
        )
        if path.stat().st_size > MOST_BYTES and rows_n > 1:
            path.unlink()
            return None
        return ExportedFile(self.mart, path, rows_n)

    def write_parts(self, name: str, rows: str, labels_n: int, at: int = 0) -> Iterator[ExportedFile]:
        """Write a part for each label of the rows, and smaller ones for a part that is too large."""
        if at == labels_n:
            yield from self._numbered(name, rows)
            return
        found = self.connection.execute(f"select distinct part_{at} from {rows} order by all").fetchall()
        for (label,) in found:
            part = f"(select * from {rows} where part_{at} = '{label}')"
            if file := self.write(f"{name}.{label}", part):
                yield file
            else:
                yield from self.write_parts(f"{name}.{label}", part, labels_n, at + 1)

    def _numbered(self, name: str, rows: str) -> Iterator[ExportedFile]:
        """Write the rows in their order, as many to a part as fit."""
        rows_n, first, size, number = _count(self.connection, rows), 0, MOST_ROWS, 1
        while first < rows_n:
            part = f"(select * from {rows} order by file_row_number limit {size} offset {first})"
            if file := self.write(f"{name}.{number}", part):
                yield file
                first, number = first + file.rows_n, number + 1
            else:
                size //= 2


def _csv_columns(columns: list[Column]) -> str:
    """The select list of a CSV: text made safe; the first header carries the mark Excel looks for."""
    cells = []
    for number, column in enumerate(columns):
        cell = safe_cell_sql(f'"{column.name}"') if column.type == "VARCHAR" else f'"{column.name}"'
        mark = BYTE_ORDER_MARK if number == 0 else ""
        cells.append(f'{cell} as "{mark}{column.name}"')
    return ", ".join(cells)


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    row = connection.execute(f"select count(*) from {rows}").fetchone()
    assert row is not None
    return int(row[0])


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")
