"""The publication layer: the finished warehouse becomes the published build, all at once."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from pipelines.assets.groups import PUBLICATION
from pipelines.assets.run_dbt import dbt_folder, run_results
from pipelines.assets.run_tags import NEWEST
from pipelines.assets.session import BuildSession, detail, steps
from pipelines.publication.publish import publish

BUILD = dg.AssetKey(["published_build"])
TO_OPEN = {
    "pages": "site/index.html",
    "japr_pack": "japr_pack.xlsx",
    "desktop_exercise": "desktop_exercise.xlsx",
    "data_docs": "data_docs/index.html",
    "data_package": "datapackage.json",
}


def publication_asset(marts: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The published build, which needs every mart."""

    @dg.multi_asset(
        name="publication",
        specs=[
            dg.AssetSpec(
                BUILD,
                deps=marts,
                group_name=PUBLICATION,
                description="marts/current: every mart as CSV and Parquet, the workbooks, the pages, the data package "
                "and the Data Docs. Swapped in whole, together with the warehouse file.",
                kinds={"csv", "parquet", "excel"},
            )
        ],
    )
    def publication(session: BuildSession) -> Iterator[dg.MaterializeResult]:
        steps.info("Publishing the marts")
        manifest = json.loads((dbt_folder(session.home) / "manifest.json").read_text(encoding="utf-8"))
        facts = publish(session.home, session.digest_parts, manifest, run_results(session.home), progress=detail.debug)
        folder = session.home.builds / facts.build_id
        yield dg.MaterializeResult(
            asset_key=BUILD,
            metadata={
                "build": facts.build_id,
                "folder": dg.MetadataValue.path(folder),
                **_to_open(folder),
                "review": f"{facts.review_year - 1}/{facts.review_year % 100:02d}",
                "as_at": facts.as_at or NEWEST,
                "tests": facts.tests_n,
                "warnings": facts.warnings,
                "quarantined": facts.quarantined,
            },
        )

    return publication


def _to_open(folder: Path) -> dict[str, dg.MetadataValue]:
    """A link to each file that people open first. A browser that may not open files shows the address to copy."""
    return {
        name: dg.MetadataValue.url((folder / path).resolve().as_uri())
        for name, path in TO_OPEN.items()
        if (folder / path).exists()
    }
