"""A year that renames its columns is read by rows in the seeds: no line of code, no model, no suite changes.

The next year's key stage 2 file, made up: the higher standard and the school's name under other headings, last year's
value under an ending of its own, and a new code for what is withheld.
"""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.checks.judge import judge
from pipelines.home import Home, project_root
from pipelines.landing.intake import add
from pipelines.landing.land import land
from pipelines.seeds import seed_file

DBT = Path(sys.executable).with_name("dbt")
FILE = [
    ["RECTYPE", "LEA", "ESTAB", "URN", "SCHOOL_TITLE", "TELIG", "PTRWM_EXP", "PTRWM_GDS", "PTRWM_GDS_LASTYEAR"],
    ["1", "919", "2001", "100001", "First", "30", "60%", "10%", "8%"],
    ["1", "919", "2002", "100002", "Second", "25", "64%", "WITHHELD", "WITHHELD"],
    ["3", "919", "", "", "", "55", "61%", "9%", "7%"],
    ["5", "", "", "", "", "600000", "62%", "11%", "10%"],
]
RENAMES = {
    "column_map": {
        "source": "ks2",
        "column_name": "PTRWM_GDS",
        "measure": "ks2_rwm_higher_pct",
        "pupil_group": "all",
        "years_back": "0",
        "denominator_column": "TELIG",
    },
    "field_map": {"source": "ks2", "column_name": "SCHOOL_TITLE", "field": "school_name"},
    "carried_suffixes": {"source": "ks2", "suffix": "_LASTYEAR", "kind": "years_back", "value": "1"},
    "value_codes": {"token": "WITHHELD", "status": "suppressed", "meaning": "withheld, small numbers"},
}

Observation = tuple[str, str, str, float | None, str, float | None, bool]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that holds the file, landed and judged by the code as it stands."""
    home = Home(tmp_path / "home")
    path = tmp_path / "919_ks2final.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(FILE)
    (outcome,) = add(home, [path], academic_year="2026/27")
    assert outcome.status == "accepted", outcome.reason
    report = land(home, la_code="919", as_at=None, review_year=None)
    assert (report.review_year, report.rejected_rows_n) == (2027, 0)
    assert [(verdict.verdict, verdict.reason) for verdict in judge(home, lambda line: None)] == [("passed", "")]
    return home


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the dbt project, whose seeds a test may add to."""
    folder = tmp_path / "dbt_project"
    shutil.copytree(project_root() / "dbt_project", folder, ignore=shutil.ignore_patterns("target", "logs"))
    return folder


def append(project: Path, seed: str, row: dict[str, str]) -> None:
    """Add one row at the end of a seed."""
    path = project / seed_file(seed).relative_to(project_root() / "dbt_project")
    text = path.read_text(encoding="utf-8")
    columns = next(csv.reader([text.splitlines()[0]]))
    assert set(row) <= set(columns), seed
    assert text.endswith("\n")
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow([row.get(column, "") for column in columns])


def observed(project: Path, home: Home) -> list[Observation]:
    """What the warehouse makes of the higher standard: every seed and model up to `observations`, built anew."""
    building = project.with_name("building.duckdb")
    building.unlink(missing_ok=True)
    environment = {
        "RAYG_LANDING": home.landing.as_posix(),
        "RAYG_BUILDING": building.as_posix(),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    only = ["--select", "+observations", "--exclude-resource-type", "test", "unit_test"]
    done = subprocess.run(
        [str(DBT), "--no-use-colors", "build", *only, "--profiles-dir", "."],
        cwd=project,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(building), read_only=True) as warehouse:
        return warehouse.execute(
            """
            select entity_type, entity_code, academic_year, value, status, denominator, is_carried
            from observations where measure = 'ks2_rwm_higher_pct' and status != 'not_published' order by all
            """
        ).fetchall()


def test_a_rename_is_read_after_rows_in_the_seeds_and_not_before(home: Home, project: Path) -> None:
    assert observed(project, home) == []
    for seed, row in RENAMES.items():
        append(project, seed, row)
    assert observed(project, home) == [
        ("country", "ENG", "2025/26", 10.0, "reported", None, True),
        ("country", "ENG", "2026/27", 11.0, "reported", 600000.0, False),
        ("la", "919", "2025/26", 7.0, "reported", None, True),
        ("la", "919", "2026/27", 9.0, "reported", 55.0, False),
        ("school", "100001", "2025/26", 8.0, "reported", None, True),
        ("school", "100001", "2026/27", 10.0, "reported", 30.0, False),
        ("school", "100002", "2025/26", None, "suppressed", None, True),
        ("school", "100002", "2026/27", None, "suppressed", 25.0, False),
    ]
    with duckdb.connect(str(project.with_name("building.duckdb")), read_only=True) as warehouse:
        names = warehouse.execute(
            "select school_name from int_rows where entity_type = 'school' order by all"
        ).fetchall()
    assert names == [("First",), ("Second",)]


def test_a_code_that_no_seed_knows_keeps_the_whole_file_out(home: Home, project: Path) -> None:
    """The new heading alone is not enough: `WITHHELD` is neither a number nor a known absence, and is not dropped."""
    for seed, row in RENAMES.items():
        if seed != "value_codes":
            append(project, seed, row)
    assert observed(project, home) == []
    with duckdb.connect(str(project.with_name("building.duckdb")), read_only=True) as warehouse:
        ((reason,),) = warehouse.execute("select reason from int_quarantined_files").fetchall()
    assert "WITHHELD" in reason and "PTRWM_GDS" in reason
