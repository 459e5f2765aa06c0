"""Every real published file is recognised for what it is, and every line of it is accounted for after landing."""

import csv
import hashlib
import io
import os
import re
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.home import Home
from pipelines.landing.intake import add
from pipelines.landing.land import LandingReport
from pipelines.provenance import held_files

REPOSITORY = Path(__file__).resolve().parents[2]
REALDATA = Path(os.environ.get("RAYG_REALDATA") or REPOSITORY.parent / "shared" / "realdata")
REDUCED = REALDATA.with_name("realdata-england-reduced")
OFSTED = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2025.csv"

pytestmark = pytest.mark.skipif(not REALDATA.is_dir(), reason="the real published files are not here (RAYG_REALDATA)")

# academic year, file name: source, release, LA (none: England), published on, lines left out
EXPECTED = {
    ("2016/17", "850_ks2final.csv"): ("ks2", "final", "850", "2018-04-30", 0),
    ("2017/18", "850_ks2final.csv"): ("ks2", "final", "850", "2019-04-30", 0),
    ("2018/19", "850_ks2final.csv"): ("ks2", "final", "850", "2020-04-30", 0),
    ("2024/25", "919_ks2final.csv"): ("ks2", "final", "919", "2026-04-30", 0),
    ("2016/17", "england_ks4provisional.csv"): ("ks4", "provisional", None, "2017-10-31", 0),
    ("2017/18", "england_ks4provisional.csv"): ("ks4", "provisional", None, "2018-10-31", 0),
    ("2024/25", "919_ks4final.csv"): ("ks4", "final", "919", "2026-04-30", 0),
    ("2016/17", "england_ks5revised.csv"): ("ks5", "revised", None, "2018-02-28", 0),
    ("2016/17", "england_ks5final.csv"): ("ks5", "final", None, "2018-04-30", 0),
    ("2021/22", "england_ks5revised.csv"): ("ks5", "revised", None, "2023-02-28", 0),
    ("2021/22", "2021-2022_england_ks5final.csv"): ("ks5", "final", None, "2023-04-30", 0),
    ("2022/23", "2022-2023_england_ks5final.csv"): ("ks5", "final", None, "2024-04-30", 0),
    ("2024/25", "919_ks5final.csv"): ("ks5", "final", "919", "2026-04-30", 0),
    ("2016/17", "england_ks4-pupdest.csv"): ("ks4_destinations", "revised", None, "2018-03-31", 0),
    ("2017/18", "england_ks4-pupdest.csv"): ("ks4_destinations", "revised", None, "2019-03-31", 0),
    ("2018/19", "england_pupdestprovisional.csv"): ("ks4_destinations", "provisional", None, "2019-10-31", 0),
    ("2018/19", "england_ks4-pupdest.csv"): ("ks4_destinations", "revised", None, "2020-03-31", 0),
    ("2021/22", "england_ks4-pupdest.csv"): ("ks4_destinations", "revised", None, "2023-03-31", 0),
    ("2024/25", "919_ks4-pupdest.csv"): ("ks4_destinations", "revised", "919", "2026-03-31", 0),
    ("2016/17", "england_ks5-studest.csv"): ("ks5_destinations_2018", "revised", None, "2018-03-31", 0),
    ("2017/18", "england_ks5-studest.csv"): ("ks5_destinations_2018", "revised", None, "2019-03-31", 0),
    ("2018/19", "england_ks5-studest.csv"): ("ks5_destinations", "revised", None, "2020-03-31", 0),
    ("2020/21", "england_ks5-studest.csv"): (
        "ks5_destinations",
        "revised",
        None,
        "2022-03-31",
        15,
    ),  # consortia, URN NA
    ("2021/22", "england_ks5-studest.csv"): ("ks5_destinations", "revised", None, "2023-03-31", 0),
    ("2020/21", "england_ks4-ebacc-entries.csv"): ("ks4_ebacc_entries", "final", None, "2022-04-30", 0),
    ("2016/17", "england_ks2-mats-performance.csv"): ("trust_results_2019", "revised", None, "2018-03-31", 0),
    ("2016/17", "england_ks4-mats-performance.csv"): (
        "trust_results_2019",
        "revised",
        None,
        "2018-03-31",
        1,
    ),  # line 37
    ("2017/18", "england_ks2-mats-performance.csv"): ("trust_results_2019", "revised", None, "2019-03-31", 0),
    ("2017/18", "england_ks4-mats-performance.csv"): ("trust_results_2019", "revised", None, "2019-03-31", 0),
    ("2021/22", "england_ks4-mats-performance.csv"): ("trust_results", "revised", None, "2023-03-31", 0),
    ("2021/22", "england_ks5-mats-performance.csv"): ("trust_results", "revised", None, "2023-03-31", 0),
    ("2016/17", "england_swf.csv"): ("workforce", "final", None, "2017-06-30", 0),
    ("2017/18", "england_swf.csv"): ("workforce", "final", None, "2018-06-30", 0),
    ("2020/21", "england_swf.csv"): ("workforce", "final", None, "2021-06-30", 0),
    ("2020/21", "la_maintained_schools_revenue_reserve_final.csv"): (
        "la_revenue_reserve",
        "final",
        None,
        "2021-12-31",
        0,
    ),
    ("2019/20", "pupil-premium-2019-2020.csv"): ("pupil_premium", "final", None, "2020-03-31", 0),
    ("2016/17", "england_abs.csv"): ("absence", "final", None, "2018-05-31", 0),
    ("2017/18", "england_abs.csv"): ("absence", "final", None, "2019-05-31", 0),
    ("2021/22", "919_abs.csv"): ("absence", "final", "919", "2023-05-31", 0),
    ("2022/23", "919_abs.csv"): ("absence", "final", "919", "2024-05-31", 0),
    ("2023/24", "919_abs.csv"): ("absence", "final", "919", "2025-05-31", 0),
    ("2016/17", "england_census.csv"): ("census", "final", None, "2017-06-30", 0),
    ("2017/18", "england_census.csv"): ("census", "final", None, "2018-06-30", 1),  # 141353 stands twice, identical
    ("2020/21", "england_census.csv"): ("census", "final", None, "2021-06-30", 0),
    ("2021/22", "england_census.csv"): ("census", "final", None, "2022-06-30", 0),
    ("2024/25", "919_census.csv"): ("census", "final", "919", "2025-06-30", 0),
    ("2018/19", "england_school_information.xlsx"): ("school_information", "snapshot", None, "2020-07-31", 0),
    ("2020/21", "england_school_information.xlsx"): ("school_information", "snapshot", None, "2022-07-31", 0),
    ("2021/22", "2021-2022_england_school_information.xlsx"): ("school_information", "snapshot", None, "2023-07-31", 0),
    ("2024/25", "919_school_information.csv"): ("school_information", "snapshot", "919", "2026-07-31", 0),
    ("2024/25", OFSTED): ("ofsted_schools", "snapshot", None, "2025-08-31", 0),
    ("2023/24", "202324_information_about_schools_final.csv"): ("ks4_ees_information", "final", None, "2025-04-30", 0),
    ("2025/26", "EES_ytd_data.csv"): ("attendance_ytd", "snapshot", None, "2026-07-31", 0),
    ("2025/26", "week_29_persistent_absence.csv"): ("attendance_weeks", "snapshot", None, "2026-07-31", 0),
    ("2025/26", "bds_long_0.parquet"): ("lait", "snapshot", None, "2026-06-30", 0),  # its newest series is of 2025-26
    ("2014/15", "Maintained_schools_External_Management_Information___31_May_2015.xlsx"): (
        "ofsted_schools_2015",
        "snapshot",
        None,
        "2015-05-31",
        0,
    ),
    ("2016/17", "england_ofsted-schools.xlsx"): ("ofsted_schools_tables", "snapshot", None, "2018-07-31", 0),
    ("2025/26", "leeds_ofsted_data.csv"): ("ofsted_report_cards", "snapshot", "383", "2026-02-10", 0),  # newest report
    ("2016/17", "england_spine.xlsx"): ("spine", "snapshot", None, "2018-07-31", 4),
    ("2017/18", "england_spine.xlsx"): ("spine", "snapshot", None, "2019-07-31", 0),
    ("2021/22", "edubaseallacademiesandfree20211231.csv"): ("gias_extract", "snapshot", None, "2021-12-31", 0),
    ("2023/24", "grouplinks_edubaseallacademiesandfree20240329.csv"): (
        "gias_group_links",
        "snapshot",
        None,
        "2024-03-29",
        0,
    ),
    ("2025/26", "allgroupsdata20260821.csv"): ("gias_groups", "snapshot", None, "2026-08-21", 0),
    ("2019/20", "links_edubasealldata20190901.csv"): ("gias_links", "snapshot", None, "2019-09-01", 2),  # identical
    ("2025/26", "links_edubasealldata20260821.csv"): ("gias_links", "snapshot", None, "2026-08-21", 0),
}


