"""The one Dagster `Definitions`: the assets in the flow's order, their checks, the job `build` and its
schedule.

`rayg build` runs this job and `make ui` shows it. No logic here: each layer's lies in `assets`.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import get_asset_key_for_model

from pipelines.assets.dbt_project import dbt_resource, prepared_project
from pipelines.assets.landing import landing_assets
from pipelines.assets.publication import publication_asset
from pipelines.assets.raw import raw_assets
from pipelines.assets.session import BuildSession
from pipelines.assets.warehouse import read_manifest, warehouse_assets
from pipelines.build import JOB, default_la_code, unchanged_build
from pipelines.home import Home
from pipelines.publication.package import marts_of
from pipelines.sources.catalogue import load_catalogue


def build_defs(overrides: Mapping[str, object] | None = None) -> dg.Definitions:
    """The definitions for the home that RAYG_HOME names. `overrides` replaces resources: `session`, `dbt`."""
    home = Home.resolve()
    sources = load_catalogue().sources
    project = prepared_project()
    warehouse = warehouse_assets(project)
    marts = [get_asset_key_for_model([warehouse], mart.name) for mart in marts_of(read_manifest(project))]
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="Land, check, transform, publish. The published build and the warehouse file change only at "
        "the end, together; one build of a home runs at a time.",
    )
    session = BuildSession(root=str(home.root), la_code=default_la_code(home))
    return dg.Definitions(
        assets=[raw_assets(sources), *landing_assets(sources), warehouse, publication_asset(marts)],
        jobs=[job],
        schedules=[_weekly_build(job, home)],
        resources={"session": session, "dbt": dbt_resource(), **(overrides or {})},
        executor=dg.in_process_executor,  # DuckDB lets one process write
    )


def _weekly_build(job: Any, home: Home) -> dg.ScheduleDefinition:
    @dg.schedule(
        job=job,
        name="weekly_build",
        cron_schedule="0 6 * * 1",
        execution_timezone="Europe/London",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Builds on Monday mornings, where something has changed since the current build.",
    )
    def weekly_build() -> dg.RunRequest | dg.SkipReason:
        # not through the resource: making a session takes the lock
        facts = unchanged_build(home, default_la_code(home), as_at=None, review_year=None)
        if facts is not None:
            return dg.SkipReason(f"Nothing has changed: build {facts.build_id} stands.")
        return dg.RunRequest()

    return weekly_build


@dg.definitions
def defs() -> dg.Definitions:
    """What `make ui` loads; a function, so that importing this module for `build_defs` costs nothing."""
    return build_defs()
