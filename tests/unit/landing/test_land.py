"""`land`: every cell as text, every line accounted for, the same bytes each time."""

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing import at_once
from pipelines.landing import land as land_module
from pipelines.landing.intake import add
from pipelines.landing.land import LandingReport, land

OFSTED_NAME = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2025.csv"


def hold(home: Home, folder: Path, name: str, content: bytes, **options: Any) -> str:
    """Adds one file and gives its file_id."""
    path = folder / name
    path.write_bytes(content)
    [outcome] = add(home, [path], **options)
    assert outcome.status == "accepted", outcome.reason
    [file_id] = (
        json.loads(sidecar.read_text())["file_id"]
        for sidecar in home.sidecars()
        if sidecar.with_name(sidecar.name.removesuffix(".provenance.json")).read_bytes() == content
    )
    return file_id


def landed(home: Home, **options: Any) -> LandingReport:
    return land(home, **({"la_code": "919", "as_at": None, "review_year": 2025} | options))


def rows(home: Home, table: str) -> list[dict[str, Any]]:
    return pq.read_table(home.landing / f"{table}.parquet").to_pylist()


def cells(home: Home, file_id: str) -> dict[tuple[int, str], str]:
    """Raw values by line and column name."""
    return {(cell["line"], cell["column_name"]): cell["raw_value"] for cell in rows(home, f"cells/{file_id}")}


def test_every_cell_lands_as_text_with_its_line_and_column(home, year_folder, made):
    file_id = hold(home, year_folder, "919_ks2final.csv", made.ks2())
    report = landed(home)
    assert (report.rows_n, report.cells_n, report.rejected_rows_n) == (4, 32, 0)
    found = rows(home, f"cells/{file_id}")
    assert len(found) == 32 and {cell["file_id"] for cell in found} == {file_id}
    assert all(made.ks2_header[cell["column_position"] - 1] == cell["column_name"] for cell in found)
    assert cells(home, file_id) == {
        (line, column): value
        for line, row in enumerate(made.ks2_rows, start=2)
        for column, value in zip(made.ks2_header, row, strict=True)
    }
    wide = pq.read_table(home.landing / "wide" / f"{file_id}.parquet")
    assert wide.column_names == ["_line", *made.ks2_header]
    assert [list(row.values()) for row in wide.to_pylist()] == [
        [line, *row] for line, row in enumerate(made.ks2_rows, start=2)
    ]
    assert rows(home, f"columns/{file_id}") == [
        {"file_id": file_id, "column_position": at, "column_name": name, "column_key": name}
        for at, name in enumerate(made.ks2_header, start=1)
    ]


def test_lines_are_those_of_a_text_editor(home, year_folder, made):
    text = (
        "Absence by school\r\n\r\n LA ,ESTAB,URN,PERCTOT,PPERSABS10,NOTE\r\n"
        '919,2001,100001,5.1,12.0,"two\r\nlines"\r\n\r\n,,,,\r\n919,2002,100002\r\n'
    )
    file_id = hold(home, year_folder, "919_abs.csv", text.encode())
    landed(home)
    assert {line for line, _ in cells(home, file_id)} == {4, 8}
    assert cells(home, file_id)[4, "LA"] == "919"
    assert cells(home, file_id)[4, "NOTE"] == "two\r\nlines"


def test_short_rows_are_padded(home, year_folder, made):
    short = [["1", "919", "2001", "100001"], ["1", "919", "2002", "100002", "x"]]
    file_id = hold(home, year_folder, "919_ks2final.csv", made.csv(made.ks2_header, short))
    assert landed(home).cells_n == 16
    assert cells(home, file_id)[2, "PTRWM_EXP_24"] == "" and cells(home, file_id)[3, "SCHNAME"] == "x"


def test_empty_columns_a_spreadsheet_adds_are_dropped(home, year_folder, made):
    content = made.csv([*made.ks2_header, "", ""], [[*row, "", " "] for row in made.ks2_rows])
    file_id = hold(home, year_folder, "919_ks2final.csv", content)
    assert (landed(home).cells_n, landed(home).rejected_rows_n) == (32, 0)
    assert {column for _, column in cells(home, file_id)} == set(made.ks2_header)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(home, year_folder, made, encoding):
    content = made.csv(made.ofsted_header, made.ofsted_rows, encoding)
    file_id = hold(home, year_folder, OFSTED_NAME, content)
    landed(home)
    assert cells(home, file_id)[2, "School name"] == "St Mary\u2019s"
    assert cells(home, file_id)[2, "Web Link (opens in new window)"] == "x"


