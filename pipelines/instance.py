"""The Dagster instance of a home: its settings, runs cut short by a kill, and old runs.

What a run does belongs in `assets`. Dagster is imported inside the functions, because the settings alone are
needed before Dagster starts.
"""

import os
import shutil
from typing import TYPE_CHECKING

from pipelines.home import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

KEPT_RUNS = 30
# The data is confidential: nothing is sent. Lines logged under `rayg` show in the web page beside their run.
SETTINGS = """\
telemetry:
  enabled: false
python_logs:
  managed_python_loggers: [rayg]
  python_log_level: DEBUG
"""


def prepare(home: Home) -> None:
    """Write the instance's settings and point this process, and those it starts, at them. Sends no
    statistics.
    """
    home.dagster.mkdir(parents=True, exist_ok=True)
    settings = home.dagster / "dagster.yaml"
    if not settings.exists() or settings.read_text(encoding="utf-8") != SETTINGS:
        settings.write_text(SETTINGS, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["GX_ANALYTICS_ENABLED"] = "false"


def report_killed_runs(instance: "DagsterInstance", own_run_id: str) -> None:
    """Mark runs that still say they run as failed. For the holder of the home's lock only: no other
    run can live.
    """
    from dagster import DagsterRunStatus, RunsFilter

    unfinished = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    for run in instance.get_runs(RunsFilter(statuses=unfinished)):
        if run.run_id != own_run_id:
            instance.report_run_failed(run, "The process of this run ended before the run did: it was killed.")


def prune_runs(instance: "DagsterInstance", home: Home) -> None:
    """Forget all but the newest runs, with their logs."""
    for run in instance.get_runs()[KEPT_RUNS:]:
        if run.is_finished:
            instance.delete_run(run.run_id)
            shutil.rmtree(home.dagster / "storage" / run.run_id, ignore_errors=True)
            shutil.rmtree(home.logs / run.run_id, ignore_errors=True)
