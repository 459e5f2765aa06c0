"""`rayg backtest`: replays the reviews, scores them, keeps what came of it in the home, and builds again so that the
mart and the page show it. Here stands the order; what each part does is its own module's.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipelines.backtest.outcomes import Known, outcomes, states
from pipelines.backtest.replay import Replay, known_now, replay
from pipelines.backtest.reviews import reviews
from pipelines.backtest.scores import scored
from pipelines.backtest.tables import WINDOWS, rows
from pipelines.errors import RaygError
from pipelines.files import remove_child
from pipelines.home import Home
from pipelines.intact import require_raw
from pipelines.landing.backtest import SKILL, skill_file
from pipelines.landing.write import write_table
from pipelines.lock import BuildLock

Tell = Callable[[str], None]


def backtest(home: Home, la_code: str, first: date | None, last: date | None, tell: Tell) -> int:
    """Replay every review between the days and write `backtest/` in the home: `skill.parquet` (the rows of the mart)
    and `reviews/<day>/` (what each replay's screen said and what came of it). Returns how many reviews were replayed.

    Raises RaygError where nothing is held, or no review can be replayed.
    """
    if not home.sidecars():
        raise RaygError(f"No published files are held in {home.root}: add some with `rayg add PATH`.")
    require_raw(home)
    lock = BuildLock(home)
    lock.acquire()
    try:
        tell("Reading what inspections found, whenever it was published")
        known = known_now(home, la_code)
        if known.lists.empty:
            raise RaygError("No list of inspections is held: add Ofsted's management information with `rayg add PATH`.")
        newest = _months_after(known.complete_to, -min(WINDOWS))
        days = reviews(home, first, min(last or newest, newest))
        folder = home.backtest / "reviews"
        remove_child(home.backtest, folder.name)
        found = []
        for number, day in enumerate(days, start=1):
            tell(f"Replaying the review of {day:%-d %B %Y} ({number} of {len(days)})")
            found += _one(folder / day.isoformat(), replay(home, la_code, day, None), known)
    finally:
        lock.release()
    write_table(_table(found), skill_file(home))
    return len(days)


def _one(folder: Path, replayed: Replay, known: Known) -> list[pd.DataFrame]:
    """Score one review over every window that has ended, and keep what it rests on."""
    folder.mkdir(parents=True)
    schools = states(scored(replayed.schools, replayed.indicators), known, replayed.review_on)
    replayed.indicators.to_parquet(folder / "indicators.parquet", index=False)
    about = {
        "review_on": replayed.review_on.isoformat(),
        "review_year": replayed.review_year,
        "listed_on": replayed.listed_on.isoformat() if replayed.listed_on else None,
    }
    (folder / "review.json").write_text(json.dumps(about), encoding="utf-8")
    found = []
    for months in WINDOWS:
        if _months_after(replayed.review_on, months) > known.complete_to:
            continue
        followed = schools.merge(outcomes(schools, known, replayed.review_on, months), on="urn")
        followed.to_parquet(folder / f"schools_{months}.parquet", index=False)
        found.append(pd.DataFrame(rows(replayed.review_on, replayed.review_year, followed, months)))
    return found


def _table(found: list[pd.DataFrame]) -> pa.Table:
    return pa.Table.from_pandas(pd.concat(found, ignore_index=True), schema=SKILL, preserve_index=False)


def _months_after(day: date, months: int) -> date:
    moved: pd.Timestamp = pd.Timestamp(day) + pd.DateOffset(months=months)
    return moved.date()
