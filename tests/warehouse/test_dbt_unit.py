"""The dbt project without any data: seeds are real, every model is empty, each dbt unit test brings its own rows.

What the unit tests say stands beside the models (`dbt_project/models/**/*.yml`). Whether the models fit published
files does not belong here.
"""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publication.package import is_mart


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
    marts = [node for node in manifest["nodes"].values() if node["resource_type"] == "model" and is_mart(node["name"])]
    assert marts
    for mart in marts:
        described = {name for name, column in mart["columns"].items() if column["description"]}
        assert mart["description"], mart["name"]
        assert described == {column for table, column in rows if table == mart["name"]}, mart["name"]
