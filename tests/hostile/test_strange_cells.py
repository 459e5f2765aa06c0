"""One strange cell of a figure never loses a file; a column of strange cells, or a broken key, does."""

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


def test_a_word_that_says_what_a_row_is_has_no_exception(home, tmp_path, published):
    assert "RECTYPE" in verdict(home, tmp_path, published, 50, "RECTYPE", "Z", 1)
