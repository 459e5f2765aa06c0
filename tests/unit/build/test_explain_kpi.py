"""`rayg explain kpi:NAME` prints every year, what it is set beside, and the cells behind both."""

import io
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.explain_kpi import explain_kpi

KPI = """
select 'rwm' as kpi, 'Reading' as title, '2: closing' as priority, '20' as strategy_paragraph, 'm' as measure,
    'all' as pupil_group, null::varchar as gap_type, '998' as la_code, '2024/25' as academic_year, 64::double as value,
    62::double as national_value, null::double as neighbour_mean, 3 as la_rank, 152 as la_count, 70::double as target,
    'off_course' as target_status, 'la_tables' as basis, 'final' as release, 'reported' as status,
    'Reading was 64%.' as commentary
union all
select 'gap', 'Gap', '2: closing', '20', 'm', 'disadvantaged', 'to_national_other', '998', '2024/25', -30.0, -22.0,
    null, null, null, null, 'no_target', 'la_tables', 'final', 'reported', 'Gap was -30.'
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
        "observations": OBSERVATIONS,
        "gaps": GAPS,
        "held_files": "select 'f' as file_id, 'bds_long_0.parquet' as file_name",
        "schools": "select '900001' as urn",
    }
    for name, sql in tables.items():
        duckdb.execute(f"copy ({sql}) to '{marts / name}.parquet' (format parquet)")
    return Home.resolve(tmp_path)


def told(home: Home, name: str) -> str:
    text = io.StringIO()
    explain_kpi(home, name, Console(file=text, width=160))
    return text.getvalue()


def test_a_kpi_is_traced_to_its_own_cell_and_englands(home: Home) -> None:
    text = told(home, "kpi:rwm")
    assert "Reading was 64%." in text and "3 of 152" in text and "70 off course" in text
    assert (
        "its value (all): 64 (100 pupils), final, basis la tables, from bds_long_0.parquet, line 7, column Values"
        in text
    )
    assert "England (all): 62, final, basis la tables, from bds_long_0.parquet, line 8, column Values" in text
    assert "61" not in text  # another basis


def test_a_gap_is_traced_to_both_its_sides(home: Home) -> None:
    text = told(home, "gap")
    assert "its value (disadvantaged): 40 (20 pupils), final, basis la tables, from bds_long_0.parquet, line 10" in text
    assert "set against (other): 70, final, basis la tables, from bds_long_0.parquet, line 11" in text


def test_a_kpi_nobody_knows_is_one_line_that_names_the_others(home: Home) -> None:
    with pytest.raises(RaygError, match="No KPI rwn in the current build: it has gap, rwm"):
        told(home, "kpi:rwn")
