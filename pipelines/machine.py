"""What this machine gives a build: memory for the database, and files landed at once."""

import os
from functools import cache

import duckdb

FILE_GIB = 1.0  # what landing takes for a large file at its peak
LEAST_GIB = 1.0
# by the authority asked for; the rest of a large machine is for other people's work. One authority's models take no
# longer in this much than in all there is, and dbt with it stays below 2 GiB
MOST_GIB = 1.5
MOST_GIB_OF_ALL = 6.0
GIB = {"MiB": 1 / 1024, "GiB": 1.0, "TiB": 1024.0}


def database_memory(*, is_every_authority: bool) -> str:
    """How much memory the database may take for a build of one authority or of every one, as DuckDB reads it: half of
    the machine's (or of its container's, which DuckDB knows), within the bounds above. The rest is spilled to disk.
    """
    return bounded(_half_of_memory(), MOST_GIB_OF_ALL if is_every_authority else MOST_GIB)


@cache
def _half_of_memory() -> str:
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '50%'")
        row = connection.execute("select current_setting('memory_limit')").fetchone()
    assert row is not None
    return str(row[0])


def bounded(memory: str, most_gib: float) -> str:
    """An amount of memory as DuckDB prints it (`11.7 GiB`), kept between the least and the most."""
    return f"{min(max(_gib(memory), LEAST_GIB), most_gib):.1f}GiB"


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
