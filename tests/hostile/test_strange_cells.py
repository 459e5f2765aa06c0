"""One strange cell never loses a file: a figure is set aside alone, a key with its row. A column of them does."""

import pyarrow.parquet as pq
import pytest

from pipelines.checks.judge import judge
from pipelines.landing.intake import add
from pipelines.landing.land import land

HEADER = ["RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "TELIG", "PTRWM_EXP"]
ROW = {"RECTYPE": "1", "LEA": "919", "SCHNAME": "A school", "TELIG": "30", "PTRWM_EXP": "60%"}


def verdict(home, folder, published, rows_n: int, column: str, cell: str, strange_n: int) -> str:
    """The reason for which a file with some strange cells is left out; empty where it is not."""
    rows = []
    for number in range(rows_n):
        row = ROW | {"ESTAB": str(2000 + number), "URN": str(100000 + number)}
        row |= {column: cell} if number < strange_n else {}
        rows.append([row[name] for name in HEADER])
    path = folder / "919_ks2final.csv"
    path.write_bytes(published.csv(HEADER, rows))
    [outcome] = add(home, [path], academic_year="2024/25")
    assert outcome.status == "accepted", outcome.reason
    land(home, la_code="919", as_at=None, review_year=None)
    [one] = judge(home, progress=lambda line: None)
    return one.reason


def set_aside(home) -> list[dict[str, object]]:
    """What the checks set aside of files that stand."""
    return pq.read_table(home.landing / "set_aside.parquet").to_pylist()


@pytest.mark.parametrize(
    ("column", "cell"), [("PTRWM_EXP", "104.17%"), ("PTRWM_EXP", "[c]"), ("TELIG", "16752X"), ("LEA", "5")]
)
@pytest.mark.parametrize(("rows_n", "strange_n"), [(10, 1), (99, 1), (300, 3)])
def test_a_strange_cell_leaves_the_file(home, tmp_path, published, rows_n, strange_n, column, cell):
    assert verdict(home, tmp_path, published, rows_n, column, cell, strange_n) == ""


@pytest.mark.parametrize(("rows_n", "strange_n"), [(9, 1), (99, 2), (300, 4)])
def test_more_than_one_in_a_hundred_is_another_layout(home, tmp_path, published, rows_n, strange_n):
    reason = verdict(home, tmp_path, published, rows_n, "PTRWM_EXP", "104.17%", strange_n)
    assert f'line 2 holds "104.17%" ({strange_n} such cells)' in reason


@pytest.mark.parametrize(("column", "cell"), [("RECTYPE", "Z"), ("RECTYPE", ""), ("LEA", "5"), ("ESTAB", "x")])
def test_a_strange_key_takes_its_row_alone(home, tmp_path, published, column, cell):
    assert verdict(home, tmp_path, published, 50, column, cell, 1) == ""
    [aside] = set_aside(home)
    assert (aside["line"], aside["column_key"], aside["extent"], aside["raw_value"]) == (2, column, "row", cell)


@pytest.mark.parametrize(("column", "cell"), [("RECTYPE", "Z"), ("LEA", "5")])
@pytest.mark.parametrize(("rows_n", "strange_n"), [(9, 1), (99, 2), (300, 4)])
def test_more_strange_keys_are_another_layout(home, tmp_path, published, rows_n, strange_n, column, cell):
    reason = verdict(home, tmp_path, published, rows_n, column, cell, strange_n)
    assert f"({strange_n} such cells)" in reason and column in reason
    assert set_aside(home) == []


def test_a_code_in_brackets_is_no_strange_cell(home, tmp_path, published):
    assert verdict(home, tmp_path, published, 50, "PTRWM_EXP", "[c]", 50) == ""
    assert set_aside(home) == []


def test_a_figure_is_left_to_dbt(home, tmp_path, published):
    assert verdict(home, tmp_path, published, 50, "PTRWM_EXP", "104.17%", 1) == ""
    assert set_aside(home) == []


def test_a_file_judged_before_keeps_what_was_set_aside(home, tmp_path, published):
    verdict(home, tmp_path, published, 50, "LEA", "5", 1)
    before = set_aside(home)
    judge(home, progress=lambda line: pytest.fail(f"judged again: {line}"))
    assert set_aside(home) == before != []