def test_title_rows_are_skipped(home, year_folder, made):
    titled = b"Management information\r\n\r\nAs at 31 August 2025,,\r\n" + made.ofsted()
    file_id = hold(home, year_folder, OFSTED_NAME, titled)
    assert landed(home).rows_n == 2
    assert cells(home, file_id)[5, "URN"] == "100001"


def test_shifted_total_rows_survive(home, year_folder, made):
    absence = hold(home, year_folder, "919_abs.csv", made.absence())
    header = ["URN", "LA", "Estab", "SCHOOLTYPE", "NOR", "NUMFSMEVER"]
    census = [
        ["100001", "919", "2001", "Community school", "200", "40"],
        ["LA", "State-funded primary", "PRI", "919", "102297", "16478"],
        ["NAT", "", "PRI", "State-funded primary", "4554974", "1126825"],
    ]
    census_id = hold(home, year_folder, "919_census.csv", made.csv(header, census))
    assert landed(home).rejected_rows_n == 0
    assert cells(home, absence)[3, "ESTAB"] == "PRI" and cells(home, absence)[3, "URN"] == ""
    assert cells(home, census_id)[3, "LA"] == "State-funded primary"


def test_workbook_cells_become_what_a_person_sees(home, year_folder, made):
    header = [*made.information_header, "OPENDATE", "SHARE", "BIG", "IS"]
    row = [100001, 919, "0201", "First", "Open", "x", "y", datetime(2024, 9, 1), 0.1, 1234567.0, True]
    content = made.workbook([["School information"], header, [], row])
    file_id = hold(home, year_folder, "919_school_information.xlsx", content)
    landed(home)
    assert [cells(home, file_id)[4, column] for column in header] == [
        "100001", "919", "0201", "First", "Open", "x", "y", "2024-09-01", "0.1", "1234567", "TRUE",
    ]  # fmt: skip


class TestRejects:
    def rejected(self, home: Home, file_id: str) -> list[tuple[int, str]]:
        return [(row["line"], row["reason_code"]) for row in rows(home, f"rejects/{file_id}")]

    def test_overlong_row(self, home, year_folder, made):
        shifted = ["1", "919", "2003", "100003", "Third", " and Fourth", "20", "70%", ""]
        file_id = hold(home, year_folder, "919_ks2final.csv", made.ks2(shifted))
        assert landed(home).rejected_rows_n == 1
        assert rows(home, f"rejects/{file_id}") == [
            {
                "file_id": file_id,
                "line": 6,
                "reason_code": "overlong_row",
                "reason": "9 cells under 8 columns",
                "raw_row": "1,919,2003,100003,Third, and Fourth,20,70%,",
            }
        ]
        assert "100003" not in cells(home, file_id).values()

    @pytest.mark.parametrize("urn", ["", "10000", "1000011", "100001.0", "NA", "012345"])
    def test_broken_key(self, home, year_folder, made, urn):
        file_id = hold(home, year_folder, "919_ks2final.csv", made.ks2(["1", "919", "2003", urn, "Third", "20"]))
        landed(home)
        assert self.rejected(home, file_id) == [(6, "broken_key")]
        assert 6 not in {line for line, _ in cells(home, file_id)}

    def test_identical_rows_leave_one(self, home, year_folder, made):
        again = [f" {cell}" for cell in made.ks2_rows[0]]
        file_id = hold(home, year_folder, "919_ks2final.csv", made.ks2(again, made.ks2_rows[2]))
        landed(home)
        assert self.rejected(home, file_id) == [(6, "duplicate_identical"), (7, "duplicate_identical")]
        assert {line for line, _ in cells(home, file_id)} == {2, 3, 4, 5}

    def test_contradicting_rows_leave_none(self, home, year_folder, made):
        other_type = ["2", *made.ks2_rows[0][1:]]
        file_id = hold(home, year_folder, "919_ks2final.csv", made.ks2(other_type, made.ks2_rows[0]))
        landed(home)
        assert self.rejected(home, file_id) == [(line, "duplicate_conflicting") for line in (2, 6, 7)]
        assert rows(home, f"rejects/{file_id}")[0]["reason"] == "lines 2, 6, 7 have the same key and differ"
        assert "100001" not in cells(home, file_id).values()

    def test_contradicting_totals_leave_none(self, home, year_folder, made):
        file_id = hold(home, year_folder, "919_abs.csv", made.absence(["919", "PRI", "", "9", "9"]))
        landed(home)
        assert self.rejected(home, file_id) == [(3, "duplicate_conflicting"), (5, "duplicate_conflicting")]

    def test_a_school_may_have_several_links(self, home, year_folder, made):
        header = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
        links = [
            ["100001", "100002", "Second", "Predecessor", ""],
            ["100001", "100003", "Third", "Predecessor", ""],
            ["100001", "", "None", "Predecessor", ""],
            ["100001", "100002", "Second", "Predecessor", "01-09-2024"],
        ]
        file_id = hold(home, year_folder, "links_edubasealldata20250301.csv", made.csv(header, links, "cp1252"))
        landed(home)
        assert self.rejected(home, file_id) == [
            (2, "duplicate_conflicting"),
            (4, "broken_key"),
            (5, "duplicate_conflicting"),
        ]


