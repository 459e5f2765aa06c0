"""The warehouse layer: one asset per dbt seed and model, dbt's tests as checks. Only dbt writes the building file;
`publication` decides whether it becomes the warehouse.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets

from pipelines.assets import groups
from pipelines.assets.dbt_project import LocalDbt
from pipelines.assets.run_dbt import run_dbt
from pipelines.assets.session import BuildSession, detail, steps
from pipelines.assets.table_metadata import table_metadata
from pipelines.errors import RaygError
from pipelines.home import Home

UNIT_TESTS = "resource_type:unit_test"  # they need a warehouse of their own, which the test suite makes


class Translator(DagsterDbtTranslator):
    """The rooms of the warehouse as asset groups in the flow's order."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        if dbt_resource_props["resource_type"] == "seed":
            return groups.SEEDS
        return groups.group_of_room(dbt_resource_props["fqn"][1])


def warehouse_assets(project: DbtProject) -> dg.AssetsDefinition:
    """Every seed and model of the dbt project."""
    described = {
        node["name"]: {name: column["description"] for name, column in node["columns"].items()}
        for node in read_manifest(project)["nodes"].values()
    }

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        exclude=UNIT_TESTS,
        name="warehouse",
        dagster_dbt_translator=Translator(),
    )
    def warehouse(context: dg.AssetExecutionContext, session: BuildSession, dbt: LocalDbt) -> Iterator[Any]:
        if context.is_subset:
            raise RaygError("Part of the warehouse cannot be built alone: launch the job `build`.")
        steps.info("Building the warehouse")
        home, log_file = session.home, session.log_folder / "dbt.log"
        events = run_dbt(dbt, home, home.building_file, log_file, context=context)
        yield from _assets(context, events, home, described)

    return warehouse


def _assets(
    context: dg.AssetExecutionContext,
    events: Iterator[Any],
    home: Home,
    described: Mapping[str, Mapping[str, str]],
) -> Iterator[Any]:
    """dbt's events as Dagster's. The outputs come at the end: only then can the tables be read, since DuckDB keeps the
    file for dbt while it writes.
    """
    outputs: list[Any] = []
    failure: RaygError | None = None
    try:
        for event in events:
            if isinstance(event, dg.Output):
                outputs.append(event)
                detail.debug(f"built {len(outputs)}: {event.output_name}")
            else:
                yield event
    except RaygError as error:
        failure = error
    tables = _tables(home, described) if failure is None else {}
    for event in outputs:
        name = event.metadata["unique_id"].text.split(".")[-1] if "unique_id" in event.metadata else ""
        if name in tables:
            context.add_output_metadata(tables[name], output_name=event.output_name)
        yield event
    if failure is not None:
        raise failure


def read_manifest(project: DbtProject) -> dict[str, Any]:
    """What dbt knows of the project: every node with its description and columns."""
    manifest: dict[str, Any] = json.loads(project.manifest_path.read_text(encoding="utf-8"))
    return manifest


def _tables(home: Home, described: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Any]]:
    """What the console shows of every table that dbt has built."""
    with duckdb.connect(str(home.building_file), read_only=True) as connection:
        connection.execute("set enable_progress_bar = false")  # it would print into the summary
        return table_metadata(connection, described)
