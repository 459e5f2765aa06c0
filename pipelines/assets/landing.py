"""The landing layer: raw files to text cells, and a verdict per file from its suite."""

from collections.abc import Iterator

import dagster as dg

from pipelines.assets.groups import LANDING
from pipelines.assets.raw import raw_key
from pipelines.assets.run_tags import AS_AT, LA, NEWEST, REVIEW_YEAR
from pipelines.assets.session import BuildSession, detail, steps
from pipelines.checks.asset_checks import check_results, check_specs, missing_roles
from pipelines.checks.judge import FAILED, judge, visible_files
from pipelines.errors import RaygError
from pipelines.landing.land import land
from pipelines.sources.catalogue import Source

# The tables dbt reads, each under the key dagster-dbt gives its source.
TABLES = {
    "files": "One row per held file, with where it came from and how much of it landed.",
    "cells": "Every cell of every accepted row, as text.",
    "columns": "Every column of every file, as printed.",
    "rejects": "Rows that could not be kept, each with its reason.",
    "catalogue": "The source catalogue, for dbt.",
    "parameters": "What this build was asked for, in one row.",
}
VERDICTS = dg.AssetKey(["landing", "verdicts"])
SET_ASIDE = dg.AssetKey(["landing", "set_aside"])


def landing_assets(sources: tuple[Source, ...]) -> list[dg.AssetsDefinition]:
    """The landed tables, and the verdicts with their checks."""
    keys = {name: dg.AssetKey(["landing", name]) for name in TABLES}

    @dg.multi_asset(
        name="landing",
        specs=[
            dg.AssetSpec(
                keys[name],
                deps=[raw_key(source) for source in sources],
                group_name=LANDING,
                description=text,
                kinds={"parquet"},
            )
            for name, text in TABLES.items()
        ],
    )
    def landing(context: dg.AssetExecutionContext, session: BuildSession) -> Iterator[dg.MaterializeResult]:
        steps.info("Landing the published files as text")
        report = land(
            session.home,
            la_code=session.la_code,
            as_at=session.as_at_date,
            review_year=session.review_year,
            progress=detail.debug,
        )
        asked = {REVIEW_YEAR: str(report.review_year), AS_AT: session.as_at or NEWEST, LA: session.la_code}
        context.instance.add_run_tags(context.run_id, asked)
        counts = {
            "files": len(report.files),
            "cells": report.cells_n,
            "rejects": report.rejected_rows_n,
            "parameters": 1,
        }
        for name, key in keys.items():
            known = {"dagster/row_count": counts[name]} if name in counts else {}
            yield dg.MaterializeResult(asset_key=key, metadata=known)

    @dg.multi_asset(
        name="verdicts",
        specs=[
            dg.AssetSpec(
                VERDICTS,
                deps=list(keys.values()),
                group_name=LANDING,
                description="Passed or failed, per file, from the suites in expectations/.",
                kinds={"parquet", "greatexpectations"},
            ),
            dg.AssetSpec(
                SET_ASIDE,
                deps=list(keys.values()),
                group_name=LANDING,
                description="Strange cells of files that passed, with the reason: dbt leaves them or their row out.",
                kinds={"parquet", "greatexpectations"},
            ),
        ],
        check_specs=check_specs(VERDICTS, sources),
    )
    def verdicts(session: BuildSession) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        steps.info("Checking each file against its suite")
        given = judge(session.home, progress=detail.debug)
        failed = sum(verdict.verdict == FAILED for verdict in given)
        yield dg.MaterializeResult(
            asset_key=VERDICTS, metadata={"dagster/row_count": len(given), "quarantined": failed}
        )
        aside_n = sum(len(verdict.set_aside) for verdict in given)
        yield dg.MaterializeResult(asset_key=SET_ASIDE, metadata={"dagster/row_count": aside_n})
        files = visible_files(session.home)
        yield from check_results(VERDICTS, sources, files, given)
        if lacking := missing_roles(sources, files, given):
            raise RaygError(lacking)

    return [landing, verdicts]