class TestTables:
    def test_files(self, home, year_folder, made):
        file_id = hold(home, year_folder, "919_ks2final.csv", made.ks2(["1", "919", "x", "y"]))
        landed(home)
        [row] = rows(home, "files")
        assert (row["file_id"], row["source"], row["academic_year"]) == (file_id, "ks2", "2024/25")
        assert (row["rows_n"], row["cells_n"], row["rejected_rows_n"]) == (4, 32, 1)
        assert (row["published_on"], row["is_visible"]) == (date(2026, 4, 30), True)
        assert len(row["header_digest"]) == 12 and "retrieved_at" not in row

    def test_only_what_was_out_by_then_is_visible(self, home, year_folder, made):
        hold(home, year_folder, "919_ks2revised.csv", made.ks2())
        hold(home, year_folder, "919_ks2final.csv", made.ks2(["1", "919", "2003", "100003"]))
        landed(home, as_at=date(2025, 12, 31))
        assert {row["release"]: row["is_visible"] for row in rows(home, "files")} == {
            "revised": True,
            "final": False,
        }

    def test_parameters_as_given(self, home, year_folder, made):
        hold(home, year_folder, "919_ks2final.csv", made.ks2())
        landed(home, la_code="all", as_at=date(2026, 5, 1), review_year=2024)
        assert rows(home, "parameters") == [
            {
                "la_code": "all",
                "as_at": date(2026, 5, 1),
                "review_year": 2024,
                "reference_on": date(2026, 5, 1),
                "is_sample": False,
            }
        ]

    def test_parameters_by_default(self, home, year_folder, made):
        hold(home, year_folder, "919_ks2final.csv", made.ks2(), is_sample=True)
        hold(
            home,
            year_folder,
            "919_school_information.xlsx",
            made.workbook([made.information_header, *made.information_rows]),
            academic_year="2024/25",
            is_sample=True,
        )
        report = landed(home, review_year=None)
        assert (report.review_year, report.reference_on, report.is_sample) == (2025, date(2026, 7, 31), True)
        [row] = rows(home, "parameters")
        assert (row["review_year"], row["reference_on"], row["is_sample"]) == (2025, date(2026, 7, 31), True)

    def test_review_is_that_of_the_newest_visible_results(self, home, tmp_path, year_folder, made):
        hold(home, year_folder, "919_ks2final.csv", made.ks2())
        header = [*made.ks2_header[:-1], "PTRWM_EXP_23"]
        hold(home, tmp_path, "919_ks2final.csv", made.csv(header, made.ks2_rows))
        hold(
            home,
            tmp_path,
            "919_abs.csv",
            made.absence(),
            academic_year="2024/25",
            published_on=date(2025, 1, 1),
        )
        assert landed(home, review_year=None, as_at=date(2025, 6, 1)).review_year == 2024

    def test_catalogue(self, home, year_folder, made):
        hold(home, year_folder, "919_ks2final.csv", made.ks2())
        landed(home)
        by_source = {row["source"]: row for row in rows(home, "catalogue")}
        assert by_source["ks2"]["role"] == "results"
        assert by_source["ks2"]["release_months"] == "provisional 9, revised 12, final 4"
        assert by_source["ofsted_schools"]["publisher"] == "Ofsted"

    def test_a_glob_always_matches_and_types_agree(self, home, year_folder, made):
        hold(home, year_folder, "919_ks2final.csv", made.ks2(["1", "919", "x", "y"]))
        landed(home)
        with duckdb.connect() as connection:
            for folder in ("cells", "columns", "rejects"):
                empty, whole = (
                    connection.execute(
                        f"describe from read_parquet('{home.landing}/{folder}/{glob}.parquet')"
                    ).fetchall()
                    for glob in ("_schema", "[0-9a-f]*")
                )
                assert empty == whole
                assert pq.read_table(home.landing / folder / "_schema.parquet").num_rows == 0


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestAgain:
    def test_the_same_files_give_the_same_bytes(self, tmp_path, year_folder, made):
        homes = [Home(tmp_path / name) for name in ("one", "two")]
        for home in homes:
            hold(home, year_folder, "919_ks2final.csv", made.ks2(["1", "919", "x", "y"]))
            hold(home, year_folder, OFSTED_NAME, made.ofsted())
            landed(home)
        assert contents(homes[0].landing) == contents(homes[1].landing)

    def test_a_landed_file_is_left_as_it_lies(self, home, year_folder, made):
        hold(home, year_folder, "919_ks2final.csv", made.ks2())
        heard: list[str] = []
        first = landed(home, progress=heard.append)
        before = contents(home.landing)
        again = landed(home, progress=heard.append)
        assert [file.state for file in first.files + again.files] == ["landed", "unchanged"]
        assert again.cells_n == first.cells_n and contents(home.landing) == before
        assert heard == ["919_ks2final.csv 2024/25: 4 rows, 32 cells"]

    def test_other_code_lands_it_anew(self, home, year_folder, made, monkeypatch):
        hold(home, year_folder, "919_ks2final.csv", made.ks2())
        landed(home)
        monkeypatch.setattr(land_module, "_code_digest", lambda: "other")
        assert [file.state for file in landed(home).files] == ["landed"]

    @pytest.mark.parametrize("folder", ["cells", "columns", "rejects", "wide"])
    def test_what_went_missing_is_landed_anew(self, home, year_folder, made, folder):
        file_id = hold(home, year_folder, "919_ks2final.csv", made.ks2())
        landed(home)
        (home.landing / folder / f"{file_id}.parquet").unlink()
        assert [file.state for file in landed(home).files] == ["landed"]
        assert (home.landing / folder / f"{file_id}.parquet").exists()

    def test_a_file_no_longer_held_is_removed(self, home, year_folder, made):
        hold(home, year_folder, "919_ks2final.csv", made.ks2())
        departing = hold(home, year_folder, "919_abs.csv", made.absence())
        landed(home)
        (home.raw / "absence" / "2024-25" / "919_abs.csv.provenance.json").unlink()
        landed(home)
        assert not any(departing in name for name in contents(home.landing))
        assert [row["source"] for row in rows(home, "files")] == ["ks2"]


