"""A project small enough to build many times: the real pipeline on a dbt project of a few lines and two tiny files.

What the marts hold is tested elsewhere. Here it is whether a build is whole, whatever happens to it.
"""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.home import Home, project_root
from pipelines.landing.intake import add
from tests.shared import Shared

# `RAYG_TEST_ROWS` makes one model slow, `RAYG_TEST_FAIL` makes one test fail, `RAYG_TEST_WARN` one warn.
DBT_PROJECT = {
    "dbt_project.yml": """
name: rayg
version: '1.0'
profile: rayg
models: {rayg: {+materialized: table}}
seed-paths: [none]  # the real seeds lie in seeds/, for pages and workbooks to read their words from
""",
    "models/staging/landing.yml": """
version: 2
sources:
  - name: landing
    meta: {external_location: "read_parquet('{{ env_var('RAYG_LANDING') }}/{name}.parquet')"}
    tables:
      - {name: cells, meta: {external_location: "read_parquet('{{ env_var('RAYG_LANDING') }}/cells/*.parquet')"}}
      - name: files
      - name: verdicts
""",
    "models/staging/stg_cells.sql": """
select cells.file_id, line, column_name, raw_value
from {{ source('landing', 'cells') }} as cells
inner join {{ source('landing', 'verdicts') }} as verdicts using (file_id)
where verdict = 'passed'
""",
    "models/cells/int_slow.sql": """
select sum(hash(i)) % 7 as n from range({{ env_var('RAYG_TEST_ROWS', '1') }}) as r(i)
""",
    "models/schools/schools.sql": """
select max(raw_value) filter (column_name = 'URN') as urn, max(raw_value) filter (column_name = 'LA') as la_code
from {{ ref('stg_cells') }} inner join {{ source('landing', 'files') }} using (file_id)
where source = 'school_information' group by file_id, line
""",
    "models/observations/observations.sql": """
select 'school' as entity_type, entity_code as urn, la_code, value from (
    select max(raw_value) filter (column_name = 'URN') as entity_code,
        max(raw_value) filter (column_name = 'LEA') as la_code,
        max(raw_value) filter (column_name = 'PTRWM_EXP') as value
    from {{ ref('stg_cells') }} inner join {{ source('landing', 'files') }} using (file_id)
    where source = 'ks2' group by file_id, line
) where exists (select 1 from {{ ref('int_slow') }})
""",
    "models/ratings/rayg_drafts.sql": """
select urn, 'whole_school' as provision, 'yellow' as draft_rating, 1 as intake_quarter,
    2025 as review_year from {{ ref('schools') }}
""",
    "models/quality/held_files.sql": """
select file_id, file_name, nullif(verdicts.reason, '') as quarantine_reason
from {{ source('landing', 'files') }} left join {{ source('landing', 'verdicts') }} as verdicts using (file_id)
""",
    "models/quality/data_quality.sql": """
select 'quarantined' as "check", source, file_name as subject, verdicts.reason as detail, 'warning' as severity,
    academic_year, null::double as published_value, null::double as recomputed_value, null::boolean as is_reconciled
from {{ source('landing', 'files') }} inner join {{ source('landing', 'verdicts') }} as verdicts using (file_id)
where verdict = 'failed'
""",
    "tests/fails_when_told.sql": """
select 1 from {{ ref('rayg_drafts') }} where '{{ env_var("RAYG_TEST_FAIL", "") }}' = 'yes'
""",
    "tests/warns_when_told.sql": """
{{ config(severity='warn') }}
select 1 from {{ ref('rayg_drafts') }} where '{{ env_var("RAYG_TEST_WARN", "") }}' = 'yes'
""",
}
KS2 = [
    ["RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "TELIG", "PTRWM_EXP"],
    ["1", "919", "2001", "100001", "First", "30", "60%"],
    ["1", "919", "2002", "100002", "Second", "31", "SUPP"],
]
SCHOOLS = [
    ["URN", "LANAME", "LA", "ESTAB", "SCHNAME", "SCHSTATUS", "MINORGROUP", "SCHOOLTYPE"],
    ["100001", "Hertfordshire", "919", "2001", "First", "Open", "Maintained school", "Community school"],
    ["100002", "Hertfordshire", "919", "2002", "Second", "Open", "Academy", "Academy converter"],
]


@dataclass(frozen=True)
class Project:
    """A folder with its own copy of the pipeline, so that the real dbt project plays no part."""

    root: Path

    def command(self, home: Home, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "pipelines.cli", "--home", str(home.root), *arguments]

    def environment(self, **extra: str) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": os.pathsep.join([str(self.root), *sys.path]), **extra}

    def rayg(
        self, home: Home, *arguments: str, limit: Callable[[], None] | None = None, **extra: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command to its end. `limit` runs in the new process before the command."""
        return subprocess.run(
            self.command(home, *arguments),
            cwd=self.root,
            env=self.environment(**extra),
            preexec_fn=limit,
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    leave_out = shutil.ignore_patterns("__pycache__", "sample")
    shutil.copytree(project_root() / "pipelines", root / "pipelines", ignore=leave_out)
    shutil.copytree(project_root() / "expectations", root / "expectations")
    # words of the pages are read from the seeds when their modules are imported; dbt loads none of them here
    shutil.copytree(project_root() / "dbt_project" / "seeds", root / "dbt_project" / "seeds")
    for name, text in DBT_PROJECT.items():
        path = root / "dbt_project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copy(project_root() / "dbt_project" / "profiles.yml", root / "dbt_project")
    return Project(root)


def hold(home: Home, name: str, rows: list[list[str]], folder: Path, year: str = "2024/25") -> None:
    """Add a file made of rows."""
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    (outcome,) = add(home, [folder / name], academic_year=year)
    assert outcome.status == "accepted", outcome.reason


@pytest.fixture(scope="session")
def built_once(project: Project, shared: Shared) -> Home:
    def make(folder: Path) -> None:
        home = Home(folder / "home")
        hold(home, "919_ks2final.csv", KS2, folder / "files")
        hold(home, "919_school_information.csv", SCHOOLS, folder / "files")
        done = project.rayg(home, "build")
        assert done.returncode == 0, done.stderr

    return Home(shared("small_home", make) / "home")


@pytest.fixture
def home(built_once: Home, tmp_path: Path) -> Home:
    """A home with one good build, for one test to hurt."""
    copy = Home(tmp_path / "home")
    shutil.copytree(built_once.root, copy.root, symlinks=True)
    return copy


def standing(home: Home) -> dict[str, bytes]:
    """What a reader finds: every byte of the warehouse file and of the current build's marts."""
    files = [home.warehouse_file, *(path for path in home.current.iterdir() if path.is_file())]
    return {path.name: path.read_bytes() for path in files}


def assert_no_leftovers(home: Home) -> None:
    assert [path.name for path in home.warehouse.glob("building*")] == []
    assert [path.name for path in home.builds.glob("*.partial")] == []
    assert sorted(path.name for path in home.marts.iterdir()) == ["builds", "current"]
