"""Which figures of schools a workbook prints: the one rule of handling, in values, verdicts, gaps and sentences."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.publication.views.county import neighbours_of
from pipelines.publication.views.handling import Audience
from pipelines.publication.views.indicators import hidden_sentences
from pipelines.publication.views.ratings import criteria_cards
from pipelines.publication.views.reading import Marts
from pipelines.publication.views.sources import Sources
from pipelines.publication.workbooks.desktop_indicators import TRIGGERED
from pipelines.publication.workbooks.desktop_people import CRITERIA, WHOLE
from pipelines.publication.workbooks.desktop_results import GAPS, results
from pipelines.publication.workbooks.japr_series import scorecard, series
from pipelines.publication.workbooks.japr_sheets import STANDING, neighbours
from pipelines.publication.workbooks.sql import open_marts
from pipelines.publication.workbooks.whole_marts import sheet

LA = "998"
# name: status, value, pupils, release -> what stands in the value's cell, in the pupils' and in the verdict's
CASES = {
    "seen": ("reported", 60.0, 30, "final", (60.0, 30, "worse than England")),
    "six": ("reported", 50.0, 6, "final", (50.0, 6, "worse than England")),
    "five": ("reported", 60.0, 5, "final", ("too few to show", "too few to show", "too few to show")),
    "unknown": ("reported", 60.0, None, "final", (60.0, "not published", "worse than England")),
    "suppressed": ("suppressed", None, 4, "final", ("suppressed", "too few to show", "suppressed")),
    "own": ("reported", 50.0, 30, "local_unvalidated", (50.0, 30, "worse than England")),
    "own_few_counted": ("reported", 10.0, 30, "local_unvalidated", ("too few to show",) * 3),
    "own_few_left": ("reported", 90.0, 30, "local_unvalidated", ("too few to show",) * 3),
    "own_unknown": (
        "reported", 60.0, None, "local_unvalidated", ("too few to show", "not published", "too few to show"),
    ),
}  # fmt: skip
NAMES = list(CASES)
DOUBTS = [f"a doubt of {name}" if name in ("seen", "five", "own_few_left") else None for name in NAMES]
URNS = [str(100001 + number) for number in range(len(NAMES))]

KPI = {
    "kpi": "ks2_rwm", "title": "Key stage 2", "priority": "1", "measure": "ks2_rwm_expected_pct",
    "la_code": LA, "academic_year": "2024/25", "unit": "pct", "status": "reported", "release": "final",
    "basis": "la_tables", "target_status": "no_target", "target": None, "la_rank": 3, "la_count": 150,
    "la_quartile": 1, "neighbours_n": 10, "value": 64.4, "previous_value": 62.6, "change": 1.8,
    "national_value": 65.5, "difference": -1.1, "neighbour_mean": 63.6, "doubt": None,
}  # fmt: skip


@pytest.fixture
def marts(tmp_path: Path) -> Marts:
    status, value, pupils, release, _ = (list(one) for one in zip(*CASES.values(), strict=True))
    count = len(NAMES)
    year, measure = ["2024/25"] * count, ["ks2_rwm_expected_pct"] * count
    verdict = ["suppressed" if one == "suppressed" else "below" for one in status]
    tables: dict[str, dict[str, list[object]]] = {
        "desktop_exercise": {
            "urn": URNS, "school_name": NAMES, "school_kind": ["primary"] * count, "sector": ["maintained"] * count,
            "ks2_rwm": value, "ks2_rwm_year": year, "ks2_rwm_status": status, "ks2_rwm_verdict": verdict,
        },
        "benchmarks": {
            "entity_type": ["school"] * count, "la_code": [LA] * count, "urn": URNS, "measure": measure,
            "pupil_group": ["all"] * count, "academic_year": year, "release": release, "cohort_n": pupils,
            "compared_with": [62.0] * count, "value": value, "doubt": DOUBTS,
        },
        "held_files": {"file_id": ["published", "own"], "release": ["final", "local_unvalidated"]},
        "risk_screen": {
            "urn": URNS, "review_year": [2025] * count, "sector": ["maintained"] * count,
            "school_kind": ["primary"] * count, "la_code": [LA] * count,
        },
        "risk_indicators": {
            "urn": URNS, "review_year": [2025] * count, "school_name": NAMES, "provision": ["whole_school"] * count,
            "indicator": ["ks2_rwm_below"] * count, "title": ["Below"] * count, "domain": ["attainment"] * count,
            "state": ["triggered"] * count, "value": value, "benchmark_value": [62.0] * count, "cohort_n": pupils,
            "points": [2] * count, "points_at_stake": [2] * count, "strategy_paragraph": ["66"] * count,
            "authority": ["default"] * count, "evidence": [f"A sentence on {name}." for name in NAMES],
            "file_id": ["own" if one == "local_unvalidated" else "published" for one in release],
        },
        "gaps": {
            "entity_type": ["school"] * count, "la_code": [LA] * count, "urn": URNS, "measure": measure,
            "pupil_group": ["disadvantaged"] * count, "gap_type": ["to_national_other"] * count,
            "basis": ["school"] * count, "academic_year": year, "release": release, "status": status,
            "disadvantaged_n": pupils,
            "disadvantaged_value": value, "comparator_value": [70.0] * count, "gap": value,
            "gap_lower_ci": [1.0] * count, "gap_upper_ci": [1.0] * count, "pupils_equivalent": [1.0] * count,
            "change_1y": [1.0] * count, "change_3y": [1.0] * count, "doubt": DOUBTS,
        },
    }  # fmt: skip
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    return open_marts(tmp_path, LA)


def test_a_result_is_shown_by_the_one_rule(marts: Marts) -> None:
    (found,) = (one for one in results(marts) if one.name == "Key stage 2")
    assert [column.key for column in found.columns if column.key.startswith("ks2_rwm_higher")] == []  # not in this mart
    for row in marts.query(found.query):
        cells = tuple(
            row[key] if row[key] is not None else row.get(f"{key}_absent")
            for key in ("ks2_rwm", "ks2_rwm_n", "ks2_rwm_verdict")
        )
        assert cells == CASES[row["school_name"]][4], row["school_name"]


def test_a_doubted_figure_is_marked_where_it_is_shown(marts: Marts) -> None:
    """Of a figure that may not be shown its doubt may give it away."""
    (found,) = (one for one in results(marts) if one.name == "Key stage 2")
    for row in marts.query(found.query):
        is_seen = row["school_name"] == "seen"
        assert row["ks2_rwm_doubt"] == ("a doubt of seen" if is_seen else None)
        assert row["doubt"] == ("RWM expected: a doubt of seen" if is_seen else None)
    for row in marts.query(GAPS.query):
        assert row["gap_doubt"] == row["doubt"] == ("a doubt of seen" if row["school_name"] == "seen" else None)
    assert {"doubt"} <= {column.key for column in found.columns} & {column.key for column in GAPS.columns}


def test_a_doubted_indicator_is_marked_in_every_sheet_of_the_pack(tmp_path: Path) -> None:
    kpi = KPI | {"doubt": "the 3 school rows of its file make 61.2"}
    pq.write_table(pa.Table.from_pylist([kpi, KPI | {"kpi": "ks2_higher"}]), tmp_path / "japr_kpis.parquet")
    found = open_marts(tmp_path, LA)
    for one, key in ((scorecard(("2024/25",)), "value"), (STANDING, "value"), (series(("2024/25",)), "y_2024/25")):
        rows = {(row["kpi"], row.get("whose", "county")): row for row in found.query(one.query)}
        assert rows["ks2_rwm", "county"][f"{key}_doubt"] == kpi["doubt"], one.name
        assert str(kpi["doubt"]) in rows["ks2_rwm", "county"]["doubt"], one.name
        assert rows["ks2_higher", "county"]["doubt"] is None
        assert all(row[f"{key}_doubt"] is None for (_, whose), row in rows.items() if whose != "county")
        assert "doubt" in {column.key for column in one.columns}


def test_a_gap_is_shown_by_the_one_rule(marts: Marts) -> None:
    for row in marts.query(GAPS.query):
        expected = CASES[row["school_name"]][4][0]
        assert (row["gap"] if row["gap"] is not None else row["gap_absent"]) == expected
        assert (row["change_1y"] is None) == (row["gap"] is None)


def test_a_sentence_is_shown_by_the_one_rule(marts: Marts) -> None:
    rows = marts.query(TRIGGERED.query)
    assert len(rows) == len(NAMES)
    for row in rows:
        value, *_ = CASES[row["school_name"]][4]
        few = value in ("too few to show", "suppressed")  # four pupils stand behind the suppressed figure
        assert row["sentence"] == ("Too few to show." if few else f"A sentence on {row['school_name']}.")
        assert (row["shown_value"], row["shown_n"]) == ((None, None) if few else (row["value"], row["cohort_n"]))


def test_a_criterion_that_quotes_a_sentence_is_shown_as_on_the_page(marts: Marts) -> None:
    marts.connection.execute("""
        create view rayg_criteria as select urn, school_name, la_code, review_year, 'whole_school' as provision,
            'outcomes' as criterion, 'Outcomes are good' as wording, 'amber' as colour, 'points_to' as standing,
            'Seen: A sentence on ' || school_name || '. And more.' as evidence, null as adviser_to_judge,
            'A9' as strategy_paragraph
        from risk_screen join (select urn, school_name from desktop_exercise) using (urn)
    """)
    marts.connection.execute(
        "create view rayg_drafts as select urn, provision, review_year, 'red' as final_rating from rayg_criteria"
    )
    files = {row["file_id"]: row | {"source": "ks2"} for row in marts.rows("held_files")}
    rows = marts.query(CRITERIA.query)
    assert len(rows) == len(NAMES)
    for row in rows:
        indicators = marts.rows("risk_indicators", "urn = ?", [row["urn"]])
        hidden = hidden_sentences(indicators, Sources(files), Audience.INTERNAL)
        (card,) = criteria_cards(marts.query("from rayg_criteria where urn = ?", [row["urn"]]), hidden)
        assert row["evidence"] == card.colours[0][1][0].evidence
        few = CASES[row["school_name"]][4][0] in ("too few to show", "suppressed")
        seen = f"Seen: A sentence on {row['school_name']}. And more."
        assert row["evidence"] == ("Rests on what may not be shown here." if few else seen)


def test_a_figure_of_an_offer_is_shown_by_the_one_rule(marts: Marts) -> None:
    (offer,) = (whole for whole in WHOLE if whole.mart == "support_offer")
    marts.connection.execute(
        "create view support_offer as select la_code, urn, school_name, measure, pupil_group, academic_year, value,"
        " cohort_n, 1 as place, urn as offering_urn, value as offering_value, true as is_priority,"
        " measure as measure_title from benchmarks join (select urn, school_name from desktop_exercise) using (urn)"
    )
    rows = marts.query(sheet(marts, offer, {}).query)
    assert len(rows) == len(NAMES)
    for row in rows:
        value = CASES[row["school_name"]][4][0]
        for column in ("value", "offering_value"):
            cell = row[column] if row[column] is not None else row[f"{column}_absent"]
            assert cell == (None if value == "suppressed" else value), row["school_name"]


def test_a_change_or_difference_of_an_indicator_is_between_the_figures_as_printed(tmp_path: Path) -> None:
    folder = tmp_path / "kpis"
    folder.mkdir()
    alone = KPI | {"kpi": "ks2_higher", "previous_value": None, "change": None}
    pq.write_table(pa.Table.from_pylist([KPI, alone]), folder / "japr_kpis.parquet")
    found = open_marts(folder, LA)
    beside, first = (
        {row["kpi"]: row for row in found.query(sheet.query)} for sheet in (scorecard(("2024/25",)), STANDING)
    )
    # printed: 64, the year before 63, England 66, neighbours 64
    assert (beside["ks2_rwm"]["change"], beside["ks2_rwm"]["difference"]) == (1, -2)
    assert (beside["ks2_higher"]["change"], beside["ks2_higher"]["difference"]) == (None, -2)
    assert (first["ks2_rwm"]["difference"], first["ks2_rwm"]["to_neighbours"]) == (-2, 0)


@pytest.mark.parametrize(
    ("on", "only_then"),
    [
        (date(2025, 4, 30), {"Central Bedfordshire", "Windsor and Maidenhead"}),
        (date(2025, 5, 1), {"Bromley", "Gloucestershire"}),
    ],
)
def test_the_neighbours_tabulated_are_those_of_the_days_list(on: date, only_then: set[str]) -> None:
    """The mean is of the list in force on the day the build stands for; the columns beside it are of the same list."""
    names = neighbours_of("919", on)
    assert len(names) == 10
    headers = [column.header for column in neighbours(names).columns if column.key.startswith("n_")]
    assert headers == list(names.values())
    assert set(headers) & {"Central Bedfordshire", "Windsor and Maidenhead", "Bromley", "Gloucestershire"} == only_then
