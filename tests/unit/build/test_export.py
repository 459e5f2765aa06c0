"""Exports: what a CSV cell looks like, which rows an LA's files hold, and that the same rows give the same bytes."""

import csv
import hashlib
from pathlib import Path

import duckdb
import pytest

from pipelines.publication import export
from pipelines.publication.export import export_mart, scope_condition


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "create table schools as select * from (values ('100001', '919'), ('100002', '850')) t(urn, la_code)"
    )
    connection.execute(
        """create table observations as select * from (values
            ('school', '100001', '100001', '919', 1.5),
            ('school', '100002', '100002', '850', 2.5),
            ('school', '100009', '100001', '850', 3.5),
            ('la', '850', null, '850', 4.5),
            ('region', 'E1', null, null, 5.5),
            ('country', 'ENG', null, null, null)
        ) t(entity_type, entity_code, urn, la_code, value)"""
    )
    return connection


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_csv_holds_the_la_and_what_it_is_compared_with(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    export_mart(warehouse, "observations", "919", tmp_path)
    header, *rows = read_csv(tmp_path / "observations.csv")
    assert header == ["entity_type", "entity_code", "urn", "la_code", "value"]
    # the predecessor's row (a school now in the LA) stays; the other LA's school goes; the other LA's own row stays
    assert [row[1] for row in rows] == ["ENG", "850", "E1", "100001", "100009"]


def test_observations_and_the_files_they_rest_on_are_whole_in_parquet(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    export_mart(warehouse, "observations", "919", tmp_path)
    warehouse.execute(
        "create table held_files as select * from (values ('f1', '919'), ('f2', '850')) t(file_id, la_code)"
    )
    export_mart(warehouse, "held_files", "919", tmp_path)
    written = export_mart(warehouse, "schools", "919", tmp_path)
    count = "select count(*) from read_parquet(?)"
    assert duckdb.execute(count, [str(tmp_path / "observations.parquet")]).fetchone() == (6,)
    assert duckdb.execute(count, [str(tmp_path / "held_files.parquet")]).fetchone() == (2,)
    assert read_csv(tmp_path / "held_files.csv")[1:] == [["f1", "919"]]
    assert duckdb.execute(count, [str(tmp_path / "schools.parquet")]).fetchone() == (1,)
    assert [file.rows_n for file in written] == [1, 1]


@pytest.mark.parametrize(
    ("columns", "la_code", "kept"),
    [
        (["kpi"], "919", "true"),
        (["urn"], "all", "true"),
    ],
)
def test_marts_without_an_area_and_builds_of_all_areas_are_not_scoped(
    columns: list[str], la_code: str, kept: str
) -> None:
    assert scope_condition(columns, la_code) == kept


def test_a_row_that_names_no_area_is_kept(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    warehouse.execute("create table findings as select * from (values (null, 1), ('850', 2), ('919', 3)) t(la_code, n)")
    export_mart(warehouse, "findings", "919", tmp_path)
    assert read_csv(tmp_path / "findings.csv")[1:] == [["919", "3"], ["", "1"]]


def test_an_empty_mart_publishes_its_header_and_no_row(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    warehouse.execute("create table registers (urn varchar, entered_on date)")
    export_mart(warehouse, "registers", "919", tmp_path)
    assert (tmp_path / "registers.csv").read_bytes() == b"\xef\xbb\xbfurn,entered_on\r\n"
    assert duckdb.execute("select count(*) from read_parquet(?)", [str(tmp_path / "registers.parquet")]).fetchone() == (
        0,
    )


def test_csv_is_rfc_4180_with_a_byte_order_mark(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    warehouse.execute("create table odd as select 'a,b' as x, 'he said \"no\"' as y, 'two\nlines' as z, true as t")
    export_mart(warehouse, "odd", "919", tmp_path)
    assert (tmp_path / "odd.csv").read_bytes() == (
        b'\xef\xbb\xbfx,y,z,t\r\n"a,b","he said ""no""","two\nlines",true\r\n'
    )


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for number, order in enumerate(("i", "hash(i)", "-i")):
        connection = duckdb.connect(config={"threads": 2})
        connection.execute("create table schools as select '100001' as urn, '919' as la_code")
        connection.execute(
            "create table gaps as select (i % 977)::varchar as a, i / 7.0 as value, "
            f"case when i % 5 > 0 then i % 31 end as n from range(300000) r(i) order by {order}"
        )
        folder = tmp_path / str(number)
        folder.mkdir()
        files = export_mart(connection, "gaps", "919", folder)
        digests.add(tuple(hashlib.sha256(file.path.read_bytes()).hexdigest() for file in files))
    assert len(digests) == 1


def test_no_csv_cell_is_run_as_a_formula(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    warehouse.execute('create table names ("name" varchar, n integer)')
    warehouse.executemany("insert into names values (?, -1)", [["-2+3+cmd|' /C calc'!A0"], ["-5"], ["plain"], [None]])
    export_mart(warehouse, "names", "919", tmp_path)
    rows = read_csv(tmp_path / "names.csv")[1:]
    assert rows == [["'-2+3+cmd|' /C calc'!A0", "-1"], ["-5", "-1"], ["plain", "-1"], ["", "-1"]]


def parted(connection: duckdb.DuckDBPyConnection) -> None:
    """A mart of two key stages, of which one has three years, and of measures without one."""
    connection.execute(
        "create table measures as from (values ('a', 'ks2'), ('b', 'ks4'), ('c', 'all')) t(measure, key_stage)"
    )
    connection.execute(
        "create table gaps as select case i % 6 when 0 then 'b' when 1 then 'c' when 2 then 'unknown' else 'a' end"
        " as measure, case when i % 3 > 0 then printf('20%d/%d', 20 + i % 3, 21 + i % 3) end as academic_year,"
        " case when i % 2 = 0 then 'two' || chr(10) || 'lines' end as note, i as value from range(600) r(i)"
    )


@pytest.mark.parametrize("most_rows", [400, 250, 90, 7])
def test_the_parts_of_a_csv_hold_each_row_once_within_the_limits(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_rows: int
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", most_rows)
    parted(warehouse)
    files = export_mart(warehouse, "gaps", "919", tmp_path)
    parquet, *parts = files
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(file.path.name for file in files)
    assert not (tmp_path / "gaps.csv").exists() and {file.mart for file in files} == {"gaps"}
    rows = [row for part in parts for row in read_csv(part.path)[1:]]
    whole = duckdb.execute("select * from read_parquet(?)", [str(parquet.path)]).fetchall()
    assert sorted(rows) == sorted(["" if cell is None else str(cell) for cell in row] for row in whole)
    assert [len(read_csv(part.path)) - 1 for part in parts] == [part.rows_n for part in parts]
    assert max(part.rows_n for part in parts) <= most_rows and sum(part.rows_n for part in parts) == parquet.rows_n


def test_a_csv_is_split_by_key_stage_then_by_year_and_only_as_far_as_it_must(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_BYTES", 5000)
    parted(warehouse)
    names = [file.path.name for file in export_mart(warehouse, "gaps", "919", tmp_path)[1:]]
    assert names == [
        "gaps.ks2.2021-22.csv", "gaps.ks2.2022-23.csv", "gaps.ks2.no-year.csv", "gaps.ks4.csv", "gaps.no-key-stage.csv",
    ]  # fmt: skip
    assert all((tmp_path / name).stat().st_size <= 5000 for name in names)


def test_a_mart_without_key_stage_or_year_is_split_by_number(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 4)
    warehouse.execute("create table names as select i::varchar as name from range(9) r(i)")
    parts = export_mart(warehouse, "names", "919", tmp_path)[1:]
    assert [(part.path.name, part.rows_n) for part in parts] == [
        ("names.1.csv", 4),
        ("names.2.csv", 4),
        ("names.3.csv", 1),
    ]
    assert [row for part in parts for row in read_csv(part.path)[1:]] == [[str(number)] for number in range(9)]
