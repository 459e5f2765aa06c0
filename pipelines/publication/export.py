"""Each mart as Parquet and CSV, byte for byte the same for the same rows.

The scoping rule and the CSV's rules live here; which cells need an apostrophe is `formulas`. What a mart holds is
dbt's; which files stand together is `builds`.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.formulas import safe_cell_sql

# Marts whose Parquet files are the whole of England, and the files all of it rests on; their CSVs are scoped like all.
WHOLE_IN_PARQUET = ("observations", "held_files")
AREA_ENTITIES = ("la", "region", "country")
BYTE_ORDER_MARK = "\ufeff"


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
    """Write `<mart>.parquet` and `<mart>.csv` into the folder. Rows are in the order of all columns, left to
    right.
    """
    columns = columns_of(connection, mart)
    scope = scope_condition([column.name for column in columns], la_code)
    parquet, csv = folder / f"{mart}.parquet", folder / f"{mart}.csv"
    connection.execute(
        f'copy (select * from "{mart}" where {"true" if mart in WHOLE_IN_PARQUET else scope} order by all)'
        f" to '{_quoted(parquet)}' (format parquet, compression zstd, row_group_size 122880)"
    )
    connection.execute(
        f'copy (select {_csv_columns(columns)} from (select * from "{mart}" where {scope} order by all))'
        rf" to '{_quoted(csv)}' (format csv, header, new_line '\r\n')"
    )
    return [
        ExportedFile(mart, parquet, _count(connection, f"read_parquet('{_quoted(parquet)}')")),
        ExportedFile(mart, csv, _count(connection, f'"{mart}" where {scope}')),
    ]


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
