"""The definitions on a clean checkout: they load without a manifest, with their jobs, checks, schedules and sensors."""

import json
import shutil
import subprocess
import sys

from pipelines.home import Home
from pipelines.sources.catalogue import load_catalogue
from tests.faults.conftest import Project

SCRIPT = """
import json
import dagster as dg
from pipelines.definitions import build_defs
defs = build_defs()
job = defs.resolve_job_def("build")
graph = defs.resolve_asset_graph()
schedule = next(schedule for schedule in defs.schedules if schedule.name == "weekly_build")
skipped = schedule.evaluate_tick(dg.build_schedule_context()).skip_message
print(json.dumps({
    "executor": job.executor_def.name,
    "groups": sorted({graph.get(key).group_name for key in graph.materializable_asset_keys}),
    "checks": sorted(key.name for key in graph.asset_check_keys),
    "blocking": sorted(key.name for key in graph.asset_check_keys if graph.get_check_spec(key).blocking),
    "links": [graph.get(dg.AssetKey(["raw", "ks2"])).metadata["landing_page"].url],
    "is_fresh_in_build": any(key.name == "freshness" for key in job.asset_layer.asset_graph.asset_check_keys),
    "upstream": sorted(key.to_user_string() for key in graph.get(dg.AssetKey("published_build")).parent_keys),
    "statuses": sorted({one.default_status.value for one in [*defs.schedules, *defs.sensors]}),
    "schedules": sorted(one.name for one in defs.schedules),
    "sensors": sorted(one.name for one in defs.sensors),
    "fresh": sorted(key.name for key in defs.resolve_job_def("freshness").asset_layer.asset_graph.asset_check_keys),
    "skipped": skipped,
}))
"""


def test_definitions_load_on_a_clean_checkout(project: Project, home: Home) -> None:
    shutil.rmtree(project.root / "dbt_project" / "target", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=project.root,
        env=project.environment(RAYG_HOME=str(home.root)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["executor"] == "in_process"
    assert found["groups"] == [  # in the flow's order when the page sorts them by name; dbt loads no seeds here
        "01_raw",
        "02_landing",
        "04_staging",
        "05_cells",
        "06_schools",
        "08_observations",
        "12_ratings",
        "16_quality",
        "17_publication",
    ]
    assert {"ks2", "ofsted_schools", "usable_sources", "fails_when_told"} <= set(found["checks"])
    assert found["blocking"] == ["fails_when_told", "usable_sources"]  # and no source, nor a warning
    assert found["links"][0].startswith("https://")
    assert found["upstream"] == ["data_quality", "held_files", "observations", "rayg_drafts", "schools"]
    assert found["statuses"] == ["RUNNING"]
    assert {"weekly_build", "daily_freshness", "summer_review_when_due", "fetch_gias_when_due"} <= set(
        found["schedules"]
    )
    assert not found["is_fresh_in_build"]  # it hangs on the day
    assert found["sensors"] == ["build_after_fetch", "drop_folder", "keep_reviews"]
    assert found["fresh"] == ["freshness"] * len(load_catalogue().sources)
    assert found["skipped"].startswith("Nothing has changed: build ")


def test_a_dbt_project_that_does_not_parse_is_one_line(project: Project, home: Home) -> None:
    broken = project.root / "dbt_project" / "models" / "ratings" / "broken.sql"
    broken.write_text("select * from {{ ref('nowhere') }}")
    try:
        done = project.rayg(home, "build", "--force")
    finally:
        broken.unlink()
    assert done.returncode == 1
    assert "The dbt project does not parse" in done.stderr and "nowhere" in done.stderr
    assert "Traceback" not in done.stderr
