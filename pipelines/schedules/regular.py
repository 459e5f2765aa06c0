"""What runs on fixed days: the weekly build and the daily check of freshness. Reviews and fetches have dates of their
own, in `reviews` and `fetching`.
"""

from typing import Any

import dagster as dg

from pipelines.home import Home
from pipelines.schedules.fetching import TIMEZONE
from pipelines.standing import default_la_code, unchanged_build


def daily_freshness(job: Any) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name="daily_freshness",
        job=job,
        cron_schedule="30 7 * * *",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Says each morning which sources are behind the release calendar.",
    )


def weekly_build(job: Any, home: Home) -> dg.ScheduleDefinition:
    @dg.schedule(
        job=job,
        name="weekly_build",
        cron_schedule="0 6 * * 1",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Builds on Monday mornings, where something has changed since the current build.",
    )
    def evaluate() -> dg.RunRequest | dg.SkipReason:
        # The session is not asked, because making one takes the lock.
        facts = unchanged_build(home, default_la_code(home), as_at=None, review_year=None)
        if facts is not None:
            return dg.SkipReason(f"Nothing has changed: build {facts.build_id} stands.")
        return dg.RunRequest()

    return evaluate
