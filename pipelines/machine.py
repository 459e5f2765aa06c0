"""What this machine gives a build: memory for the database and models at once. Nothing here knows what is built."""

import os
from functools import cache

import duckdb

FILE_GIB = 1.0  # what landing takes for a large file at its peak
LEAST_GIB = 1.0
# all England at ten years needs less; the rest of a large machine is for other people's work
MOST_GIB = 6.0
GIB = {"MiB": 1 / 1024, "GiB": 1.0, "TiB": 1024.0}


def database_memory() -> str:
    """How much memory the database may take, as DuckDB reads it: half of the machine's (or of its container's, which
    DuckDB knows), within the bounds above. What does not fit is spilled to disk.
    """
    return bounded(_half_of_memory())


@cache
def _half_of_memory() -> str:
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '50%'")
        row = connection.execute("select current_setting('memory_limit')").fetchone()
    assert row is not None
    return str(row[0])


def bounded(memory: str) -> str:
    """An amount of memory as DuckDB prints it (`11.7 GiB`), kept within the bounds."""
    return f"{min(max(_gib(memory), LEAST_GIB), MOST_GIB):.1f}GiB"


def _gib(memory: str) -> float:
    amount, unit = memory.split()
    return float(amount) * GIB[unit]


def files_within(memory: str, cores_n: int) -> int:
    """How many files are landed at the same time within an amount of memory: as many as there are cores, at most four,
    at least one.
    """
    return max(1, min(cores_n, 4, int(_gib(memory) / FILE_GIB)))


def files_at_once() -> int:
    """How many files are landed at the same time on this machine, in half of its memory."""
    return files_within(_half_of_memory(), os.cpu_count() or 1)


def models_at_once() -> int:
    """How many models are made at the same time: as many as there are cores, at most four, since each takes its share
    of the memory and uses several cores by itself.
    """
    return min(os.cpu_count() or 1, 4)
