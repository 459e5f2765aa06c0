"""Decoding loses nothing: what a csv writer wrote is what is read, on the lines where it stands."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.tables.decode import read_lines

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=6)
ROW = st.lists(CELL, min_size=1, max_size=4).filter(lambda row: any(cell.strip() for cell in row))


@example([["", "0\t"]], "\r\n")  # a tab within quotes parts nothing
@example([["a", "b;c"], ["d", "e;f"]], "\n")
@given(st.lists(ROW, min_size=1, max_size=6), st.sampled_from(["\r\n", "\n"]))
def test_lines_read_are_the_lines_written(rows, line_end):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=line_end).writerows(rows)
    starts, line = [], 1
    for row in rows:
        starts.append(line)
        printed = "\0".join(row).replace("\r\n", "\n").replace("\r", "\n")
        line += 1 + printed.count("\n")
    content = text.getvalue().encode("utf-8-sig")
    assert read_lines(content, "x.csv", None) == list(zip(starts, rows, strict=True))
