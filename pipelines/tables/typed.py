"""Text from files whose cells are typed: whole numbers without `.0`, dates in ISO form, nothing for null.

What is peculiar to workbooks stays in `workbook`.
"""

import io
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import RaygError


def cell_text(cell: Any) -> str:
    """A typed cell as the text a publisher's csv would hold."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def read_parquet(content: bytes) -> list[tuple[int, list[str]]]:
    """A Parquet file's header as line 1 and its rows beneath it. Raises RaygError where it is damaged."""
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise RaygError("the Parquet file is truncated or damaged: download it again") from error
    columns = [
        column.to_pylist() if pa.types.is_string(column.type) else [cell_text(cell) for cell in column.to_pylist()]
        for column in table.columns
    ]
    rows = ([cell or "" for cell in row] for row in zip(*columns, strict=True))
    return [(1, list(table.column_names)), *((at, row) for at, row in enumerate(rows, start=2) if any(row))]