class TestTrouble:
    @pytest.mark.parametrize("landed_before", [True, False])
    def test_bytes_that_differ_fail_that_file_only(self, home, year_folder, made, landed_before):
        good = hold(home, year_folder, "919_abs.csv", made.absence())
        bad = hold(home, year_folder, "919_ks2final.csv", made.ks2())
        if landed_before:
            landed(home)
        path = home.raw / "ks2" / "2024-25" / "919_ks2final.csv"
        path.write_bytes(path.read_bytes()[:-20])
        report = landed(home)
        assert {file.provenance.file_id: file.fault for file in report.files} == {
            good: None,
            bad: "bytes differ from its provenance: add it again",
        }
        assert rows(home, "verdicts") == [
            {"file_id": bad, "verdict": "failed", "reason": "bytes differ from its provenance: add it again"}
        ]
        assert not list(home.landing.glob(f"*/{bad}.parquet"))
        assert {row["file_id"]: row["cells_n"] for row in rows(home, "files")} == {good: 15, bad: 0}

    def test_healed_by_adding_it_again(self, home, year_folder, made):
        hold(home, year_folder, "919_ks2final.csv", made.ks2())
        (home.raw / "ks2" / "2024-25" / "919_ks2final.csv").write_bytes(b"")
        assert landed(home).cells_n == 0
        hold(home, year_folder, "919_ks2final.csv", made.ks2())
        assert landed(home).cells_n == 32
        assert rows(home, "verdicts") == []

    def test_missing_bytes(self, home, year_folder, made):
        hold(home, year_folder, "919_ks2final.csv", made.ks2())
        (home.raw / "ks2" / "2024-25" / "919_ks2final.csv").unlink()
        [file] = landed(home).files
        assert file.fault == "held file cannot be read (No such file or directory): add it again"

    def test_nothing_held(self, home):
        with pytest.raises(RaygError, match="No published files are held"):
            landed(home)
        assert not home.landing.exists()

    def test_no_results_and_no_review_named(self, home, year_folder, made):
        hold(home, year_folder, "919_abs.csv", made.absence())
        with pytest.raises(RaygError, match="No results are held"):
            landed(home, review_year=None)

    def test_no_such_la(self, home, year_folder, made):
        hold(home, year_folder, "919_abs.csv", made.absence())
        with pytest.raises(RaygError, match="--la Hertfordshire is not an LA"):
            landed(home, la_code="Hertfordshire")


