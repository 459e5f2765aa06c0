"""What this machine gives a build: memory for the database and models at once. Nothing here knows what is built."""

import os
from functools import cache

import duckdb

LEAST_GIB = 1.0
# all England at ten years needs less; the rest of a large machine is for other people's work
MOST_GIB = 6.0
GIB = {"MiB": 1 / 1024, "GiB": 1.0, "TiB": 1024.0}


@cache
def database_memory() -> str:
    """How much memory the database may take, as DuckDB reads it: half of the machine's (or of its container's, which
    DuckDB knows), within the bounds above. What does not fit is spilled to disk.
    """
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '50%'")
        row = connection.execute("select current_setting('memory_limit')").fetchone()
    assert row is not None
    return bounded(str(row[0]))


def bounded(memory: str) -> str:
    """An amount of memory as DuckDB prints it (`11.7 GiB`), kept within the bounds."""
    amount, unit = memory.split()
    return f"{min(max(float(amount) * GIB[unit], LEAST_GIB), MOST_GIB):.1f}GiB"


def models_at_once() -> int:
    """How many models are made at the same time: as many as there are cores, at most four, since each takes its share
    of the memory and uses several cores by itself.
    """
    return min(os.cpu_count() or 1, 4)
