"""Two editions of one published table say the same: the workbook is read as the csv file is."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from pipelines.sources.catalogue import load_catalogue
from pipelines.tables.decode import read_table
from tests.realdata.conftest import REALDATA

MORE = REALDATA.with_name("realdata-more")


def twins() -> Iterator[tuple[Path, Path]]:
    """Each table of the performance tables that is held as csv and as a workbook."""
    for csv in sorted((REALDATA / "performance-tables").rglob("*.csv")):
        book = MORE / csv.relative_to(REALDATA).with_suffix(".xlsx")
        if book.exists():
            yield csv, book


def number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def is_same(printed: str, typed: str) -> bool:
    """Whether two cells say the same: the csv edition may print fewer places than the workbook holds."""
    if printed.strip() == typed.strip():
        return True
    one, other = number(printed), number(typed)
    if one is None or other is None:
        return False
    places = Decimal(1).scaleb(int(one.as_tuple().exponent))
    return abs(one - other) <= places / 2


@pytest.mark.parametrize("pair", list(twins()), ids=lambda pair: pair[0].stem)
def test_both_editions_of_a_table_hold_the_same_cells(pair: tuple[Path, Path]) -> None:
    tables = []
    for path in pair:
        (source, *_) = [source for source in load_catalogue().sources if source.match_name(path.name)]
        tables.append(read_table(path.read_bytes(), path.name, source, source.sheet))
    printed, typed = tables
    assert printed.header == typed.header
    assert len(printed.lines) == len(typed.lines) > 1_000
    different = [
        (line, name, one, other)
        for (line, cells), (_, others) in zip(printed.lines, typed.lines, strict=True)
        for name, one, other in zip(printed.header, cells, others, strict=False)
        if not is_same(one, other)
    ]
    assert different == []
