"""Running dbt: one function for builds and for replays of past reviews, and what dbt left behind.

`warehouse` turns dbt's events into Dagster's assets; `dbt_project` holds the project and its manifest.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt.errors import DagsterDbtError

from pipelines.assets.dbt_project import LocalDbt, dbt_environment
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.builds import forget_writer, note_writer

MODELS_ALONE = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


def run_dbt(
    dbt: LocalDbt,
    home: Home,
    database: Path,
    log_file: Path,
    select: Sequence[str] = (),
    context: dg.AssetExecutionContext | None = None,
) -> Iterator[Any]:
    """Runs `dbt build` over the landed files of a home into a DuckDB file, with dbt's output in `log_file`.

    Yields Dagster's events as dbt goes on; without a Dagster context there are none. `select` names models in dbt's own
    words: they are then built alone, without their tests. Raises RaygError with the first thing that failed.
    """
    os.environ.update(dbt_environment(home, database))
    log_file.parent.mkdir(parents=True, exist_ok=True)
    _run_results_file(home).unlink(missing_ok=True)  # an earlier run's results say nothing about this one
    # One argument each: dagster-dbt reads `--select` anew and takes the words after the first for something else.
    chosen = ["--select", " ".join(select), *MODELS_ALONE] if select else []
    with log_file.open("w", encoding="utf-8") as output, contextlib.redirect_stdout(output):
        invocation = dbt.cli(
            ["--no-use-colors", "build", *chosen],
            context=context,
            target_path=dbt_folder(home),
            raise_on_error=True,
        )
        note_writer(home, invocation.process.pid)
        failure: DagsterDbtError | None = None
        try:
            if context is None:
                invocation.wait()
            else:
                yield from invocation.stream()
        except DagsterDbtError as error:
            failure = error
        forget_writer(home)  # not after an interrupt: dbt may live on, and the next build has to end it
    if failure is not None:
        raise RaygError(failed_line(home, log_file)) from failure


def dbt_folder(home: Home) -> Path:
    """Where dbt keeps its own files for a home: manifest, run results and what it has parsed."""
    return home.warehouse / "dbt"


def run_results(home: Home) -> list[dict[str, Any]]:
    """dbt's results of the last run, one per node; none where dbt was stopped before it wrote any."""
    try:
        text = _run_results_file(home).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    results: list[dict[str, Any]] = json.loads(text)["results"]
    return results


def failed_line(home: Home, log_file: Path) -> str:
    """One line on the first thing that failed in dbt."""
    bad = [result for result in run_results(home) if result["status"] in ("error", "fail")]
    if not bad:
        return f"dbt stopped before it was done: it was killed, or could not start (its output is in {log_file})."
    message = " ".join(str(bad[0]["message"]).split())
    return f"dbt: {bad[0]['unique_id']} failed: {message}"


def _run_results_file(home: Home) -> Path:
    return dbt_folder(home) / "run_results.json"
