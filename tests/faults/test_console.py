"""What the console finds of a build: rows and columns of every table, pictures, links, and the tags of its run."""

import json
import subprocess
import sys

from pipelines.home import Home
from pipelines.publication.builds import current_facts
from tests.faults.conftest import Project

SCRIPT = """
import json
import sys
import dagster as dg
from pathlib import Path
from pipelines import instance
from pipelines.home import Home
instance.prepare(Home(Path(sys.argv[1])))
with instance.opened() as opened:
    run = opened.get_runs(limit=1)[0]
    found = {"tags": run.tags, "assets": {}}
    records = opened.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION).records
    for record in records:
        made = record.asset_materialization
        found["assets"][made.asset_key.to_user_string()] = {
            name: [[column.name, column.type] for column in value.schema.columns]
            if isinstance(value, dg.TableSchemaMetadataValue) else str(value.value)
            for name, value in made.metadata.items()
        }
print(json.dumps(found))
"""


def seen(project: Project, home: Home) -> dict[str, dict[str, dict[str, object]]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(home.root)],
        cwd=project.root,
        env=project.environment(RAYG_HOME=str(home.root)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_mart_says_how_many_rows_and_which_columns_it_has(project: Project, home: Home) -> None:
    assets = seen(project, home)["assets"]
    for mart in ("schools", "observations", "rayg_drafts", "held_files", "data_quality"):
        assert int(str(assets[mart]["dagster/row_count"])) >= 0, mart
        assert assets[mart]["dagster/column_schema"], mart
    assert assets["schools"]["dagster/column_schema"] == [["urn", "VARCHAR"], ["la_code", "VARCHAR"]]
    assert assets["schools"]["dagster/row_count"] == "2"
    assert "| whole school | yellow | 2 | █" in str(assets["rayg_drafts"]["ratings"])


def test_the_published_build_leads_to_what_people_open(project: Project, home: Home) -> None:
    build = seen(project, home)["assets"]["published_build"]
    facts = current_facts(home)
    assert facts is not None
    assert build["build"] == facts.build_id
    assert str(build["data_package"]).startswith("file://")
    assert str(build["data_package"]).endswith(f"{facts.build_id}/datapackage.json")
    assert "japr_pack" not in build  # this project has no KPIs


def test_a_run_says_its_review_its_day_and_its_authority(project: Project, home: Home) -> None:
    assert (
        seen(project, home)["tags"].items()
        >= {
            "rayg/review_year": "2025",
            "rayg/as_at": "newest files held",
            "rayg/la": "919",
        }.items()
    )
    done = project.rayg(home, "build", "--as-at", "2026-08-31", "--review", "2024")
    assert done.returncode == 0, done.stderr
    tags = seen(project, home)["tags"]
    assert (tags["rayg/as_at"], tags["rayg/review_year"]) == ("2026-08-31", "2024")
