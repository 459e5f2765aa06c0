"""No spreadsheet runs a cell of ours as a formula: one rule for every CSV that is written, in Python and in SQL.

A text cell that starts as a formula does gets a leading apostrophe, unless the whole of it is a number: `-5` and
`+3.2%` stay as they are, `-2+3` does not. Workbooks need no such rule, since their cells say that they are text.
"""

import re

# With the full-width forms, which some spreadsheets take for the signs.
STARTS_FORMULA = "^[=+@\t\r\n＝＋－＠-]"
# ASCII digits alone; thousands may be grouped.
NUMBER = r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]+)?([eE][+-]?[0-9]+)?%?"
NUMBER_HAS_DIGIT = "^[+-]?[.]?[0-9]"


def safe_cell(cell: str) -> str:
    """The cell as it may stand in a CSV."""
    if not re.match(STARTS_FORMULA, cell):
        return cell
    return cell if re.match(NUMBER_HAS_DIGIT, cell) and re.fullmatch(NUMBER, cell) else f"'{cell}"


def safe_cell_sql(expression: str) -> str:
    """The same as SQL, for DuckDB."""
    starts, number, digit = (pattern.replace("'", "''") for pattern in (STARTS_FORMULA, NUMBER, NUMBER_HAS_DIGIT))
    is_number = f"regexp_matches({expression}, '{digit}') and regexp_full_match({expression}, '{number}')"
    is_risky = f"regexp_matches({expression}, '{starts}') and not ({is_number})"
    return f"case when {is_risky} then '''' || {expression} else {expression} end"
