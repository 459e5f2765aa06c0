"""The dbt project as Dagster needs it: its manifest, prepared when the project has changed, and a quiet dbt resource.

`run_dbt` runs it; `warehouse` turns it into assets.
"""

import os
import subprocess
import sys
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from dagster_dbt import DbtCliResource, DbtProject
from filelock import FileLock
from packaging.version import Version

from pipelines.digest import dbt_digest
from pipelines.errors import RaygError
from pipelines.files import write_text_whole
from pipelines.home import Home, project_root
from pipelines.landing.asked import is_every_authority
from pipelines.machine import database_memory

# `dbt` of this environment, whether or not the environment is on PATH.
DBT = Path(sys.executable).with_name("dbt.exe" if os.name == "nt" else "dbt")


class LocalDbt(DbtCliResource):
    """dbt without dagster-dbt's own calls.

    dagster-dbt runs `dbt --version`, which calls the package index, and opens the database file in this
    process, which DuckDB keeps for the one process that writes.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Any) -> Any:
        return None


def dbt_resource() -> LocalDbt:
    """dbt on the project's folder."""
    project = project_root() / "dbt_project"
    return LocalDbt(project_dir=str(project), profiles_dir=str(project), dbt_executable=str(DBT))


def prepared_project() -> DbtProject:
    """The dbt project with a manifest that fits it; parses the project when its files have changed.

    Raises RaygError with dbt's first error where the project does not parse.
    """
    root = project_root()
    project = DbtProject(root / "dbt_project")
    project.manifest_path.parent.mkdir(exist_ok=True)
    note = project.manifest_path.with_name("manifest.digest")
    # `dagster dev` loads the definitions in several processes at once
    with FileLock(project.manifest_path.with_name("manifest.lock")):
        digest = dbt_digest(root)
        if not project.manifest_path.exists() or not note.exists() or note.read_text() != digest:
            _parse(project)
            write_text_whole(note, digest)
    return project


def dbt_environment(home: Home, database: Path) -> dict[str, str]:
    """Where dbt finds the landed files, the DuckDB file it writes, and what the machine gives it."""
    return {
        "RAYG_LANDING": home.landing.as_posix(),
        "RAYG_BUILDING": database.as_posix(),
        "RAYG_MEMORY": database_memory(is_every_authority=is_every_authority(home)),
    }


def _parse(project: DbtProject) -> None:
    home = Home.resolve()
    folders = dbt_environment(home, home.building_file)  # parsing opens neither, but the build can then reuse it
    done = subprocess.run(
        [DBT, "--no-use-colors", "parse", "--project-dir", ".", "--profiles-dir", "."],
        cwd=project.project_dir,
        env=os.environ | folders | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_LOG_PATH": "target"},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RaygError(f"The dbt project does not parse: {_first_error(done.stdout + done.stderr)}")


def _first_error(output: str) -> str:
    lines = [line.strip() for line in output.splitlines()]
    errors = [number for number, line in enumerate(lines) if "Error" in line]
    return " ".join(lines[errors[0] : errors[0] + 3]) if errors else " ".join(lines[-3:])
