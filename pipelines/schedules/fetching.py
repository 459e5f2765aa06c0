"""Fetching by the calendar: one job and one schedule per route. Each day asks for what is due then and nothing else.

Fetching itself belongs in `fetching.fetch`. It comes in as a resource, so that tests can replace it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from pipelines.assets.run_tags import FETCH, KIND
from pipelines.assets.session import steps
from pipelines.errors import RaygError
from pipelines.fetching.holdings import Holding, holdings
from pipelines.home import Home
from pipelines.instance import TAKES_NO_LOCK
from pipelines.sources.calendar import Issue, academic_year_at
from pipelines.sources.catalogue import Catalogue

TIMEZONE = "Europe/London"
MONDAY = 0
# Routes start one after another, since one fetch of a home runs at a time; publishers' days begin at 09:30.
FIRST_HOUR, MINUTES_APART = 10, 15
ATTEMPTS, SECONDS_BETWEEN = 4, 600


class Fetcher(dg.ConfigurableResource):
    """Fetches files into a home, by the function behind `rayg fetch`."""

    root: str

    def fetch(self, source_ids: Sequence[str], since: str | None) -> tuple[int, bool]:
        """How many new files came, and whether every request failed. Logs a line for each file."""
        from pipelines.fetching.fetch import FetchWarning, fetch
        from pipelines.landing.intake import Outcome

        def log(outcome: Outcome | FetchWarning) -> None:
            if isinstance(outcome, FetchWarning):
                steps.warning(f"{outcome.what}: {outcome.reason} ({outcome.landing_page})")
            else:
                steps.info(" ".join(part for part in (outcome.status, outcome.file_name, outcome.reason) if part))

        tally = fetch(Home(Path(self.root)), source_ids, since, on_outcome=log)
        return tally.new, tally.is_in_vain


class FetchConfig(dg.Config):
    """`due`: sources to ask for from the academic year `since` on. `lacking`: sources without any held file."""

    due: list[str] = Field(default_factory=list)
    since: str | None = None
    lacking: list[str] = Field(default_factory=list)


def fetch_jobs(catalogue: Catalogue) -> list[dg.JobDefinition]:
    """`fetch_<route>` for every route that a program may ask."""
    return [_job(route) for route, how in catalogue.routes.items() if how.bases]


def fetch_schedules(jobs: Iterable[dg.JobDefinition], home: Home, catalogue: Catalogue) -> list[dg.ScheduleDefinition]:
    """One schedule per job: on weekdays, and every day where something comes out daily."""
    return [_schedule(job, number, home, catalogue) for number, job in enumerate(jobs)]


def wanted(held: Iterable[Holding], route: str, today: date) -> FetchConfig | None:
    """What a route is asked for on a day; None where nothing is due.

    Every day asks for what is due and not held. Mondays also ask for what is overdue, so that a publisher is not asked
    each day for something it has stopped sending.
    """
    due, lacking, years = [], [], []
    for holding in held:
        standing = holding.standing
        if holding.source.route != route or not holding.source.fetch or standing.due is None:
            continue
        asked = standing.due if standing.due.opens <= today else None
        if standing.is_failing and today.weekday() == MONDAY:
            asked = standing.missed
        if asked is None:
            continue
        if holding.files:
            due.append(holding.source.id)
            years.append(_academic_year(asked))
        else:
            lacking.append(holding.source.id)
    if not due and not lacking:
        return None
    return FetchConfig(due=due, since=min(years, default=None), lacking=lacking)


def _job(route: str) -> dg.JobDefinition:
    @dg.op(name=f"ask_{route}")
    def ask(config: FetchConfig, fetcher: Fetcher) -> None:
        try:
            asks = [(config.due, config.since), (config.lacking, None)]
            came = [fetcher.fetch(source_ids, since) for source_ids, since in asks if source_ids]
        except RaygError as error:  # another fetch of this home is under way
            raise dg.RetryRequested(ATTEMPTS, SECONDS_BETWEEN) from error
        steps.info(f"{sum(new for new, _ in came)} new files.")
        if came and all(is_in_vain for _, is_in_vain in came):
            raise dg.Failure("Nothing that was asked for could be had: see the warnings.", allow_retries=False)

    @dg.job(
        name=f"fetch_{route}",
        executor_def=dg.in_process_executor,
        tags={KIND: FETCH, TAKES_NO_LOCK: "true"},
        description="Downloads what is new by this route and keeps it; a build follows where something came. A "
        "publisher that is down costs a warning: what is held stays, and the next day asks again.",
    )
    def job() -> None:
        ask()

    return job


def _schedule(job: dg.JobDefinition, number: int, home: Home, catalogue: Catalogue) -> dg.ScheduleDefinition:
    route = job.name.removeprefix("fetch_")
    is_daily = any(source.rhythm == "daily" for source in catalogue.sources if source.route == route)
    hour, minute = divmod(number * MINUTES_APART, 60)

    @dg.schedule(
        job=job,
        name=f"{job.name}_when_due",
        cron_schedule=f"{minute} {FIRST_HOUR + hour} * * {'*' if is_daily else '1-5'}",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Asks for what the release calendar has due that day, until it is held. On Mondays also asks for "
        "what is behind.",
    )
    def when_due(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if home.is_sample():
            return dg.SkipReason("This home holds the sample county, which nobody publishes.")
        today = day_of(context)
        held = holdings(home, today)
        asked = wanted(held, route, today)
        if asked is None:
            return dg.SkipReason(_nothing_due(held, route))
        config: dict[str, Any] = {"ops": {f"ask_{route}": {"config": asked.model_dump()}}}
        return dg.RunRequest(run_config=config)

    return when_due


def day_of(context: dg.ScheduleEvaluationContext) -> date:
    """The day a schedule is evaluated for, where its publishers are."""
    when: datetime = context.scheduled_execution_time
    return when.date()


def _nothing_due(held: Iterable[Holding], route: str) -> str:
    mine = [holding for holding in held if holding.source.route == route and holding.source.fetch]
    ahead = [(holding.standing.due.opens, holding.source.id) for holding in mine if holding.standing.due]
    if not ahead:
        return "Nothing comes by this route any more."
    opens, source_id = min(ahead)
    return f"Nothing is due: the next is {source_id}, from {opens}."


def _academic_year(issue: Issue) -> str:
    return issue.academic_year or academic_year_at(issue.since or issue.opens)
