"""The floor of a build: a bare script that reads the same raw files, melts them, writes typed observations.

Nothing is checked, named, dated or explained here: what a build takes beyond this is the price of all that.
Run as `python -m benchmarks.floor RAW_FOLDER OUTPUT.parquet`.
"""

import csv
import io
import sys
from pathlib import Path

import duckdb
import pyarrow as pa


def melt(path: Path) -> pa.Table:
    """One table of long text cells (line, column_name, raw_value) from a published CSV file."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = rows[0]
    width = len(header)
    body = [(row + [""] * width)[:width] for row in rows[1:]]
    return pa.table(
        {
            "line": [line for line in range(2, len(body) + 2) for _ in range(width)],
            "column_name": header * len(body),
            "raw_value": [value for row in body for value in row],
        }
    )


def main(raw_folder: Path, output: Path) -> None:
    """Writes every cell that is a number, with its line and column, as one Parquet file."""
    connection = duckdb.connect()
    connection.execute("create table numbers (file_name varchar, line integer, column_name varchar, value double)")
    for path in sorted(raw_folder.rglob("*.csv")):
        cells = melt(path)  # noqa: F841  DuckDB reads the variable by its name
        connection.execute(
            "insert into numbers select ?, line, column_name, value from (select line, column_name, "
            "try_cast(regexp_replace(raw_value, '[%,£]', '', 'g') as double) as value from cells) "
            "where value is not null",
            [path.name],
        )
    connection.execute(f"copy numbers to '{output}' (format parquet)")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
