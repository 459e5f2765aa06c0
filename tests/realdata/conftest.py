"""One home per run, filled and built by the real command from the real published files.

What belongs here: making that home and reading what came out of it. What does not: any expectation.
The files are Crown copyright and no part of the project: without them every test here is skipped.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.home import Home
from pipelines.landing.land import LandingReport, land
from tests.realdata.rawfiles import RealData
from tests.shared import Shared, copy_home

REPOSITORY = Path(__file__).resolve().parents[2]
REALDATA = Path(os.environ.get("RAYG_REALDATA") or REPOSITORY.parent / "shared" / "realdata")
ADDED = "added.txt"
FACTS = REALDATA.parent / "reference" / "facts_lait_herts_england_all_measures.csv"


@dataclass(frozen=True)
class Built:
    """What one build left: its marts as views, its warehouse attached as `warehouse`."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Every row of a query over the marts, or over `warehouse.<model>`."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    def one(self, sql: str, *parameters: Any) -> Any:
        """The single value of a query that has one."""
        ((value,),) = self.rows(sql, *parameters)
        return value


def open_build(marts: Path, warehouse: Path) -> Built:
    """Read the published files themselves, not the tables they were copied from."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    for path in sorted(marts.resolve().glob("*.parquet")):
        connection.execute(f"create view {path.stem} as select * from read_parquet('{path.as_posix()}')")
    connection.execute(f"attach '{warehouse.as_posix()}' as warehouse (read_only)")
    return Built(connection)


def rayg(home: Path, *arguments: str) -> str:
    """Run the command; its output, or a failure that shows it."""
    command = [sys.executable, "-m", "pipelines.cli", "--home", str(home), *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"rayg {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def open_home(home: Home) -> Built:
    return open_build(home.current, home.warehouse_file)


@pytest.fixture(scope="session")
def real() -> RealData:
    """The published files, read by the tests' own reader."""
    if not REALDATA.is_dir():
        pytest.skip(f"the real published files are not here: {REALDATA} (set RAYG_REALDATA)")
    return RealData(REALDATA)


@pytest.fixture(scope="session")
def facts_file(real: RealData) -> Path:
    """Hertfordshire and England as the Department's LA Interactive Tool prints them."""
    if not FACTS.is_file():
        pytest.skip(f"the published facts are not here: {FACTS}")
    return FACTS


@pytest.fixture(scope="session")
def real_home(real: RealData, shared: Shared) -> Home:
    """A home that holds every real file this version reads, built for Hertfordshire. Read it; to change it, copy it."""

    def make(folder: Path) -> None:
        (folder / ADDED).write_text(rayg(folder, "add", str(real.root)), encoding="utf-8")
        rayg(folder, "build", "--la", "919")

    return Home(shared("real_home", make))


@pytest.fixture(scope="session")
def added(real_home: Home) -> list[str]:
    """The lines of `rayg add` over the whole folder."""
    return (real_home.root / ADDED).read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def landed(real_home: Home, tmp_path_factory: pytest.TempPathFactory) -> LandingReport:
    """What landing that home came to: over links to what the build landed, which landing finds done."""
    copy = copy_home(real_home, tmp_path_factory.mktemp("landed"))
    return land(copy, la_code="919", as_at=None, review_year=None)


@pytest.fixture(scope="session")
def hertfordshire(real_home: Home) -> Built:
    return open_home(real_home)


@pytest.fixture(scope="session")
def hampshire(real_home: Home, shared: Shared) -> Built:
    """The same files, built for Hampshire."""

    def make(folder: Path) -> None:
        rayg(copy_home(real_home, folder).root, "build", "--la", "850")

    return open_home(Home(shared("hampshire_home", make)))
