"""The county page's scorecard: what a reader can work out from two figures of a line is what stands beside them."""

from typing import Any

from pipelines.publication.views.county import county_page
from pipelines.publication.views.kpi import Kpi

ROW = {
    "kpi": "ks2_rwm",
    "title": "Key stage 2",
    "priority": "1: better results",
    "strategy_paragraph": "20",
    "measure": "ks2_rwm_expected_pct",
    "pupil_group": "all",
    "gap_type": None,
    "la_code": "998",
    "academic_year": "2024/25",
    "unit": "pct",
    "value": 64.4,
    "lower_ci": None,
    "upper_ci": None,
    "previous_value": 62.6,
    "change": 1.8,
    "national_value": 62.4,
    "neighbour_mean": 63.0,
    "la_rank": 3,
    "la_count": 150,
    "la_quartile": 1,
    "target": None,
    "target_year": None,
    "target_status": "no_target",
    "release": "final",
    "basis": "la_tables",
    "commentary": "A sentence.",
    "status": "reported",
    "file_id": "f",
    "line": 2,
    "source_column": "c",
}


def kpi(**changes: Any) -> Kpi:
    page = county_page([ROW | changes], [], [], [], [], {}, "Testshire")
    return page.priorities[0].families[0].kpis[0]


def test_a_change_is_between_the_figures_as_printed() -> None:
    found = kpi()
    assert (found.latest, found.previous, found.change) == ("64%", "63%", "+1")  # unrounded it would be 1.8
    assert (found.national, found.difference) == ("62%", "+2")


def test_without_a_year_before_there_is_no_change() -> None:
    found = kpi(previous_value=None, change=None)
    assert (found.previous, found.change) == ("–", "–")


def test_without_a_rank_none_is_printed() -> None:
    found = kpi(la_rank=None, la_count=None, la_quartile=None)
    assert (found.rank, found.quartile, found.standing, found.years[0].rank) == ("–", "–", None, "–")
