"""The dbt unit tests, run without any data: seeds are real, every model is empty, each test brings its own rows.

What the tests say stands beside the models (`dbt_project/models/**/*.yml`). Whether the models fit published files
does not belong here.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from pipelines.home import project_root
from pipelines.landing.land import FILES, PARAMETERS
from pipelines.landing.write import VERDICTS, write_schemas, write_table

DBT = Path(sys.executable).with_name("dbt")
PROJECT = project_root() / "dbt_project"
CATALOGUE = pa.schema(
    [
        (column, pa.string())
        for column in (
            "source",
            "title",
            "publisher",
            "licence",
            "landing_page",
            "grain",
            "role",
            "release_months",
        )
    ]
)


def empty_landing(folder: Path) -> Path:
    """The landing folder of a home that holds nothing: every table, no rows."""
    write_schemas(folder)
    for name, schema in [
        ("files", FILES),
        ("parameters", PARAMETERS),
        ("verdicts", VERDICTS),
        ("catalogue", CATALOGUE),
    ]:
        write_table(schema.empty_table(), folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """dbt's own account of each unit test."""
    folder = tmp_path_factory.mktemp("dbt_unit")
    environment = os.environ | {
        "RAYG_LANDING": str(empty_landing(folder / "landing")),
        "RAYG_BUILDING": str(folder / "building.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }

    def dbt(*arguments: str) -> subprocess.CompletedProcess[str]:
        options = ["--profiles-dir", ".", "--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
        return subprocess.run(
            [DBT, *arguments, *options], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )

    for arguments in (["seed"], ["run", "--empty"]):
        done = dbt(*arguments)
        assert done.returncode == 0, done.stdout
    done = dbt("test", "--select", "test_type:unit")
    report = folder / "target" / "run_results.json"
    assert json.loads(report.read_text())["args"]["which"] == "test", done.stdout
    found: list[dict[str, Any]] = json.loads(report.read_text())["results"]
    return found


def test_every_unit_test_passes(results: list[dict[str, Any]]) -> None:
    failed = [
        f"{result['unique_id'].split('.')[-1]}: {result['message']}"
        for result in results
        if result["status"] != "pass"
    ]
    assert not failed, "\n\n".join(failed)


def test_every_unit_test_was_run(results: list[dict[str, Any]]) -> None:
    written = [
        test["name"]
        for path in (PROJECT / "models").rglob("*.yml")
        for test in yaml.safe_load(path.read_text()).get("unit_tests", [])
    ]
    assert written
    assert sorted(result["unique_id"].split(".")[-1] for result in results) == sorted(written)
