"""Every layout of a long file leads to observations: one row of each, through the real seeds and models.

The layouts the sample county writes whole are tested there too; here stand those whose whole header nobody has seen.
"""

from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.landing.intake import add
from pipelines.landing.land import land
from pipelines.landing.write import SET_ASIDE, write_table
from pipelines.sources.catalogue import Source
from tests.unit.landing.conftest import Made
from tests.unit.landing.test_long_files import LONG, content, put, row
from tests.warehouse.conftest import run_dbt

TOTALS = {
    "breakdown_topic": "All pupils",
    "breakdown": "Total",
    "subject": "Reading",
    "sex": "Total",
    "gender": "Total",
    "disadvantage_status": "Total",
    "first_language": "Total",
    "prior_attainment": "Total",
    "mobility": "Total",
    "exam_cohort": "A level",
    "establishment_type_group": "All state funded",
    "education_phase": "Total",
    "characteristic": "Total",
    "characteristic_type": "Total",
    "fsm_status": "Total",
    "sen_provision": "Total",
    "year_group": "Year 1",
    "school_type": "State-funded schools",
    "time_frame": "Year to date",
}
READ = [
    source for source in LONG if source.id != "la_revenue_reserve"
]  # its rows are financial years and sums of money


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """What each source's one row came to: measures and their values."""
    home, files = Home(tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("files")
    paths: list[Path] = [
        put(files, f"{source.id}.csv", content(source, row(source, **TOTALS), row(source, **TOTALS | other(source))))
        for source in READ
    ]
    paths.append(put(files / "2024-2025", "919_ks2final.csv", Made().ks2()))
    assert {outcome.status for outcome in add(home, paths)} == {"accepted"}
    land(home, la_code="919", as_at=None, review_year=None)
    write_table(SET_ASIDE.empty_table(), home.landing / "set_aside.parquet")  # nobody judges these files
    done = run_dbt(
        home.warehouse, "build", "--exclude-resource-type", "test", "unit_test", "--select", "+int_candidates"
    )
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(home.warehouse / "building.duckdb"), read_only=True) as warehouse:
        found = warehouse.execute(
            """
            select source, measure, value from int_candidates
            where academic_year = '2024/25' and pupil_group = 'all' and status = 'reported' and source != 'ks2'
            """
        ).fetchall()
    values: dict[str, dict[str, float]] = {}
    for source, measure, value in found:
        assert measure not in values.setdefault(source, {}), (source, measure)
        values[source][measure] = value
    return values


def other(source: Source) -> dict[str, str]:
    """A second row that is about something nobody asked for, and must not count."""
    skipped = {
        "exam_cohort": "Technical certificate",
        "establishment_type_group": "Independent schools",
        "year_group": "Somewhere else",
        "school_type": "Independent schools",
        "time_frame": "Weekly",
        "education_phase": "Alternative provision",
        "breakdown": "Left-handed",
        "gender": "Unknown",
    }
    of_an_area = {"geographic_level": "National"} | dict.fromkeys(source.urn_columns, "100002")
    return skipped | of_an_area if source.urn_columns else skipped


@pytest.mark.parametrize("source", READ, ids=lambda source: source.id)
def test_a_layout_leads_to_its_measures_once(made: dict[str, dict[str, float]], source: Source) -> None:
    assert made[source.id]
    assert set(made[source.id].values()) <= {1.0, 100.0}


def test_both_layouts_of_one_publication_lead_to_one_measure(made: dict[str, dict[str, float]]) -> None:
    for newer, older in (("eyfsp", "eyfsp_2022"), ("mtc", "mtc_2022"), ("ks4_ees_schools", "ks4_ees_schools_2023")):
        assert made[older].keys() <= made[newer].keys()
