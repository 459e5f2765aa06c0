"""Freshness as Dagster asset checks: one per source, a warning where what is held is behind the release calendar.

A thin adapter: the rules lie in `sources.calendar`. The clock is read here and never for a build's marts.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import dagster as dg

from pipelines.assets.raw import raw_key
from pipelines.assets.run_tags import FRESHNESS, KIND
from pipelines.fetching.holdings import Holding, holdings
from pipelines.home import Home
from pipelines.instance import TAKES_NO_LOCK
from pipelines.sources.catalogue import Source

JOB = "freshness"
CHECK = "freshness"


def freshness_checks(
    sources: tuple[Source, ...], home: Home, today: Callable[[], date] = date.today
) -> dg.AssetChecksDefinition:
    """A check on each raw asset; none blocks a build."""
    specs = [
        dg.AssetCheckSpec(
            CHECK,
            asset=raw_key(source),
            blocking=False,
            description=f"The held files of {source.title} are up to date by the release calendar. If not, the "
            "build works with the files held. `rayg fetch` downloads what the publisher offers to programs; `rayg add` "
            "takes what a person downloads.",
        )
        for source in sources
    ]

    @dg.multi_asset_check(name="freshness_of_sources", specs=specs, can_subset=True)
    def freshness(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        asked = {key.asset_key for key in context.selected_asset_check_keys}
        for holding in holdings(home, today()):
            if raw_key(holding.source) in asked:
                yield _result(holding)

    return freshness


def freshness_job(checks: dg.AssetChecksDefinition) -> Any:
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.checks(*checks.check_keys),
        executor_def=dg.in_process_executor,
        tags={KIND: FRESHNESS, TAKES_NO_LOCK: "true"},
        description="Says whether each source is behind the release calendar.",
    )


def _result(holding: Holding) -> dg.AssetCheckResult:
    due = holding.standing.due
    return dg.AssetCheckResult(
        check_name=CHECK,
        asset_key=raw_key(holding.source),
        passed=not holding.standing.is_failing,
        severity=dg.AssetCheckSeverity.WARN,
        description=holding.behind if holding.standing.is_failing else holding.standing.state,
        metadata={
            "state": holding.standing.state,
            "files": len(holding.files),
            "next_due_from": due.opens.isoformat() if due else "never",
            "next_due_by": due.closes.isoformat() if due else "never",
        },
    )