@pytest.fixture(scope="module")
def filled(real_home: Home) -> Home:
    return real_home


@pytest.fixture(scope="module")
def report(landed: LandingReport) -> LandingReport:
    return landed


def extent(content: bytes, name: str) -> tuple[int, int]:
    """Lines beneath the header that are not blank, and columns: counted without the product's code."""
    if name.endswith(".parquet"):
        metadata = pq.read_metadata(io.BytesIO(content))
        return metadata.num_rows, metadata.num_columns
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            # beside the data stand at most a cover, contents and summaries, all of them shorter
            sheets = [item for item in package.infolist() if item.filename.startswith("xl/worksheets/sheet")]
            sheet = package.read(max(sheets, key=lambda item: item.file_size))
        rows = [row for row in re.findall(rb"<row\b.*?</row>", sheet, re.DOTALL) if b"<v>" in row]
        return len(rows) - 1, len(re.findall(rb"<c ", rows[0]))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    lines = [cells for cells in csv.reader(io.StringIO(text, newline="")) if cells]
    return len(lines) - 1, len(lines[0])


def test_nothing_is_rejected(added: list[str]) -> None:
    assert [line for line in added if line.startswith("rejected")] == []
    on_disk = sum(path.is_file() for path in REALDATA.rglob("*"))
    assert len(added) == on_disk
    assert Counter(line.split()[0] for line in added)["accepted"] == len(EXPECTED)


