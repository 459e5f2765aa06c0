"""The rule of what is in force on a day, in SQL and in Python: the neighbours that a mean is made of are those that
pages and workbooks name.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines.publication.views.county import neighbours_of
from pipelines.seeds import seed
from tests.warehouse.compiled import Models

COUNTY = "919"
LISTED = [row for row in seed("statistical_neighbours") if row["la_code"] == COUNTY]
VALUES = {code: 2.0**number for number, code in enumerate(sorted({row["neighbour_la_code"] for row in LISTED}))}


@pytest.fixture(scope="module")
def kpis(project: Path) -> Iterator[Models]:
    """A gap of the county and of every authority that was ever its neighbour, each with a value that tells it apart."""
    made = Models(project, ("int_kpi_series",))
    kpi = next(row for row in seed("kpis") if row["gap_type"])
    gap = {name: kpi[name] for name in ("measure", "pupil_group", "gap_type")} | {"basis": kpi["bases"].split("|")[0]}
    gap |= {"entity_type": "la", "academic_year": "2023/24", "status": "reported"}
    made.fill("gaps", [gap | {"entity_code": code, "gap": value} for code, value in (VALUES | {COUNTY: 0.0}).items()])
    yield made
    made.connection.close()


@pytest.mark.parametrize("on", [date(2021, 3, 31), date(2021, 4, 1), date(2025, 4, 30), date(2025, 5, 1)])
def test_a_mean_is_of_the_neighbours_that_are_named(kpis: Models, on: date) -> None:
    kpis.connection.execute(
        "create or replace table building.main.stg_parameters as select ?::date as reference_on", [on]
    )
    named = {VALUES[code] for code in neighbours_of(COUNTY, on)}
    means = {
        (row["neighbour_mean"], row["neighbours_n"]) for row in kpis.run("int_kpi_series") if row["la_code"] == COUNTY
    }
    assert means == {(round(sum(named) / len(named), 4), len(named)) if named else (None, None)}