class TestCaches:
    """What landing and judging note for the next time may be lost or cut short: it is then made again."""

    @pytest.fixture
    def before(self, home, year_folder, made):
        file_id = hold(home, year_folder, "919_ks2final.csv", made.ks2())
        assert [file.state for file in landed(home).files] == ["landed"]
        return file_id, {path: path.read_bytes() for path in home.landing.rglob("*.parquet")}

    @pytest.mark.parametrize(
        "note", ["", "{", "[]", "7", "null", "\0\0\0", '{"x": 7}', "whole of it: []", "whole of it: {}"]
    )
    def test_an_odd_note_lands_anew(self, home, before, note):
        file_id, bytes_of = before
        (home.landing / "landed.json").write_text(
            note.replace("whole of it", f'{{"{file_id}"') + "}" * ("whole" in note)
        )
        assert [file.state for file in landed(home).files] == ["landed"]
        assert {path: path.read_bytes() for path in bytes_of} == bytes_of
        assert [file.state for file in landed(home).files] == ["unchanged"]

    @pytest.mark.parametrize("folder", land_module.PER_FILE_FOLDERS)
    @pytest.mark.parametrize("left", [0, 3, 8, 100, -1, -8])
    def test_a_landed_table_cut_short_lands_anew(self, home, before, folder, left):
        file_id, bytes_of = before
        path = home.landing / folder / f"{file_id}.parquet"
        path.write_bytes(bytes_of[path][:left])
        assert [file.state for file in landed(home).files] == ["landed"]
        assert {path: path.read_bytes() for path in bytes_of} == bytes_of


def test_landing_in_several_processes_writes_the_same_bytes_and_loses_no_other_file(
    home, year_folder, made, tmp_path, monkeypatch
):
    """Of three files one cannot be read: the others land, and all is as one process leaves it."""
    hold(home, year_folder, "919_ks2final.csv", made.ks2())
    hold(home, year_folder, "850_ks2final.csv", made.ks2().replace(b"919", b"850"))
    hold(home, year_folder, "209_ks2final.csv", made.ks2().replace(b"919", b"209"))
    next(home.raw.rglob("209_ks2final*.csv")).write_bytes(b"cut off")
    other = Home(tmp_path / "other")
    shutil.copytree(home.raw, other.raw)
    heard: list[list[str]] = [[], []]
    report = landed(home, progress=heard[0].append)
    monkeypatch.setattr(at_once, "WORTH_BYTES", 0)
    monkeypatch.setattr(land_module, "files_at_once", lambda: 2)
    assert landed(other, progress=heard[1].append) == report
    assert heard[0] == heard[1] and [file.state for file in report.files].count("failed") == 1
    by_one = {path.relative_to(home.landing): path.read_bytes() for path in home.landing.rglob("*") if path.is_file()}
    by_two = {path.relative_to(other.landing): path.read_bytes() for path in other.landing.rglob("*") if path.is_file()}
    assert by_one == by_two
