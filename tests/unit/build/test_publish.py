"""Publishing: the order of work, what the package says, and a disk that fills half-way through."""

import errno
import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import xlsxwriter

from pipelines.home import Home
from pipelines.landing.land import FILES, PARAMETERS
from pipelines.landing.write import VERDICTS, write_table
from pipelines.publication import builds, export, publish
from pipelines.publication.builds import BuildFacts
from pipelines.publication.package import Document, marts_of, write_package


def node(name: str, folder: str, columns: dict[str, dict[str, object]] | None = None) -> dict[str, object]:
    return {
        "resource_type": "model",
        "name": name,
        "fqn": ["rayg", folder, name],
        "description": f"What {name} holds.",
        "columns": columns or {},
    }


VALUE = {"value": {"name": "value", "description": "The value.", "meta": {"unit": "per cent"}}}
MANIFEST = {
    "nodes": {
        "a": node("observations", "lists", VALUE),
        "b": node("schools", "lists"),
        "c": node("data_quality", "lists"),
        "d": node("held_files", "lists"),
        "e": node("int_rows", "lists"),
        "f": {"resource_type": "seed", "name": "measures", "fqn": ["rayg", "measures"]},
    }
}
RESULTS = [
    {"unique_id": "model.rayg.schools", "status": "success", "message": "OK"},
    {"unique_id": "test.rayg.is_unique.1a2b", "status": "pass", "message": None},
    {"unique_id": "test.rayg.adds_up.3c4d", "status": "warn", "message": "Got 2 results"},
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.landing.mkdir(parents=True)
    file = {"file_id": "f1", "file_name": "919_ks2final.csv", "source": "ks2", "academic_year": "2024/25"}
    about = {"title": "Key stage 2", "publisher": "DfE", "licence": "OGL", "landing_page": "https://example.org/"}
    files = [{**file, **about, "release": "final", "is_visible": True}]
    asked = [{"la_code": "919", "as_at": date(2026, 1, 31), "review_year": 2025, "is_sample": True}]
    asked[0]["reference_on"] = date(2026, 1, 31)
    verdicts = [{"file_id": "f1", "verdict": "passed", "reason": ""}]
    for name, rows, schema in (
        ("files", files, FILES),
        ("parameters", asked, PARAMETERS),
        ("verdicts", verdicts, VERDICTS),
    ):
        write_table(pa.Table.from_pylist(rows, schema=schema), home.landing / f"{name}.parquet")
    build_warehouse(home)
    return home


def build_warehouse(home: Home) -> None:
    """What dbt would leave: a building file with the marts."""
    with duckdb.connect(str(home.building_file)) as connection:
        connection.execute("create table schools as select '100001' as urn, '919' as la_code")
        connection.execute(
            "create table observations as select '100001' as urn, 60.0::double as value, [1, 2] as years"
        )
        connection.execute("create table held_files as select 'a.csv' as file_name, 'bad cell' as quarantine_reason")
        connection.execute(
            "create table data_quality as select 'quarantined' as \"check\", 'ks2' as source, 'a.csv' as subject,"
            " 'bad cell' as detail, 'warning' as severity"
            " union all select 'rejected_row', 'ks2', 'row', 'twice', 'warning'"
            " union all select 'held', 'ks2', 'row', 'fine', 'information'"
        )


def run(home: Home) -> builds.BuildFacts:
    return publish.publish(home, {"raw": "r", "rules": "s"}, MANIFEST, RESULTS, progress=lambda line: None)


def test_what_is_published_is_described(home: Home) -> None:
    facts = run(home)
    assert builds.current_facts(home) == facts
    assert (facts.la_code, facts.as_at, facts.is_sample, facts.tests_n, facts.files_n) == (
        "919",
        "2026-01-31",
        True,
        2,
        1,
    )
    assert facts.reference_on == "2026-01-31"
    assert facts.warnings == ["adds_up: Got 2 results", "rejected_row, ks2: 1 (row: twice)"]
    assert facts.quarantined == ["a.csv: bad cell"]

    package = json.loads((home.current / "datapackage.json").read_text())
    assert "SAMPLE DATA" in package["title"]
    assert package["as_at"] == "2026-01-31"
    assert package["sources"] == [
        {"title": "Key stage 2", "publisher": "DfE", "path": "https://example.org/", "licence": "OGL"}
    ]
    by_path = {file["path"]: file for file in package["resources"]}
    assert sorted(by_path) == sorted(
        f"{mart}.{kind}"
        for mart in ("data_quality", "held_files", "observations", "schools")
        for kind in ("csv", "parquet")
    )
    assert by_path["observations.csv"]["schema"]["fields"] == [
        {"name": "urn", "type": "string"},
        {"name": "value", "type": "number", "description": "The value.", "unit": "per cent"},
        {"name": "years", "type": "array"},
    ]
    for path, file in by_path.items():
        content = (home.current / path).read_bytes()
        assert file["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert file["bytes"] == len(content)
        assert file["rows_n"] == (3 if file["title"] == "data_quality" else 1)


def frictionless_report(folder: Path) -> Any:
    """What the reference validator says of a folder's data package."""
    done = subprocess.run(
        [Path(sys.executable).with_name("frictionless"), "validate", "datapackage.json", "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout)


def test_the_reference_validator_passes_the_data_package(home: Home) -> None:
    run(home)
    folder = home.current.resolve()
    report = frictionless_report(folder)
    assert report["valid"], report
    assert {task["type"] for task in report["tasks"]} == {"table", "file"}
    assert report["stats"]["tasks"] == len(json.loads((folder / "datapackage.json").read_text())["resources"]) == 8
    (folder / "schools.csv").chmod(0o600)
    (folder / "schools.csv").write_text("edited")
    assert not frictionless_report(folder)["valid"]


def test_the_data_package_names_the_parts_of_a_csv_and_the_reference_validator_passes_them(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    with duckdb.connect(str(home.building_file)) as connection:
        connection.execute(
            "create or replace table observations as select '100001' as urn, measure, '2024/25' as academic_year"
            " from (values ('phonics'), ('writing'), ('reading')) t(measure)"
        )
        connection.execute(
            "create table measures as from (values ('phonics', 'ks1'), ('writing', 'ks2'),"
            " ('reading', 'ks2')) t(measure, key_stage)"
        )
    run(home)
    package = json.loads((home.current / "datapackage.json").read_text())
    parts = {one["name"]: one["path"] for one in package["resources"] if one["title"] == "observations"}
    assert parts == {
        "observations-parquet": "observations.parquet",
        "observations.ks1-csv": "observations.ks1.csv",
        "observations.ks2.2024-25.1-csv": "observations.ks2.2024-25.1.csv",
        "observations.ks2.2024-25.2-csv": "observations.ks2.2024-25.2.csv",
    }
    assert len({one["name"] for one in package["resources"]}) == len(package["resources"])
    report = frictionless_report(home.current.resolve())
    assert report["valid"], report
    assert list(builds.damaged_files(home.current)) == []
    (home.current / "observations.ks1.csv").chmod(0o600)
    (home.current / "observations.ks1.csv").write_text("edited")
    assert ["observations.ks1.csv" in line for line in builds.damaged_files(home.current)] == [True]


def test_the_reference_validator_passes_a_workbook_and_pages(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "japr_pack.xlsx")
    book.add_worksheet().write(3, 2, "a sheet is no table")
    book.close()
    (tmp_path / "index.html").write_text("<p>Page")
    kinds = {"japr_pack.xlsx": "application/vnd.ms-excel", "index.html": "text/html"}
    documents = [Document(tmp_path / name, name, name, kind) for name, kind in kinds.items()]
    facts = BuildFacts("b", "d", "1", "919", None, 2025, False, 1, 1, [], [])
    write_package(duckdb.connect(), [], [], [], facts, tmp_path, documents)
    report = frictionless_report(tmp_path)
    assert report["valid"], report


@pytest.mark.parametrize("failing", ["export_mart", "write_package"])
def test_a_disk_that_fills_while_publishing_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    before = run(home)
    warehouse = home.warehouse_file.read_bytes()
    build_warehouse(home)
    real, calls = getattr(publish, failing), []

    def full(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 2 or failing == "write_package":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(publish, failing, full)
        with pytest.raises(OSError, match="No space left"):
            run(home)
    assert builds.current_facts(home) == before
    assert home.warehouse_file.read_bytes() == warehouse
    assert [path.name for path in home.builds.iterdir()] == [before.build_id]
    assert run(home).build_id != before.build_id


def test_marts_are_the_models_of_one_folder() -> None:
    assert [mart.name for mart in marts_of(MANIFEST)] == ["data_quality", "held_files", "observations", "schools"]
