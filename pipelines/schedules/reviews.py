"""The reviews of the year: each is a build as at its day, kept for ever under the review's name.

The authority agrees the dates; docs/calendar.md gives the reasons for these. Building belongs in `assets`, keeping in
`publication.freeze`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg

from pipelines.assets.publication import BUILD
from pipelines.assets.run_tags import AS_AT, KIND, REVIEW, REVIEW_YEAR, REVIEWED, UNDER_WAY
from pipelines.assets.session import BuildSession
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.lock import refuse_if_held
from pipelines.provenance import held_files
from pipelines.publication.freeze import freeze, frozen
from pipelines.schedules.fetching import TIMEZONE, day_of
from pipelines.sources.calendar import FIRST_MONTH, academic_year
from pipelines.sources.catalogue import load_catalogue
from pipelines.standing import default_la_code

HOUR = 7


@dataclass(frozen=True)
class Window:
    """The days of one month on which a review can be made. It is made on the first that has the files it needs."""

    month: int
    first: int
    last: int
    name: str  # `{year}`: the calendar year


@dataclass(frozen=True)
class Review:
    """A job, when it is due, and what it is for."""

    job: str
    description: str
    windows: tuple[Window, ...]

    def name_on(self, day: date) -> str | None:
        """The name of the review on a day; None on a day outside its windows."""
        for window in self.windows:
            if window.month == day.month and window.first <= day.day <= window.last:
                return window.name.format(year=day.year)
        return None


REVIEWS = (
    Review(
        "summer_review",
        "The RAYG review after the summer's tests and examinations, on the authority's own unvalidated results.",
        (Window(9, 15, 30, "Summer review {year}"),),
    ),
    Review(
        "autumn_japr",
        "The pack for the Joint Annual Performance Review, when the autumn's figures for the LA are out.",
        (Window(12, 1, 14, "JAPR autumn {year}"),),
    ),
    Review(
        "termly_academies",
        "The desk-top exercise on academies and free schools, once a term.",
        (
            Window(11, 1, 14, "Academies autumn {year}"),
            Window(3, 1, 14, "Academies spring {year}"),
            Window(6, 1, 14, "Academies summer {year}"),
        ),
    ),
)


def review_year_on(day: date) -> int:
    """The review that a day belongs to: the year in which the last complete academic year ended."""
    return day.year - (day.month < FIRST_MONTH)


def review_jobs(selection: dg.AssetSelection) -> list[Any]:
    """One job per review: a whole build, with its day given by the schedule."""
    return [
        dg.define_asset_job(
            review.job,
            selection=selection,
            executor_def=dg.in_process_executor,
            tags={KIND: REVIEWED},
            description=f"{review.description} Build as at the day, then kept under the review's name.",
        )
        for review in REVIEWS
    ]


def review_schedules(jobs: Iterable[Any], home: Home) -> list[dg.ScheduleDefinition]:
    return [_schedule(review, job, home) for review, job in zip(REVIEWS, jobs, strict=True)]


def _schedule(review: Review, job: Any, home: Home) -> dg.ScheduleDefinition:
    @dg.schedule(
        job=job,
        name=f"{review.job}_when_due",
        cron_schedule=[f"0 {HOUR} {window.first}-{window.last} {window.month} *" for window in review.windows],
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Runs each morning of its days until the review is made. Waits for results of its year.",
    )
    def when_due(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        day = day_of(context)
        name = review.name_on(day)
        if name is None:
            return dg.SkipReason(f"{day} is no day of this review.")
        if reason := _waits(home, context.instance, name, day):
            return dg.SkipReason(reason)
        year = review_year_on(day)
        asked = BuildSession(
            root=str(home.root), la_code=default_la_code(home), as_at=day.isoformat(), review_year=year
        )
        session = asked.model_dump()
        return dg.RunRequest(
            run_config={"resources": {"session": {"config": session}}},
            tags={REVIEW: name, AS_AT: day.isoformat(), REVIEW_YEAR: str(year)},
        )

    return when_due


def _waits(home: Home, instance: dg.DagsterInstance, name: str, day: date) -> str:
    """Why a review has to wait that day; empty where it can be made."""
    if name in frozen(home):
        return f"{name} is made and kept."
    statuses = [*UNDER_WAY, dg.DagsterRunStatus.SUCCESS]
    if instance.get_runs(dg.RunsFilter(tags={REVIEW: name}, statuses=statuses), limit=1):
        return f"{name} is being made."
    year = academic_year(review_year_on(day) - 1)
    results = {source.id for source in load_catalogue().sources if source.role == "results"}
    seen = (file.provenance for file in held_files(home))
    if not any(file.source in results and file.academic_year == year and file.published_on <= day for file in seen):
        return f"No results of {year} are held yet: add the authority's own returns, or published files."
    return ""


def keep_reviews(home: Home) -> dg.SensorDefinition:
    """Freezes the build of each review that was made.

    It is a sensor because a build holds the home's lock until its run has ended. The cursor is the newest run that was
    followed up.
    """

    @dg.sensor(
        name="keep_reviews",
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Keeps the build of a review under the review's name once its run has succeeded.",
    )
    def keep(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        done = int(context.cursor or 0)
        runs = dg.RunsFilter(tags={KIND: REVIEWED}, statuses=[dg.DagsterRunStatus.SUCCESS])
        messages = []
        for record in context.instance.get_run_records(runs, ascending=True):
            if record.storage_id <= done:
                continue
            name = record.dagster_run.tags.get(REVIEW)
            if name:
                try:
                    refuse_if_held(home)
                except RaygError as error:
                    messages.append(f"{name} is kept later. {error}")
                    break
                messages.append(_keep(home, name, _build_of(context.instance, record.dagster_run.run_id)))
            done = record.storage_id
        return dg.SensorResult(skip_reason=" ".join(messages) or "No review waits to be kept.", cursor=str(done))

    return keep


def _keep(home: Home, name: str, build_id: str | None) -> str:
    if build_id is None:
        return f"{name} has published no build."
    try:
        freeze(home, name, build_id)
    except RaygError as error:  # kept before, or cleared away since
        return str(error)
    return f"{name} is kept: build {build_id}."


def _build_of(instance: dg.DagsterInstance, run_id: str) -> str | None:
    """The id of the build that a run published."""
    for record in instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION).records:
        made = record.asset_materialization
        if made and made.asset_key == BUILD:
            metadata: Mapping[str, dg.MetadataValue] = made.metadata
            return str(metadata["build"].value)
    return None
