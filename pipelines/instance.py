"""The Dagster instance of a home: its settings, runs that a kill ended, and old runs.

What a run does belongs in `assets`. Dagster is imported inside the functions, because the settings alone are
needed before Dagster starts.
"""

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from pipelines.files import remove_child, write_text_whole
from pipelines.home import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

KEPT_RUNS = 30  # of each job: what runs daily must not push out the builds
TAKES_NO_LOCK = "rayg/takes_no_lock"  # the tag of jobs that run beside a build
# The data is confidential: Dagster sends nothing and asks for no address (`nux`). Lines logged under `rayg.steps`
# show in the web page with their run; what else is printed stays on the terminal, and dbt's output goes to the run's
# log folder.
SETTINGS = """\
telemetry:
  enabled: false
nux:
  enabled: false
python_logs:
  managed_python_loggers: [rayg.steps]
  python_log_level: INFO
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
run_monitoring:
  enabled: true
  max_runtime_seconds: 43200
"""


def prepare(home: Home) -> None:
    """Write the instance's settings and point this process, and those it starts, at them. Sends no
    statistics.
    """
    home.dagster.mkdir(parents=True, exist_ok=True)
    settings = home.dagster / "dagster.yaml"
    if not settings.exists() or settings.read_text(encoding="utf-8") != SETTINGS:
        write_text_whole(settings, SETTINGS)
    os.environ["RAYG_HOME"] = str(home.root)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["GX_ANALYTICS_ENABLED"] = "false"


def opened() -> "DagsterInstance":
    """The instance that `prepare` set up, as a context manager.

    SQLite need not wait for the disk after every event: a power cut may cost the log of a run, never a build.
    """
    from dagster import DagsterInstance
    from sqlalchemy import Engine, event

    if not event.contains(Engine, "connect", _do_not_wait):
        event.listen(Engine, "connect", _do_not_wait)
    return DagsterInstance.get()


def _do_not_wait(connection: Any, _: object) -> None:
    connection.execute("pragma synchronous = off")


def report_killed_runs(instance: "DagsterInstance", own_run_id: str) -> None:
    """Mark runs that still say they run as failed. For the holder of the home's lock only: no other
    run that takes it can live. Dagster's monitoring ends the others that never finish.
    """
    from dagster import DagsterRunStatus, RunsFilter

    unfinished = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    for run in instance.get_runs(RunsFilter(statuses=unfinished)):
        if run.run_id != own_run_id and TAKES_NO_LOCK not in run.tags:
            instance.report_run_failed(run, "The process of this run ended before the run did: it was killed.")


def prune_runs(instance: "DagsterInstance", home: Home) -> None:
    """Forget all but the newest runs of each job, with their logs."""
    kept: Counter[str] = Counter()
    for run in instance.get_runs():
        kept[run.job_name] += 1
        if kept[run.job_name] > KEPT_RUNS and run.is_finished:
            instance.delete_run(run.run_id)
            remove_child(home.logs, run.run_id)
