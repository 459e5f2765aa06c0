"""The publication layer: the finished warehouse becomes the published build, all at once."""

import json
from collections.abc import Iterator, Sequence

import dagster as dg

from pipelines.assets.groups import PUBLICATION
from pipelines.assets.session import BuildSession, detail, steps
from pipelines.assets.warehouse import dbt_folder, run_results
from pipelines.publication.publish import publish

BUILD = dg.AssetKey(["published_build"])


def publication_asset(marts: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The published build, which needs every mart."""

    @dg.multi_asset(
        name="publication",
        specs=[
            dg.AssetSpec(
                BUILD,
                deps=marts,
                group_name=PUBLICATION,
                description="marts/current: every mart as CSV and Parquet, the data package and the Data Docs. "
                "Swapped in whole, together with the warehouse file.",
                kinds={"csv", "parquet"},
            )
        ],
    )
    def publication(session: BuildSession) -> Iterator[dg.MaterializeResult]:
        steps.info("Publishing the marts")
        manifest = json.loads((dbt_folder(session.home) / "manifest.json").read_text(encoding="utf-8"))
        facts = publish(session.home, session.digest_parts, manifest, run_results(session.home), progress=detail.debug)
        yield dg.MaterializeResult(
            asset_key=BUILD,
            metadata={
                "build": facts.build_id,
                "folder": dg.MetadataValue.path(session.home.builds / facts.build_id),
                "tests": facts.tests_n,
                "warnings": facts.warnings,
                "quarantined": facts.quarantined,
            },
        )

    return publication
