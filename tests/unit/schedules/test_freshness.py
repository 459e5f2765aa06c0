"""Freshness checks: failed where a source is behind the calendar, as a warning, and never blocking."""

from datetime import date

import dagster as dg

from pipelines.assets.freshness import freshness_checks
from pipelines.assets.raw import raw_key
from pipelines.sources.catalogue import load_catalogue

SOURCES = load_catalogue().sources


def checked(home, today: date) -> dict[str, dg.AssetCheckEvaluation]:
    assets = [dg.AssetSpec(raw_key(source)) for source in SOURCES]
    checks = freshness_checks(SOURCES, home, lambda: today)
    definitions = dg.Definitions(assets=assets, asset_checks=[checks], executor=dg.in_process_executor)
    job = definitions.resolve_implicit_global_asset_job_def()
    evaluations = job.execute_in_process().get_asset_check_evaluations()
    return {evaluation.asset_key.path[-1]: evaluation for evaluation in evaluations}


def test_a_source_behind_the_calendar_fails_as_a_warning(home, made, hold):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    found = checked(home, date(2027, 1, 1))
    assert found.keys() == {source.id for source in SOURCES}
    behind = found["ks2"]
    assert not behind.passed and behind.severity == dg.AssetCheckSeverity.WARN
    assert behind.description == "2025/26 revised was expected by 31 Dec 2026"
    assert behind.metadata["next_due_by"].value == "2027-04-30"
    assert not found["ks4"].passed and str(found["ks4"].description).startswith("nothing is held")
    assert found["ks1"].passed  # has ended
    assert found["local_ks2"].passed  # a build works without


def test_the_same_files_are_fresh_on_an_earlier_day(home, made, hold):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    assert checked(home, date(2026, 12, 31))["ks2"].passed


def test_none_blocks():
    assert not any(spec.blocking for spec in freshness_checks(SOURCES, None).check_specs)  # type: ignore[arg-type]
