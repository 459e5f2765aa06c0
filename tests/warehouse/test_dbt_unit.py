"""The dbt project without any data: seeds are real, every model is empty, each dbt unit test brings its own rows.

What the unit tests say stands beside the models (`dbt_project/models/**/*.yml`). Whether the models fit published
files does not belong here.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.home import project_root
from pipelines.landing.land import CATALOGUE, FILES, PARAMETERS
from pipelines.landing.write import VERDICTS, write_schemas, write_table

DBT = Path(sys.executable).with_name("dbt")
PROJECT = project_root() / "dbt_project"


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
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `target/` (manifest, results of the unit tests) and `building.duckdb` (empty tables)."""
    folder = tmp_path_factory.mktemp("dbt_unit")
    environment = os.environ | {
        "RAYG_LANDING": str(empty_landing(folder / "landing")),
        "RAYG_BUILDING": str(folder / "building.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }

    def dbt(*arguments: str) -> subprocess.CompletedProcess[str]:
        options = ["--profiles-dir", ".", "--target-path", str(folder / "target"), "--log-path", str(folder)]
        warnings = ["--warn-error-options", '{"error": ["Deprecations"]}']
        command = [str(DBT), "--no-use-colors", *warnings, *arguments, *options]
        return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)

    load = ["build", "--empty", "--exclude-resource-type", "test", "unit_test"]
    for arguments in (load, ["test", "--select", "test_type:unit"]):
        done = dbt(*arguments)
        # 1 from the tests: some failed, and which is for the tests below to say
        assert done.returncode == 0 or (arguments[0] == "test" and done.returncode == 1), done.stdout
    return folder


@pytest.fixture(scope="module")
def results(project: Path) -> list[dict[str, Any]]:
    """dbt's own account of each unit test."""
    report = json.loads((project / "target" / "run_results.json").read_text())
    assert report["args"]["which"] == "test"
    found: list[dict[str, Any]] = report["results"]
    return found


def test_every_unit_test_passes(results: list[dict[str, Any]]) -> None:
    failed = [
        f"{result['unique_id'].split('.')[-1]}: {result['message']}" for result in results if result["status"] != "pass"
    ]
    assert not failed, "\n\n".join(failed)


def test_every_unit_test_was_run(project: Path, results: list[dict[str, Any]]) -> None:
    written = json.loads((project / "target" / "manifest.json").read_text())["unit_tests"]
    assert written
    assert sorted(result["unique_id"] for result in results) == sorted(written)


def test_every_column_of_every_mart_is_described(project: Path) -> None:
    manifest = json.loads((project / "target" / "manifest.json").read_text())
    with duckdb.connect(str(project / "building.duckdb"), read_only=True) as warehouse:
        rows = warehouse.execute("select table_name, column_name from information_schema.columns").fetchall()
    marts = [
        node for node in manifest["nodes"].values() if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    ]
    assert marts
    for mart in marts:
        described = {name for name, column in mart["columns"].items() if column["description"]}
        assert mart["description"], mart["name"]
        assert described == {column for table, column in rows if table == mart["name"]}, mart["name"]
