"""Hertfordshire's KPIs of the LA tables against the published facts: every year from 2019 that both hold, no tolerance.

The facts are read by the series' own name; which series a KPI rests on is looked up in the seeds, which the warehouse
reads too. Other bases are compared in test_real_facts.
"""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from pipelines.home import project_root
from tests.realdata.conftest import Built

SEEDS = project_root() / "dbt_project" / "seeds"
COMPARED_AT_LEAST = 600  # a broken look-up would compare nothing and pass

Key = tuple[str, str, str]


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def series_of() -> dict[Key, str]:
    """The tool's name of the series for a measure, group and basis."""
    roles: dict[str, dict[str, str]] = defaultdict(dict)
    for row in seed("row_dimensions"):
        if row["source"] == "lait" and row["field"] == "series":
            roles[row["token"]][row["role"]] = row["value"]
    measures = {row["row_variant"]: row["measure"] for row in seed("column_map") if row["source"] == "lait"}
    return {
        (measures[said["variant"]], said.get("group", "all"), said["basis"]): token
        for token, said in roles.items()
        if "variant" in said
    }


@pytest.fixture(scope="module")
def facts(facts_file: Path) -> dict[tuple[str, str, int], float]:
    """Values by series, area and the year the tool prints."""
    found = {}
    with facts_file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["year"].isdigit() and row["value"] not in ("", "-"):
                found[row["short_desc"], row["area"], int(row["year"])] = float(row["value"])
    return found


def test_every_kpi_of_the_la_tables_equals_the_published_facts(
    hertfordshire: Built, series_of: dict[Key, str], facts: dict[tuple[str, str, int], float]
) -> None:
    rows = hertfordshire.rows(
        "select kpi, measure, pupil_group, basis, academic_year, value, national_value from japr_kpis"
        " where basis like 'la_tables%' and gap_type is null and status = 'reported' and academic_year >= '2018/19'"
    )
    compared, different = 0, []
    for kpi, measure, group, basis, academic_year, value, national in rows:
        series, year = series_of[measure, group, basis], int(academic_year[:4]) + 1
        for area, ours in (("Hertfordshire", value), ("England", national)):
            published = facts.get((series, area, year))
            if published is not None:
                compared += 1
                if ours is None or abs(ours - published) > 0.0001:
                    different.append(f"{kpi} {academic_year} {area}: {ours}, published {published}")
    assert different == []
    assert compared >= COMPARED_AT_LEAST
    print(f"{compared} figures of {len({row[0] for row in rows})} KPIs equal the published facts")


def test_every_gap_of_the_la_tables_is_the_difference_of_two_published_facts(
    hertfordshire: Built, series_of: dict[Key, str], facts: dict[tuple[str, str, int], float]
) -> None:
    others = {row["pupil_group"]: row["comparator_group"] for row in seed("group_pairs")}
    rows = hertfordshire.rows(
        "select measure, pupil_group, basis, academic_year, value from japr_kpis"
        " where basis like 'la_tables%' and gap_type = 'to_national_other' and status = 'reported'"
        " and academic_year >= '2018/19'"
    )
    for measure, group, basis, academic_year, value in rows:
        year = int(academic_year[:4]) + 1
        own = facts[series_of[measure, group, basis], "Hertfordshire", year]
        england = facts[series_of[measure, others[group], basis], "England", year]
        assert value == pytest.approx(own - england, abs=0.051), (measure, academic_year)
    assert len(rows) >= 10
