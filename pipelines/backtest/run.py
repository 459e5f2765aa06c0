"""`rayg backtest`: replays the reviews, scores them, keeps the results in the home, and builds again so that the mart
and the page show them. This module gives the order; each part lies in a module of its own.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow as pa

from pipelines.backtest.outcomes import Known, outcomes, states
from pipelines.backtest.refit import refit
from pipelines.backtest.replay import Replay, known_now, replay
from pipelines.backtest.report import write_report
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

T = TypeVar("T")


def backtest(
    home: Home,
    la_code: str,
    first: date | None,
    last: date | None,
    *,
    fit: Path | None,
    report: Path | None,
    rebuild: Callable[[], T],
    on_step: Callable[[str], None],
) -> T:
    """Replay the reviews between the days, fit points into the folder `fit` if one is given, and build again by
    `rebuild`, whose result is returned. `report` is a Markdown file to write the findings into. `on_step` hears each
    step as it begins.

    Raises RaygError where nothing is held, or no review can be replayed.
    """
    replay_all(home, la_code, first, last, on_step)
    if fit:
        on_step("Fitting points on the earlier reviews")
        refit(home, fit)
    built = rebuild()
    if report:
        write_report(home, report)
    return built


def replay_all(home: Home, la_code: str, first: date | None, last: date | None, on_step: Callable[[str], None]) -> None:
    """Replay every review between the days and write `backtest/` in the home: `skill.parquet` (the rows of the mart)
    and `reviews/<day>/` (what each replay's screen said and what followed).
    """
    if not home.sidecars():
        raise RaygError(f"No published files are held in {home.root}: add some with `rayg add PATH`.")
    require_raw(home)
    lock = BuildLock(home)
    lock.acquire()
    try:
        on_step("Reading what inspections found, whenever it was published")
        known = known_now(home, la_code)
        if known.lists.empty:
            raise RaygError("No list of inspections is held: add Ofsted's management information with `rayg add PATH`.")
        newest = _months_after(known.complete_to, -min(WINDOWS))
        days = reviews(home, first, min(last or newest, newest))
        folder = home.backtest / "reviews"
        remove_child(home.backtest, folder.name)
        frames: list[pd.DataFrame] = []
        for number, day in enumerate(days, start=1):
            on_step(f"Replaying the review of {day:%-d %B %Y} ({number} of {len(days)})")
            frames += _one(folder / day.isoformat(), replay(home, la_code, day, None), known)
    finally:
        lock.release()
    write_table(_table(frames), skill_file(home))


def _one(folder: Path, replayed: Replay, known: Known) -> list[pd.DataFrame]:
    """Score one review over every window that has ended, and keep what the scores rest on."""
    folder.mkdir(parents=True)
    schools = states(scored(replayed.schools, replayed.indicators), known, replayed.review_on)
    replayed.indicators.to_parquet(folder / "indicators.parquet", index=False)
    about = {
        "review_on": replayed.review_on.isoformat(),
        "review_year": replayed.review_year,
        "listed_on": replayed.listed_on.isoformat() if replayed.listed_on else None,
    }
    (folder / "review.json").write_text(json.dumps(about), encoding="utf-8")
    frames = []
    for months in WINDOWS:
        if _months_after(replayed.review_on, months) > known.complete_to:
            continue
        followed = schools.merge(outcomes(schools, known, replayed.review_on, months), on="urn")
        followed.to_parquet(folder / f"schools_{months}.parquet", index=False)
        frames.append(pd.DataFrame(rows(replayed.review_on, replayed.review_year, followed, months)))
    return frames


def _table(frames: list[pd.DataFrame]) -> pa.Table:
    return pa.Table.from_pandas(pd.concat(frames, ignore_index=True), schema=SKILL, preserve_index=False)


def _months_after(day: date, months: int) -> date:
    moved: pd.Timestamp = pd.Timestamp(day) + pd.DateOffset(months=months)
    return moved.date()
