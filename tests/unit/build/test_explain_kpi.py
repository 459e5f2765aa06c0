"""`rayg explain kpi:NAME` prints every year, what it is set beside, and the cells behind both."""

import io
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.documents.document import print_document
from pipelines.publication.documents.kpi import explain
from tests.published import seal

KPI = """
select 'rwm' as kpi, 'Reading' as title, '2: closing' as priority, '20' as strategy_paragraph, 'm' as measure,
    'all' as pupil_group, null::varchar as gap_type, '998' as la_code, '2024/25' as academic_year, 64::double as value,
    62::double as national_value, null::double as neighbour_mean, 3 as la_rank, 152 as la_count, 70::double as target,
    'off_course' as target_status, 'la_tables' as basis, 'final' as release, 'reported' as status,
    'Reading was 64%.' as commentary, null::varchar as left_out, 'pct' as unit, null::double as previous_value,
    null::double as lower_ci, null::double as upper_ci, 1 as la_quartile, null::varchar as target_year
union all
select 'gap', 'Gap', '2: closing', '20', 'm', 'disadvantaged', 'to_national_other', '998', '2024/25', -30.0, -22.0,
    null, null, null, null, 'no_target', 'la_tables', 'final', 'reported', 'Gap was -30.', null,
    'points', null, null, null, null, null
union all
select 'pupils', 'Pupils', '1: more', '55', 'pupils_leadership_good_pct', 'all', null, '998', '2024/25', 92.5, 89.9,
    null, null, null, null, 'no_target', 'state_funded', 'snapshot', 'reported', 'Pupils: 92.5%.', 'One (100001)',
    'pct', null, null, null, null, null
"""
OBSERVATIONS = """
select entity_type, entity_code, basis, '2024/25' as academic_year, 'm' as measure, pupil_group, raw_value,
    'reported' as status, denominator::double as denominator, 'f' as file_id, 'lait' as source, 'final' as release,
    line, 'Values' as source_column
from (values
    ('la', '998', 'la_tables', 'all', '64', 100, 7), ('country', 'ENG', 'la_tables', 'all', '62', null, 8),
    ('country', 'ENG', 'state_funded', 'all', '61', null, 9), ('la', '998', 'la_tables', 'disadvantaged', '40', 20, 10),
    ('country', 'ENG', 'la_tables', 'other', '70', null, 11)
) as made (entity_type, entity_code, basis, pupil_group, raw_value, denominator, line)
"""
INSPECTED = """
select 'la', '998', 'state_funded', '2024/25', 'pupils_leadership_good_pct', 'all', '925 of 1000', 'reported', 1000,
    'o', 'ofsted_schools', 'snapshot', 0, 'counted from the rows of pupils'
"""
SCHOOLS = """
select 'school', '90000' || n, 'school', '2024/25', 'm', 'all', '60', 'reported', 30, 'k', 'ks2', 'final', n,
    'PTRWM_EXP'
from (values (1), (2)) as made (n)
"""
ALL_OBSERVATIONS = f"""
select *, false as is_carried, '998' as la_code
from ({OBSERVATIONS} union all {INSPECTED} union all {SCHOOLS})
"""
HELD = """
select *, 'final' as release, 'Title' as title
from (values ('f', 'bds_long_0.parquet', 'lait'), ('k', '998_ks2final.csv', 'ks2'),
    ('o', 'latest.csv', 'ofsted_schools'))
    as held (file_id, file_name, source)
"""
DISTRICTS = """
select 'rwm' as kpi, '998' as la_code, 'district' as area_type, 'North' as area, year as academic_year,
    65::double as value, 60::double as pupils_n, 2 as schools_n, 1 as schools_not_shown_n, 'made_from_schools' as basis,
    'reported' as status
from (values ('2024/25'), ('2023/24')) as made (year)
"""
GAPS = """
select 'la' as entity_type, '998' as entity_code, 'la_tables' as basis, '2024/25' as academic_year, 'm' as measure,
    'disadvantaged' as pupil_group, 'to_national_other' as gap_type, 'other' as comparator_group
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    marts = tmp_path / "marts" / "current"
    marts.mkdir(parents=True)
    tables = {
        "japr_kpis": KPI,
        "observations": ALL_OBSERVATIONS,
        "japr_district_kpis": DISTRICTS,
        "gaps": GAPS,
        "held_files": HELD,
        "schools": "select '900001' as urn",
    }
    for name, sql in tables.items():
        duckdb.execute(f"copy ({sql}) to '{marts / name}.parquet' (format parquet)")
    seal(marts)
    return Home.resolve(tmp_path)


def printed(home: Home, name: str) -> str:
    text = io.StringIO()
    print_document(explain(home, name), Console(file=text, width=300))
    return text.getvalue()


def test_a_kpi_is_traced_to_its_own_cell_and_englands(home: Home) -> None:
    text = printed(home, "kpi:rwm")
    assert "Reading was 64%." in text and "3 of 152" in text and "Target: 70%, off course" in text and "64%" in text
    assert (
        "its value (all): 64 (100 pupils), final, basis LA tables, from bds_long_0.parquet, line 7, column Values"
        in text
    )
    assert "England (all): 62, final, basis LA tables, from bds_long_0.parquet, line 8, column Values" in text
    assert "61" not in text  # another basis


def test_a_gap_is_traced_to_both_its_sides(home: Home) -> None:
    text = printed(home, "gap")
    assert "its value (disadvantaged): 40 (20 pupils), final, basis LA tables, from bds_long_0.parquet, line 10" in text
    assert "set against (other): 70, final, basis LA tables, from bds_long_0.parquet, line 11" in text


def test_a_kpi_nobody_knows_is_one_line_that_names_the_others(home: Home) -> None:
    with pytest.raises(RaygError, match="No KPI rwn in the current build: it has gap, pupils, rwm"):
        printed(home, "kpi:rwn")


def test_a_share_of_inspections_is_traced_to_the_columns_counted_and_to_whom_it_leaves_out(home: Home) -> None:
    text = printed(home, "kpi:pupils")
    assert "its value (all): 925 of 1000, snapshot, basis state funded, from latest.csv, counted from" in text
    assert "EFFECTIVENESS OF LEADERSHIP AND MANAGEMENT and TOTAL NUMBER OF PUPILS" in text
    assert "left out: One (100001)" in text


def test_the_newest_year_by_area_names_the_schools_columns(home: Home) -> None:
    text = printed(home, "kpi:rwm")
    assert "By area, 2024/25" in text and "North" in text
    assert "made from 2 schools of 998_ks2final.csv, column PTRWM_EXP, lines 1 to 2" in text
