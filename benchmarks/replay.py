"""How long the replay of one past review takes beside a read of the cells that it may see.

Run it on a home that holds whole-England files: `python -m benchmarks.replay HOME 2018-12-15`. Prints seconds of the
replay (landing what has changed, judging, the models of the screen), of scoring it, of the floor, and the ratio.
"""

import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from pipelines.backtest.outcomes import outcomes, states
from pipelines.backtest.replay import known_now, replay
from pipelines.backtest.scores import scored
from pipelines.backtest.tables import WINDOWS, rows
from pipelines.home import Home


def floor(home: Home) -> float:
    """Seconds to read every cell of the files that the replay could see."""
    files = pq.read_table(home.landing / "files.parquet").to_pylist()
    cells = [str(home.landing / "cells" / f"{file['file_id']}.parquet") for file in files if file["is_visible"]]
    started = time.perf_counter()
    duckdb.connect().execute("select count(*), sum(length(raw_value)) from read_parquet(?)", [cells]).fetchall()
    return time.perf_counter() - started


def main(home: Home, day: date) -> None:
    known = known_now(home, "all")
    replay(home, "all", day, None)  # what is landed and judged once is not done again
    started = time.perf_counter()
    found = replay(home, "all", day, None)
    replayed = time.perf_counter() - started
    least = floor(home)
    started = time.perf_counter()
    schools = states(scored(found.schools, found.indicators), known, day)
    for months in WINDOWS:
        list(rows(day, found.review_year, schools.merge(outcomes(schools, known, day, months), on="urn"), months))
    judged = time.perf_counter() - started
    print(
        f"{len(found.schools):,} schools on {day}: replay {replayed:.0f} s, scoring {judged:.0f} s, floor {least:.1f} s"
    )
    print(f"replay and scoring: {(replayed + judged) / least:.0f} times the floor")


if __name__ == "__main__":
    main(Home.resolve(Path(sys.argv[1])), date.fromisoformat(sys.argv[2]))
