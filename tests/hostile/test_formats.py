"""A file that is not what it seems is refused in one line, soon, and the files beside it are taken."""

import io
import os
import socket
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing.intake import add
from pipelines.tables import apart, limits, separated
from pipelines.tables.apart import PARQUET, WORKBOOK, read_apart
from pipelines.tables.decode import read_lines
from pipelines.tables.files import read_regular
from tests.hostile import samples

LINES = read_lines(samples.separated(), "x.csv", None)
SOON = 30  # seconds, on a busy machine


def refusal(content: bytes, name: str, sheet: str | None = "england") -> str:
    began = time.monotonic()
    with pytest.raises(RaygError) as fault:
        read_lines(content, name, sheet)
    assert time.monotonic() - began < SOON
    assert len(str(fault.value).splitlines()) == 1
    return str(fault.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_as_excel_saves_it_is_read(separator: str, encoding: str) -> None:
    assert read_lines(samples.separated(separator, encoding), "x.csv", None) == LINES


def test_a_mark_that_stands_twice_is_no_part_of_the_first_name() -> None:
    assert read_lines(b"\xef\xbb\xbf" + samples.separated(), "x.csv", None) == LINES


@pytest.mark.parametrize("separator", [";", "\t"])
def test_text_beside_commas_keeps_its_semicolons_and_tabs(separator: str) -> None:
    rows = [["a", "b", "c"], [f"x{separator}y", "1", "2"], [f"z{separator}w", "3", "4"], ["short"]]
    content = "\n".join(",".join(row) for row in rows).encode()
    assert [cells for _, cells in read_lines(content, "x.csv", None)] == rows


@pytest.mark.parametrize("cell", ["5,2", "-0,35", "45,234", "61,5%"])
def test_a_decimal_comma_is_refused_since_it_would_be_dropped(cell: str) -> None:
    assert refusal(f"a;b;c\n1;2;3\n{cell};{cell};{cell}\n".encode(), "x.csv").startswith(
        f"line 3: {cell} has a decimal"
    )
    if cell != "45,234":
        assert "decimal comma" in refusal(f"a\tb\n1\t2\n{cell}\t3\n".encode(), "x.csv")


def test_thousands_beside_tabs_and_commas_in_text_are_no_decimal_commas() -> None:
    assert read_lines(b"a\tb\n1,234\t5, 6\n", "x.csv", None)[1][1] == ["1,234", "5, 6"]
    assert read_lines(b"a;b\nAll, 5;1,234.5\n", "x.csv", None)[1][1] == ["All, 5", "1,234.5"]


def test_a_title_above_the_header_does_not_choose_the_separator() -> None:
    content = b"Results, by school, by year, provisional\n\na;b;c\n1;2;3\n"
    assert [cells for _, cells in read_lines(content, "x.csv", None)][-2:] == [["a", "b", "c"], ["1", "2", "3"]]


def test_two_separators_that_fit_alike_are_not_guessed_between() -> None:
    assert "which of them is unsure" in refusal(b"a;b,c\n1;2,3\n", "x.csv")


def test_utf_16_cut_short_is_said() -> None:
    assert "UTF-16" in refusal(samples.separated(encoding="utf-16")[:-1], "x.csv")


def test_a_long_cell_is_read_and_an_endless_one_named() -> None:
    reason = "x" * 200_000
    assert read_lines(f"a,b\n1,{reason}\n".encode(), "x.csv", None)[1][1] == ["1", reason]
    endless = b"a,b\n1," + b"x" * (limits.FIELD_CHARACTERS_MAX + 1) + b"\n"
    assert (
        refusal(endless, "x.csv")
        == "line 2: a cell of over 1,000,000 characters: look for a quote that is never closed"
    )


def test_a_header_of_a_million_columns_is_refused_at_once() -> None:
    content = ",".join(f"c{at}" for at in range(1_000_000)).encode() + b"\n1,2\n"
    assert "over 16,384 cells" in refusal(content, "x.csv")


def test_more_cells_than_any_publication_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(separated, "CELLS_MAX", 20)
    assert "over 20 cells" in refusal(samples.separated(), "x.csv")


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "919_ks2final.csv"
    with path.open("wb") as file:
        file.truncate(limits.FILE_BYTES_MAX + 1)  # a hole: it takes no room
    began = time.monotonic()
    with pytest.raises(RaygError, match="larger than 500 MB"):
        read_regular(path)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("kind", ["pipe", "socket", "zero"])
def test_only_regular_files_are_read(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    path = Path("919_ks2final.csv")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(str(path))
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises((RaygError, OSError)) as fault:
        read_regular(path)
    assert kind == "socket" or "not a file" in str(fault.value)


@pytest.mark.parametrize("stray", [(1_048_575, 16_383), (1_048_575, 500), (200_000, 16_000)])
def test_a_stray_cell_far_out_is_named(stray: tuple[int, int]) -> None:
    content = samples.workbook(stray)
    assert len(content) < 10_000
    assert refusal(content, "x.xlsx").startswith(f"the sheet reaches to row {stray[0] + 1:,} and column ")


@pytest.mark.parametrize("stray", [(1_048_575, 0), (1, 16_383)])
def test_a_stray_cell_that_can_be_held_is_read(stray: tuple[int, int]) -> None:
    rows = [cells[: len(samples.HEADER)] for _, cells in read_lines(samples.workbook(stray), "x.xlsx", "england")]
    assert rows[: len(LINES)] == [cells for _, cells in LINES]


@pytest.mark.parametrize("place", [b"ZZZZ9999999999", b"A99999999999999999999", b"AAAAAAAAAAAAAAAA1", b"XFE1"])
def test_a_cell_outside_any_sheet_is_refused(place: bytes) -> None:
    content = samples.rewritten(samples.workbook(), "xl/worksheets/sheet1.xml", b'r="C3"', b'r="' + place + b'"')
    assert "outside any sheet" in refusal(content, "x.xlsx")


def test_number_formats_that_are_no_numbers_are_refused() -> None:
    content = samples.rewritten(samples.workbook(), "xl/styles.xml", b'numFmtId="164" fontId', b'numFmtId="abc" fontId')
    assert refusal(content, "x.xlsx") == "the workbook is truncated or damaged: download it again"


def test_a_reader_that_ends_its_process_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RaygError, match=r"within \d+ MB of memory"):
        read_apart(WORKBOOK, samples.workbook((1_048_575, 20)), "england", bytes_max=300_000_000)
    with pytest.raises(RaygError, match=r"within 0\.01 seconds"):
        read_apart(WORKBOOK, samples.workbook(), "england", seconds_max=0.01)  # type: ignore[arg-type]
    monkeypatch.setattr(apart.sys, "executable", "/bin/false")
    with pytest.raises(RaygError, match="its reader stopped at it"):
        read_apart(WORKBOOK, samples.workbook(), "england")


def test_a_parquet_day_out_of_range_names_its_column() -> None:
    days = pa.table({"URN": ["100001"], "day": pa.array([2**62], pa.timestamp("us"))})
    assert refusal(samples.parquet(days), "x.parquet").startswith("column day holds a cell that cannot be read")


def test_packed_parquet_is_refused_by_what_it_says_of_itself() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000_000, pa.int8()), ["x" * 20])
    content = samples.parquet(pa.table(dict.fromkeys(samples.HEADER, column)))
    assert len(content) < 1_000_000
    assert "over 30,000,000 cells" in refusal(content, "x.parquet")


def test_parquet_of_no_rows_and_of_every_type_is_read() -> None:
    assert read_apart(PARQUET, samples.parquet())[1:] == LINES[1:]
    empty = io.BytesIO()
    pq.write_table(pa.table({"URN": pa.array([], pa.string())}), empty)
    assert read_apart(PARQUET, empty.getvalue()) == [(1, ["URN"])]


def test_a_hostile_workbook_leaves_the_files_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "2024-2025"
    folder.mkdir()
    (folder / "england_school_information.xlsx").write_bytes(samples.workbook((1_048_575, 16_383)))
    (folder / "919_ks2final.csv").write_bytes(samples.separated("\t", "utf-16"))
    os.mkfifo(folder / "919_ks4final.csv")
    outcomes = {one.file_name: one for one in add(Home(tmp_path / "home"), [folder, folder / "919_ks4final.csv"])}
    assert outcomes["919_ks2final.csv"].status == "accepted"
    assert outcomes["england_school_information.xlsx"].status == "rejected"
    assert outcomes["919_ks4final.csv"].status == "rejected"
