"""Landed Parquet: the schemas of docs/formats.md and the writing of one file's tables.

Nothing is judged here. The same input gives the same bytes. Cells are written column by column: a column's values are
alike, so they pack small, and a reader that wants some columns skips the rest.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.files import write_whole
from pipelines.sources.catalogue import column_keys
from pipelines.tables.rows import Reject, Rows

CELLS = pa.schema(
    [
        ("file_id", pa.string()),
        ("line", pa.int32()),
        ("column_position", pa.int32()),
        ("column_name", pa.string()),
        ("column_key", pa.string()),
        ("raw_value", pa.string()),
    ]
)
COLUMNS = pa.schema(
    [
        ("file_id", pa.string()),
        ("column_position", pa.int32()),
        ("column_name", pa.string()),
        ("column_key", pa.string()),
    ]
)
REJECTS = pa.schema(
    [
        ("file_id", pa.string()),
        ("line", pa.int32()),
        ("reason_code", pa.string()),
        ("reason", pa.string()),
        ("raw_row", pa.string()),
    ]
)
VERDICTS = pa.schema([("file_id", pa.string()), ("verdict", pa.string()), ("reason", pa.string())])
SET_ASIDE = pa.schema(
    [
        ("file_id", pa.string()),
        ("line", pa.int32()),
        ("column_key", pa.string()),
        ("extent", pa.string()),
        ("raw_value", pa.string()),
        ("reason", pa.string()),
    ]
)
BY_FILE = {"cells": CELLS, "columns": COLUMNS, "rejects": REJECTS}
PER_FILE_FOLDERS = (*BY_FILE, "wide")


def write_table(table: pa.Table, path: Path) -> None:
    """Writes a Parquet file whole. It may be lost in a power cut: `is_whole` tells, and it is landed again."""
    write_whole(path, lambda part: pq.write_table(table, part, compression="zstd", store_schema=False), lasts=False)


def is_whole(path: Path) -> bool:
    """Whether a landed Parquet file is there down to its footer, which is written last."""
    try:
        pq.read_metadata(path)
    except (OSError, pa.ArrowInvalid):
        return False
    return True


def write_schemas(landing: Path) -> None:
    """The zero-row files that let a glob over cells, columns or rejects always match."""
    for folder, schema in BY_FILE.items():
        write_table(schema.empty_table(), landing / folder / "_schema.parquet")


def write_file(landing: Path, file_id: str, header: tuple[str, ...], rows: Rows) -> None:
    """One file's accepted rows, as cells and wide, its columns and its rejects."""
    name = f"{file_id}.parquet"
    lines = pa.array([line for line, _ in rows.accepted], pa.int32())
    # strict: the rows are exactly as long as the header, or values would sit under the wrong column
    transposed = zip(*(cells for _, cells in rows.accepted), strict=True) if rows.accepted else [()] * len(header)
    values = [pa.array(column, pa.string()) for column in transposed]
    write_table(pa.table([lines, *values], names=["_line", *header]), landing / "wide" / name)
    write_table(_cells(file_id, lines, header, values), landing / "cells" / name)
    positions = pa.array(range(1, len(header) + 1), pa.int32())
    keys = pa.array(column_keys(header), pa.string())
    columns = [pa.array([file_id] * len(header)), positions, pa.array(header, pa.string()), keys]
    write_table(pa.table(columns, schema=COLUMNS), landing / "columns" / name)
    write_table(_rejects(file_id, rows.rejects), landing / "rejects" / name)


def _cells(file_id: str, lines: pa.Array, header: tuple[str, ...], values: list[pa.Array]) -> pa.Table:
    """One row per cell: the columns beneath each other, with what each cell belongs to beside it."""
    rows_n, columns_n = len(lines), len(header)
    column = np.repeat(np.arange(columns_n, dtype=np.int32), rows_n)
    whose = pa.array(np.zeros(rows_n * columns_n, dtype=np.int32))
    arrays = [
        pa.DictionaryArray.from_arrays(whose, [file_id]),
        pa.array(np.tile(lines.to_numpy(), columns_n), pa.int32()),
        pa.array(column + 1, pa.int32()),
        pa.DictionaryArray.from_arrays(pa.array(column), list(header)),
        pa.DictionaryArray.from_arrays(pa.array(column), list(column_keys(header))),
        pa.chunked_array(values, pa.string()),
    ]
    return pa.table(arrays, names=CELLS.names)


def _rejects(file_id: str, rejects: list[Reject]) -> pa.Table:
    rows = [{"file_id": file_id, **vars(reject)} for reject in rejects]
    return pa.Table.from_pylist(rows, schema=REJECTS)
