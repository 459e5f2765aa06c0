"""What a cell holds, as a sentence quotes it."""

import pytest

from pipelines.written import QUOTED_MOST, shown


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("16752X", "16752X"),
        ("", ""),
        ("two\nlines\x1b[31m", "two\\nlines\\x1b[31m"),
        ("right\u202eleft", "right\\u202eleft"),
        ("7" * QUOTED_MOST, "7" * QUOTED_MOST),
        ("7" * 100_000, "7" * QUOTED_MOST + "…"),
    ],
)
def test_a_cell_is_quoted_so_that_one_line_shows_it(text: str, line: str) -> None:
    assert shown(text) == line
