"""Every real file is read or listed with its reason in `docs/coverage.md`, and what is read is counted there."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest

from pipelines.home import Home
from tests.realdata.conftest import Built
from tests.realdata.coverage import DOCUMENT, Read, Unread, covered, document
from tests.realdata.rawfiles import RealData, number

Counted = tuple[list[Read], list[Unread]]


@pytest.fixture(scope="module")
def counted(real: RealData, real_home: Home, hertfordshire: Built) -> Counted:
    return covered(real.root, real_home, hertfordshire)


def test_every_file_is_read_or_has_its_reason(real: RealData, counted: Counted) -> None:
    read, unread = counted
    on_disk = {path.relative_to(real.root).as_posix() for path in real.root.rglob("*") if path.is_file()}
    assert {file.path for file in (*read, *unread)} == on_disk
    assert [file.path for file in unread if not file.reason] == []
    assert len(read) >= 36


def test_nothing_read_is_unrecognised_or_kept_out(counted: Counted) -> None:
    read, _ = counted
    assert [(file.path, file.unrecognised_n) for file in read if file.unrecognised_n] == []
    assert [(file.path, file.quarantine_reason) for file in read if file.quarantine_reason] == []


def test_every_mapped_cell_is_of_one_kind(counted: Counted) -> None:
    read, _ = counted
    for file in read:
        assert file.mapped_n == file.numbers_n + file.absences_n + file.blanks_n, file.path
        assert file.mapped_n <= file.cells_n


def test_cells_and_kinds_equal_a_count_by_hand(real: RealData, hertfordshire: Built, counted: Counted) -> None:
    """Over every csv file: lines times columns; of the mapped columns, cells that are numbers, blank, or neither."""
    read, _ = counted
    columns: dict[str, set[str]] = {}
    for name, column in hertfordshire.rows(
        "select file_name || academic_year || release, column_name from warehouse.int_numbers"
        " inner join held_files using (file_id) group by all"
    ):
        columns.setdefault(name, set()).add(column)
    compared = 0
    for file in read:
        path = real.root / file.path
        if path.suffix != ".csv":
            continue
        lines = lines_of(path)
        header = max(lines[:10], key=lambda cells: sum(bool(cell.strip()) for cell in cells))
        width = max(at for at, name in enumerate(header, start=1) if name.strip())
        body = lines[lines.index(header) + 1 :]
        assert (file.rows_n + file.left_out_n, file.cells_n) == (len(body), file.rows_n * width), file.path
        mapped = columns.get(path.name + file.academic_year + file.release, set())
        if not mapped or file.left_out_n:
            continue
        keys = [re.sub(r"(\s*\(\d+\))+$", "", " ".join(name.split())).upper() for name in header]
        if len(set(keys)) < len(keys):
            continue
        at = [keys.index(column) for column in mapped]
        kinds = Counter(kind(cells[place].strip() if place < len(cells) else "") for cells in body for place in at)
        assert (file.numbers_n, file.blanks_n, file.absences_n) == (kinds["number"], kinds["blank"], kinds["code"])
        compared += 1
    assert compared >= 25


def test_the_document_says_what_was_counted(counted: Counted) -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(*counted), "run `python -m tests.realdata.coverage`"


def lines_of(path: Path) -> list[list[str]]:
    """The lines of a csv file that are not blank, read without the product's code."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return [cells for cells in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in cells)]


def kind(cell: str) -> str:
    return "blank" if cell == "" else "code" if number(cell) is None else "number"
