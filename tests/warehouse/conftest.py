"""What the warehouse tests stand on, made once: the dbt project built with real seeds and no data. The sample county is
in tests/conftest.py.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.home import project_root
from pipelines.landing.backtest import SKILL
from pipelines.landing.land import CATALOGUE, FILES, PARAMETERS
from pipelines.landing.write import SET_ASIDE, VERDICTS, write_schemas, write_table
from tests.shared import Shared

DBT = Path(sys.executable).with_name("dbt")
PROJECT = project_root() / "dbt_project"


def empty_landing(folder: Path) -> Path:
    """The landing folder of a home that holds nothing: every table, no rows."""
    write_schemas(folder)
    for name, schema in [
        ("files", FILES),
        ("parameters", PARAMETERS),
        ("verdicts", VERDICTS),
        ("set_aside", SET_ASIDE),
        ("catalogue", CATALOGUE),
        ("backtest", SKILL),
    ]:
        write_table(schema.empty_table(), folder / f"{name}.parquet")
    return folder


def run_dbt(folder: Path, *arguments: str, target: str = "target") -> subprocess.CompletedProcess[str]:
    """dbt over the landing and the building file of `folder`, with everything it writes kept there."""
    environment = os.environ | {
        "RAYG_LANDING": str(folder / "landing"),
        "RAYG_BUILDING": str(folder / "building.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    options = ["--profiles-dir", ".", "--target-path", str(folder / target), "--log-path", str(folder)]
    warnings = ["--warn-error-options", '{"error": ["Deprecations"]}']
    command = [str(DBT), "--no-use-colors", *warnings, *arguments, *options]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def project(shared: Shared) -> Path:
    """The dbt project over no data: `building.duckdb` (seeds, empty tables), `target/` (manifest, results of the unit
    tests) and `compiled/` (the manifest with every model's SQL as it runs over full tables).
    """

    def make(folder: Path) -> None:
        empty_landing(folder / "landing")
        succeed(run_dbt(folder, "build", "--empty", "--exclude-resource-type", "test", "unit_test"))
        (folder / "compiled").mkdir()
        shutil.copy(folder / "target" / "partial_parse.msgpack", folder / "compiled")  # parsing once is enough
        succeed(run_dbt(folder, "compile", "--select", "resource_type:model", target="compiled"))
        done = run_dbt(folder, "test", "--select", "test_type:unit")
        assert done.returncode in (0, 1), done.stdout  # 1: some failed, and which is for the tests to say

    return shared("empty_project", make)


def succeed(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout
