"""A build is whole or it is not there: the same bytes twice, failures that change nothing, files left out by name."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

from pipelines.home import Home
from pipelines.publication.builds import current_facts
from tests.faults.conftest import KS2, Project, assert_no_leftovers, hold, standing

HEAVY = ["dagster", "dbt", "great_expectations", "pandas"]


def marts(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.current.glob("*.csv")} | {
        path.name: path.read_bytes() for path in home.current.glob("*.parquet")
    }


def test_the_same_files_give_the_same_bytes(project: Project, home: Home) -> None:
    before, build_id = marts(home), current_facts(home).build_id
    done = project.rayg(home, "build", "--force")
    assert done.returncode == 0, done.stderr
    assert current_facts(home).build_id != build_id
    assert marts(home) == before
    assert len(before) == 10
    assert_no_leftovers(home)


def test_nothing_changed_is_said_without_the_heavy_packages(project: Project, home: Home) -> None:
    before = standing(home)
    script = (
        "import sys; sys.argv = ['rayg', '--home', sys.argv[1], 'build']\n"
        "from pipelines.cli import app; app(standalone_mode=False)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(home.root)],
        cwd=project.root,
        env=project.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert f"Nothing has changed: build {current_facts(home).build_id} stands." in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
    assert standing(home) == before


def test_other_parameters_build_again(project: Project, home: Home) -> None:
    done = project.rayg(home, "build", "--la", "850")
    assert done.returncode == 0, done.stderr
    assert current_facts(home).la_code == "850"
    assert (home.current / "schools.csv").read_bytes() == b"\xef\xbb\xbfurn,la_code\r\n"
    assert pq.read_table(home.current / "observations.parquet").num_rows == 2


def test_a_failed_test_publishes_nothing(project: Project, home: Home) -> None:
    before = standing(home)
    done = project.rayg(home, "build", "--force", RAYG_TEST_FAIL="yes")
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if "fails_when_told" in line]
    assert line.startswith("dbt: test.rayg.fails_when_told failed: Got 2 results")
    assert "Traceback" not in done.stderr + done.stdout
    assert standing(home) == before


def test_a_warning_is_shown_and_strict_refuses_it(project: Project, home: Home) -> None:
    done = project.rayg(home, "build", "--force", RAYG_TEST_WARN="yes")
    assert done.returncode == 0, done.stderr
    assert "warns_when_told: Got 2 results" in done.stdout
    done = project.rayg(home, "build", "--strict")
    assert done.returncode == 1
    assert "Nothing has changed" in done.stdout


def test_a_bad_file_is_left_out_by_name_and_the_build_goes_on(project: Project, home: Home, tmp_path: Path) -> None:
    bad = [KS2[0], ["1", "850", "2003", "100003", "Third", "30", "600%"]]
    hold(home, "850_ks2final.csv", bad, tmp_path / "files")
    done = project.rayg(home, "build")
    assert done.returncode == 0, done.stderr
    assert "850_ks2final.csv: expect_column_values_to_match_regex on PTRWM_EXP: line 2 holds" in done.stdout
    assert pq.read_table(home.current / "observations.parquet").num_rows == 2
    index = (home.current / "data_docs" / "index.html").read_text()
    assert "850_ks2final.csv" in index
    for page in (home.current / "data_docs").iterdir():
        assert "http" not in page.read_text()


def test_a_build_left_without_results_stops(project: Project, tmp_path: Path) -> None:
    from tests.faults.conftest import SCHOOLS

    home = Home(tmp_path / "home")
    bad = [KS2[0], ["1", "919", "2001", "100001", "First", "30", "600%"]]
    hold(home, "919_ks2final.csv", bad, tmp_path / "files")
    hold(home, "919_school_information.csv", SCHOOLS, tmp_path / "files")
    done = project.rayg(home, "build")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("No usable results file is left: 919_ks2final.csv failed its checks")
    assert not home.marts.exists() and not home.warehouse_file.exists()


def test_the_package_describes_every_file(home: Home) -> None:
    package = json.loads((home.current / "datapackage.json").read_text())
    facts = package["rayg"]
    assert facts["build_id"] == package["id"] == home.current.readlink().name
    assert {resource["path"] for resource in package["resources"]} == marts(home).keys()
    for resource in package["resources"]:
        assert resource["bytes"] == (home.current / resource["path"]).stat().st_size
        assert resource["schema"]["fields"]
    assert {source["title"] for source in package["sources"]} == {"Key stage 2 results", "School information"}
    assert package["is_sample"] is False