def test_every_file_is_recognised_for_what_it_is(filled):
    found = {
        (file.provenance.academic_year, file.provenance.file_name): (
            file.provenance.source,
            file.provenance.release,
            file.provenance.la_code,
            file.provenance.published_on.isoformat(),
        )
        for file in held_files(filled)
    }
    assert found == {key: value[:-1] for key, value in EXPECTED.items()}
    assert {file.provenance.scope for file in held_files(filled) if file.provenance.la_code} == {"la"}
    assert {file.provenance.scope for file in held_files(filled) if not file.provenance.la_code} == {"england"}


def test_bytes_are_unchanged(filled):
    originals = {hashlib.sha256(path.read_bytes()).digest() for path in REALDATA.rglob("*") if path.is_file()}
    for file in held_files(filled):
        assert hashlib.sha256(file.path.read_bytes()).digest() in originals, file.path.name


def test_every_line_and_cell_is_accounted_for(filled, report):
    paths = {file.provenance.file_id: file.path for file in held_files(filled)}
    assert paths.keys() == {file.provenance.file_id for file in report.files}
    for file in report.files:
        held = file.provenance
        lines_n, columns_n = extent(paths[held.file_id].read_bytes(), held.file_name)
        left_out = EXPECTED[held.academic_year, held.file_name][-1]
        assert (file.fault, file.rejected_rows_n) == (None, left_out), held.file_name
        assert (file.rows_n, file.cells_n) == (lines_n - left_out, (lines_n - left_out) * columns_n), held.file_name


def test_landed_parquet_holds_the_cells_counted(filled, report):
    cells_n = sum(
        pq.read_metadata(filled.landing / "cells" / f"{file.provenance.file_id}.parquet").num_rows
        for file in report.files
    )
    assert cells_n == report.cells_n > 15_000_000
    rejects = [
        row
        for file in report.files
        for row in pq.read_table(filled.landing / "rejects" / f"{file.provenance.file_id}.parquet").to_pylist()
    ]
    kinds = Counter(row["reason_code"] for row in rejects)
    assert kinds == {"duplicate_identical": 7, "overlong_row": 1, "broken_key": 15}


def test_the_review_is_that_of_the_newest_results(report):
    assert (report.review_year, report.reference_on, report.is_sample) == (2025, date(2026, 8, 21), False)


@pytest.mark.parametrize(
    ("year", "name", "where", "expected"),
    [
        ("2024/25", "919_ks2final.csv", {"RECTYPE": "3"}, {"LEA": "919", "TELIG": "14321", "PTRWM_EXP": "64%"}),
        ("2023/24", "919_abs.csv", {"LA": "NAT", "ESTAB": "PRI"}, {"URN": ""}),
        (
            "2024/25",
            "919_census.csv",
            {"URN": "LA", "ESTAB": "PRI"},
            {"LA": "State-funded primary", "SCHOOLTYPE": "919"},
        ),
        (
            "2021/22",
            "2021-2022_england_school_information.xlsx",
            {"URN": "100000"},
            {"LA": "201", "LAESTAB": "2013614"},
        ),
    ],
)
def test_known_rows_landed_as_printed(filled, report, year, name, where, expected):
    [file_id] = (
        file.provenance.file_id
        for file in report.files
        if (file.provenance.academic_year, file.provenance.file_name) == (year, name)
    )
    upper = pq.read_table(filled.landing / "wide" / f"{file_id}.parquet")
    upper = upper.rename_columns([column.upper() for column in upper.column_names])
    rows = [row for row in upper.to_pylist() if all(row[column].strip() == value for column, value in where.items())]
    assert [{column: row[column].strip() for column in expected} for row in rows] == [expected]


@pytest.mark.skipif(not REDUCED.is_dir(), reason="the reduced England files are not here")
def test_reduced_england_files_are_key_stage_2(tmp_path):
    found = add(Home(tmp_path / "home"), [REDUCED])
    assert [(outcome.status, outcome.source, outcome.academic_year) for outcome in found] == [
        ("accepted", "ks2", "2015/16"),
        ("accepted", "ks2", "2016/17"),
        ("accepted", "ks2", "2017/18"),
    ]
