"""Decoding loses nothing: what a csv writer wrote is what is read, on the lines where it stands."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.errors import RaygError
from pipelines.tables.decode import read_lines
from pipelines.tables.separated import read_separated

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


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        # a register in Windows-1252 with one name as UTF-8 writes it: 0x81 is no letter of Windows-1252
        ("Primá,1\n".encode("cp1252") + b"\xc5\x81ania,2\n", ["Primá", "Łania"]),
        # a file in UTF-8 with one apostrophe of Windows-1252: no other name is spoilt
        ("Primaŕy,1\n".encode() + b"St Mary\x92s,2\n", ["Primaŕy", "St Mary’s"]),
        # a byte of neither costs its own cell
        (b"caf\xe9,1\nod\x81d,2\n", ["café", "od\ufffdd"]),
        (b"\xef\xbb\xbf" + b"caf\xe9,1\n", ["café"]),
        ("Café,1\n".encode("cp1252"), ["Café"]),
        ("Café,1\n".encode(), ["Café"]),
    ],
)
def test_a_byte_of_another_encoding_costs_its_cell_at_most(content: bytes, cells: list[str]) -> None:
    header = b"\xef\xbb\xbfname,n\n" if content.startswith(b"\xef") else b"name,n\n"
    lines = read_separated(header + content.removeprefix(b"\xef\xbb\xbf"))
    assert [line[0] for _, line in lines] == ["name", *cells]


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(RaygError, match="neither UTF-8 nor Windows-1252 text"):
        read_separated(b"a,b\n" + bytes(range(128, 256)) * 20)
