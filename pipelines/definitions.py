"""The one Dagster `Definitions`: the assets in the flow's order, their checks, the jobs, schedules and sensors.

`rayg build` runs the job `build` and `make ui` shows them all. No logic here: each layer's lies in `assets`, what runs
by itself in `schedules`.
"""

from collections.abc import Mapping

import dagster as dg
from dagster_dbt import get_asset_key_for_model

from pipelines.assets.dbt_project import dbt_resource, prepared_project
from pipelines.assets.freshness import freshness_checks, freshness_job
from pipelines.assets.landing import landing_assets
from pipelines.assets.publication import publication_asset
from pipelines.assets.raw import raw_assets
from pipelines.assets.session import BuildSession
from pipelines.assets.warehouse import read_manifest, warehouse_assets
from pipelines.home import Home
from pipelines.publication.package import marts_of
from pipelines.schedules.fetching import Fetcher, fetch_jobs, fetch_schedules
from pipelines.schedules.regular import daily_freshness, weekly_build
from pipelines.schedules.reviews import keep_reviews, review_jobs, review_schedules
from pipelines.schedules.sensors import build_after_fetch, drop_folder
from pipelines.sources.catalogue import load_catalogue
from pipelines.standing import default_la_code

JOB = "build"


def build_defs(overrides: Mapping[str, object] | None = None) -> dg.Definitions:
    """The definitions for the home that RAYG_HOME names.

    `overrides` replaces resources: `session`, `dbt`, `fetcher`.
    """
    home = Home.resolve()
    catalogue = load_catalogue()
    sources = catalogue.sources
    project = prepared_project()
    warehouse = warehouse_assets(project)
    freshness = freshness_checks(sources, home)
    marts = [get_asset_key_for_model([warehouse], mart.name) for mart in marts_of(read_manifest(project))]
    # freshness hangs on the day, not on the build: it has a job of its own
    whole = dg.AssetSelection.all() - dg.AssetSelection.checks(*freshness.check_keys)
    job = dg.define_asset_job(
        JOB,
        selection=whole,
        executor_def=dg.in_process_executor,
        description="Land, check, transform, publish. The published build and the warehouse file change only at "
        "the end, together; one build of a home runs at a time.",
    )
    reviews, fetches, freshness_of_day = review_jobs(whole), fetch_jobs(catalogue), freshness_job(freshness)
    session = BuildSession(root=str(home.root), la_code=default_la_code(home))
    resources = {"session": session, "dbt": dbt_resource(), "fetcher": Fetcher(root=str(home.root))}
    return dg.Definitions(
        assets=[raw_assets(sources), *landing_assets(sources), warehouse, publication_asset(marts)],
        asset_checks=[freshness],
        jobs=[job, *reviews, *fetches, freshness_of_day],
        schedules=[
            weekly_build(job, home),
            daily_freshness(freshness_of_day),
            *fetch_schedules(fetches, home, catalogue),
            *review_schedules(reviews, home),
        ],
        sensors=[drop_folder(job, home), build_after_fetch(job, home), keep_reviews(home)],
        resources={**resources, **(overrides or {})},
        executor=dg.in_process_executor,  # DuckDB lets one process write
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `make ui` loads; a function, so that importing this module for `build_defs` costs nothing."""
    return build_defs()
