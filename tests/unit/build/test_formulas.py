"""A CSV cell never starts a formula, by the rule in Python and by the rule in SQL, which are one."""

import ast
import math
import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.formulas import safe_cell, safe_cell_sql
from pipelines.home import project_root

BARE = ["", "plain", "5=4", " =1", "'quoted", "Größe", "12", "12%", "a-b", "–5", "−5"]
NUMBERS = ["-5", "+5", "-0.3", "-.5", "+.5", "-12%", "-1,234.5", "-1e5", "-1.5E-3", "-12,345,678"]
RISKY = ["=SUM(A1)", "+44 1992", "@name", "\tindented", "\rreturn", "\nline", "-", "+", "-cmd", "- 5", "-.x", "--1"]
RISKY += ["-2+3+cmd|' /C calc'!A0", "+1-1", "-1=1", "-5\n", "-5 ", "-1.2.3", "-1,23", "-.", "-%", "-e5", "-,123"]
RISKY += ["-5%%", "-٣", "-２", "＝1+1", "＋1", "－1", "＠x", "=", "@", "-1e", "-1|cmd", '=HYPERLINK("http://x")', "-A1"]


def by_sql(cell: str | None) -> str | None:
    row = duckdb.execute(f"select {safe_cell_sql('cell')} from (select ?::varchar as cell)", [cell]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("rule", [safe_cell, by_sql])
@pytest.mark.parametrize("cell", [*BARE, *NUMBERS])
def test_text_and_whole_numbers_stay_as_they_are(rule, cell: str) -> None:
    assert rule(cell) == cell


@pytest.mark.parametrize("rule", [safe_cell, by_sql])
@pytest.mark.parametrize("cell", RISKY)
def test_what_starts_a_formula_gets_an_apostrophe(rule, cell: str) -> None:
    assert rule(cell) == f"'{cell}"


def test_a_null_stays_null() -> None:
    assert by_sql(None) is None


CELLS = st.text(st.sampled_from("=+-@\t\r\n＝－.,%eE 0123456789٣２cx|'!"), max_size=8)


@given(CELLS)
def test_both_rules_are_one_and_let_only_numbers_by(cell: str) -> None:
    made = safe_cell(cell)
    assert by_sql(cell) == made
    if made[:1] in tuple("=+-@\t\r\n＝＋－＠"):
        assert math.isfinite(float(re.sub("[,%]", "", made)))


def test_whatever_writes_a_csv_keeps_the_rule() -> None:
    """`csv.writer` stands where the rule is kept, or where no spreadsheet is meant."""
    product = project_root() / "pipelines"
    allowed = {
        "publication/changes/diff_report.py",  # by `safe_cell`
        "tables/rows.py",  # a rejected line, as it came, into Parquet
        "backtest/refit.py",  # seeds, for dbt to read
    }
    writers = set()
    for path in product.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter", "to_csv"):
                writers.add(Path(path).relative_to(product).as_posix())
    assert writers <= allowed, "write its cells by pipelines.formulas.safe_cell, then name it here"
