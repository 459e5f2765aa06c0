"""A Parquet file as lines of text. Only what is peculiar to Parquet belongs here; `apart` runs it."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import RaygError
from pipelines.tables.limits import CELLS_MAX, COLUMNS_MAX, FILE_BYTES_MAX, megabytes
from pipelines.tables.typed import cell_text


def read_parquet(content: bytes) -> list[tuple[int, list[str]]]:
    """The header as line 1 and the rows beneath it.

    Raises RaygError where the file is damaged, holds a cell that cannot be read, or says that it is beyond the limits:
    a file of a few kilobytes can hold a billion packed cells.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        _refuse_extent(file.metadata)
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise RaygError("the Parquet file is truncated or damaged: download it again") from error
    columns = [_texts(name, column) for name, column in zip(table.column_names, table.columns, strict=True)]
    rows = ([cell or "" for cell in row] for row in zip(*columns, strict=True))
    return [(1, list(table.column_names)), *((at, row) for at, row in enumerate(rows, start=2) if any(row))]


def _refuse_extent(metadata: pq.FileMetaData) -> None:
    if metadata.num_columns > COLUMNS_MAX:
        raise RaygError(f"over {COLUMNS_MAX:,} columns: take the file as published")
    if metadata.num_rows * metadata.num_columns > CELLS_MAX:
        raise RaygError(f"over {CELLS_MAX:,} cells, as no published file has: take it in parts")
    groups = range(metadata.num_row_groups)
    if sum(metadata.row_group(at).total_byte_size for at in groups) > FILE_BYTES_MAX:
        raise RaygError(f"unpacks to over {megabytes(FILE_BYTES_MAX)}: take it in parts")


def _texts(name: str, column: pa.ChunkedArray) -> list[str | None]:
    try:
        cells = column.to_pylist()
        return cells if pa.types.is_string(column.type) else [cell_text(cell) for cell in cells]
    except (pa.ArrowException, ValueError, OverflowError) as error:  # a day after the year 9999, bytes that are no text
        raise RaygError(f"column {name} holds a cell that cannot be read ({error}): save it as csv") from error
