"""The marts of every school of England, over the real files: what holds of one county must hold of all.

The models from the request on are run again with their own tests, over what one county's build landed: some minutes, so
`make soak` runs it.
"""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.landing.land import land
from tests.realdata.conftest import Built
from tests.shared import Shared, copy_home
from tests.warehouse.conftest import run_dbt

pytestmark = pytest.mark.soak
COMPARED = {
    "risk_screen": ["urn"],
    "risk_indicators": ["urn", "provision", "indicator"],
    "rayg_drafts": ["urn", "provision"],
}
OF_OTHERS_TOO = {"rank", "intake_quarter"}  # among all schools of the build


@pytest.fixture(scope="module")
def england(real_home: Home, shared: Shared) -> Built:
    def make(folder: Path) -> None:
        home = copy_home(real_home, folder)
        land(home, la_code="all", as_at=None, review_year=None)
        shutil.copyfile(real_home.warehouse_file, home.building_file)
        asked = ["--select", "stg_parameters+", "--exclude-resource-type", "unit_test"]
        done = run_dbt(home.warehouse, "build", *asked)
        assert done.returncode == 0, done.stdout[-4000:]

    home = Home(shared("england", make))
    connection = duckdb.connect()
    connection.execute(f"attach '{home.building_file.as_posix()}' as building (read_only)")
    connection.execute(f"attach '{real_home.warehouse_file.as_posix()}' as county (read_only)")
    connection.execute("use building")
    return Built(connection)


def test_every_state_funded_school_of_england_is_screened(england: Built) -> None:
    assert england.one("select count(*) from risk_screen") > 20_000
    assert (
        england.one("select count(*) from risk_screen where points_seen > points_possible or points > points_seen") == 0
    )
    assert england.rows("select urn from int_review_schools except select urn from risk_screen") == []


def test_every_sixth_form_that_is_rated_has_a_draft(england: Built) -> None:
    assert (
        england.rows(
            """
            select schools.urn
            from int_review_schools as schools
            inner join school_kinds as kinds using (school_kind)
            where schools.has_sixth_form and kinds.is_sixth_form_rated
            except
            select urn from rayg_drafts where provision = 'post_16'
            """
        )
        == []
    )
    assert england.one("select count(*) from rayg_drafts where provision = 'post_16'") > 1_500


@pytest.mark.parametrize("mart", COMPARED)
def test_a_school_is_told_the_same_in_a_build_of_all(england: Built, mart: str) -> None:
    """What is built beside a school changes neither its points, its band, its colour nor a word of its evidence."""
    columns = [
        name
        for (name,) in england.rows(
            "select column_name from duckdb_columns() where database_name = 'county' and table_name = ?", mart
        )
        if name not in OF_OTHERS_TOO
    ]
    told = ", ".join(columns)
    keys = ", ".join(COMPARED[mart])
    assert (
        england.rows(
            f"""
        select {keys} from (select {told} from county.main.{mart} except select {told} from building.main.{mart})
        """
        )
        == []
    )
    assert england.one(f"select count(*) from county.main.{mart}") > 500
