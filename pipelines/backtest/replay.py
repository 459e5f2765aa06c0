"""One past review, run again: lands what was published by its day, runs the same models, keeps what the screen said.

Reads and writes. `reviews` chooses the reviews, `outcomes` says what followed for the schools, `skill` how good the
screen was. Nothing here looks past the review's day: the landed files and the models see to that, as in any build
`--as-at`.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from pipelines.assets.dbt_project import dbt_resource
from pipelines.assets.run_dbt import run_dbt
from pipelines.backtest.outcomes import Known
from pipelines.backtest.scores import INTAKE
from pipelines.checks.judge import judge
from pipelines.files import remove_child
from pipelines.home import Home
from pipelines.landing.land import land
from pipelines.machine import database_memory

# The screen and what it rests on. Later findings come from the same models, run without an as-at day.
SCREEN = ("+risk_screen",)
OUTCOMES = ("+int_inspection_verdicts", "+int_inspection_lists")


@dataclass(frozen=True)
class Replay:
    """What one review's screen said. `listed_on`: the day the newest list of inspections of that time came out.

    `schools`: one row per school of the review (urn, school_kind, sector, points, points_seen, band,
    inspection_standing, graded_on, deciding_grade, and the intake measures, null where not published).
    `indicators`: one row per school and whole-school indicator (urn, indicator, state, value, cohort_n).
    """

    review_on: date
    review_year: int
    listed_on: date | None
    schools: pd.DataFrame
    indicators: pd.DataFrame


def replay(home: Home, la_code: str, review_on: date, review_year: int | None) -> Replay:
    """Build the screen as at the review's day. Raises RaygError where nothing could be seen by then."""
    report = land(home, la_code=la_code, as_at=review_on, review_year=review_year)
    judge(home, progress=lambda _: None)
    warehouse = _warehouse(home, SCREEN)
    try:
        with _opened(warehouse) as connection:
            schools = connection.sql(SCHOOLS.format(intake=_intake_columns())).df()
            indicators = connection.sql(INDICATORS).df()
            ((listed_on,),) = connection.execute(LISTED_ON, [review_on]).fetchall()
    finally:
        warehouse.unlink()
    return Replay(review_on, report.review_year, listed_on, schools, indicators)


def known_now(home: Home, la_code: str) -> Known:
    """Every inspection in any held file."""
    land(home, la_code=la_code, as_at=None, review_year=None)
    judge(home, progress=lambda _: None)
    warehouse = _warehouse(home, OUTCOMES)
    try:
        with _opened(warehouse) as connection:
            return Known(*(connection.sql(query).df() for query in (VERDICTS, LISTS, CLOSED)))
    finally:
        warehouse.unlink()


def _opened(warehouse: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        str(warehouse), read_only=True, config={"memory_limit": database_memory(is_every_authority=True)}
    )


def _warehouse(home: Home, select: tuple[str, ...]) -> Path:
    """Builds the models in a file of their own, which the caller removes. Raises RaygError with dbt's first error."""
    folder = home.warehouse / "backtest"
    remove_child(home.warehouse, folder.name)
    folder.mkdir(parents=True)
    file = folder / "replay.duckdb"
    for _ in run_dbt(dbt_resource(), home, file, folder / "dbt.log", select):
        pass  # without a Dagster context there are no events
    return file


def _intake_columns() -> str:
    return ",\n    ".join(f"max(value) filter (where measure = '{name}') as {name}" for name in INTAKE)


SCHOOLS = """
with newest as (
    -- each school's newest published intake
    select entity_code as urn, measure, value
    from observations
    where entity_type = 'school' and pupil_group = 'all' and status = 'reported'
    qualify row_number() over (partition by entity_code, measure order by academic_year desc) = 1
),
intake as (
    select urn,
    {intake}
    from newest
    group by urn
)
select
    screen.urn, screen.school_kind, screen.sector,
    cast(screen.points as double) as points, cast(screen.points_seen as double) as points_seen,
    screen.band, screen.probability as chance_pct,
    standing.inspection_standing, standing.graded_on, standing.deciding_grade, standing.years_since_any,
    intake.* exclude (urn)
from risk_screen as screen
left join int_inspection_standing as standing on screen.urn = standing.urn and standing.provision = 'whole_school'
left join intake on screen.urn = intake.urn
order by screen.urn
"""
LISTED_ON = "select max(published_on) from stg_files where role = 'inspections' and published_on <= ?"
INDICATORS = """
select urn, indicator, state, value, cohort_n
from risk_indicators
where provision = 'whole_school' and state != 'not_applicable'
order by urn, indicator
"""
VERDICTS = """
select urn, inspected_on, is_below_good, judged_by
from int_inspection_verdicts
order by urn, inspected_on, file_id, line
"""
LISTS = """
select urn, previous_on, latest_on, complete_to
from int_inspection_lists
order by urn, latest_on, previous_on, complete_to
"""
CLOSED = "select urn, close_on from schools where close_on is not null order by urn"
