"""The warehouse layer: one asset per dbt seed and model, dbt's tests as checks. dbt writes the building file,
no one else does; whether it becomes the warehouse is for `publication`.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets
from dagster_dbt.errors import DagsterDbtError

from pipelines.assets import groups
from pipelines.assets.dbt_project import LocalDbt, dbt_environment
from pipelines.assets.session import BuildSession, detail, steps
from pipelines.assets.shown import shown
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.builds import forget_writer, note_writer

UNIT_TESTS = "resource_type:unit_test"  # they need a warehouse of their own, which the tests give them


class Translator(DagsterDbtTranslator):
    """The rooms of the warehouse as asset groups in the flow's order."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        if dbt_resource_props["resource_type"] == "seed":
            return groups.SEEDS
        return groups.group_of_room(dbt_resource_props["fqn"][1])


def dbt_folder(home: Home) -> Path:
    """Where dbt keeps its own files for a home: manifest, run results and what it has parsed."""
    return home.warehouse / "dbt"


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
        os.environ.update(dbt_environment(session.home))
        session.log_folder.mkdir(parents=True, exist_ok=True)
        with (session.log_folder / "dbt.log").open("w", encoding="utf-8") as output:
            yield from _run(context, dbt, session.home, output, described)

    return warehouse


def _run(
    context: dg.AssetExecutionContext,
    dbt: LocalDbt,
    home: Home,
    output: Any,
    described: Mapping[str, Mapping[str, str]],
) -> Iterator[Any]:
    """dbt's events as Dagster's. The outputs come at the end: only then can what they made be looked at, since
    DuckDB keeps the file for dbt while it writes.
    """
    outputs: list[Any] = []
    failure: DagsterDbtError | None = None
    _run_results_file(home).unlink(missing_ok=True)  # what an earlier run left says nothing about this one
    with contextlib.redirect_stdout(output):
        invocation = dbt.cli(
            ["--no-use-colors", "build"], context=context, target_path=dbt_folder(home), raise_on_error=True
        )
        note_writer(home, invocation.process.pid)
        try:
            for event in invocation.stream():
                if isinstance(event, dg.Output):
                    outputs.append(event)
                    detail.debug(f"built {len(outputs)}: {event.output_name}")
                else:
                    yield event
        except DagsterDbtError as error:
            failure = error
        forget_writer(home)
    tables = _tables(home, described) if failure is None else {}
    for event in outputs:
        name = event.metadata["unique_id"].text.split(".")[-1] if "unique_id" in event.metadata else ""
        if name in tables:
            context.add_output_metadata(tables[name], output_name=event.output_name)
        yield event
    if failure is not None:
        raise RaygError(failed_line(home)) from failure


def read_manifest(project: DbtProject) -> dict[str, Any]:
    """What dbt knows of the project: every node with its description and columns."""
    manifest: dict[str, Any] = json.loads(project.manifest_path.read_text(encoding="utf-8"))
    return manifest


def run_results(home: Home) -> list[dict[str, Any]]:
    """dbt's results of the last run, one per node; none where dbt was stopped before it wrote any."""
    try:
        text = _run_results_file(home).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    results: list[dict[str, Any]] = json.loads(text)["results"]
    return results


def failed_line(home: Home) -> str:
    """One line on the first thing that failed in dbt, and where to read more."""
    bad = [result for result in run_results(home) if result["status"] in ("error", "fail")]
    if not bad:
        return "dbt stopped before it was done: it was killed, or could not start."
    message = " ".join(str(bad[0]["message"]).split())
    return f"dbt: {bad[0]['unique_id']} failed: {message}"


def _run_results_file(home: Home) -> Path:
    return dbt_folder(home) / "run_results.json"


def _tables(home: Home, described: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Any]]:
    """What the console shows of every table that dbt has built."""
    with duckdb.connect(str(home.building_file), read_only=True) as connection:
        connection.execute("set enable_progress_bar = false")  # it would print into the summary
        return shown(connection, described)
