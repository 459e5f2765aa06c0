"""A document says the same in a terminal and as Markdown, and nothing in it is read as mark-up."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.errors import RaygError
from pipelines.publication.documents.document import (
    Document,
    Line,
    Section,
    Table,
    print_document,
    to_markdown,
    write_markdown,
)

DOCUMENT = Document(
    "St Mary's <School>",
    "Internal.",
    [
        Section("Whole school", [Line("Draft rating: amber", "bold"), Line("Rule below_good *now*")]),
        Section("", table=Table("Results", ("Measure", "Value"), [("A | B", "40"), ("=1+1", "too few to show")])),
    ],
)


def test_the_terminal_says_all_of_it() -> None:
    console = Console(file=io.StringIO(), width=100)
    print_document(DOCUMENT, console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for words in ("St Mary's <School>", "Draft rating: amber", "Rule below_good *now*", "A | B", "too few to show"):
        assert words in text


def test_markdown_keeps_tables_whole_and_reads_nothing_as_mark_up() -> None:
    text = to_markdown(DOCUMENT)
    assert text.startswith("# St Mary's \\<School>\n\n> Internal.\n")
    assert "Rule below\\_good \\*now\\*" in text
    assert "| A \\| B | 40 |" in text
    assert text.endswith("| =1+1 | too few to show |\n")


def test_a_table_too_wide_for_the_terminal_becomes_lines_that_name_each_cell() -> None:
    rows = [("Reading", "2023/24", "60%", "–"), ("Reading", "2024/25", "63%", "x" * 60), ("Maths", "2024/25", "", "y")]
    wide = Document("A", "", [Section("", table=Table("Results", ("Measure", "Year", "Value", "Note"), rows))])
    console = Console(file=io.StringIO(), width=60, soft_wrap=True)
    print_document(wide, console)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert lines[1:7] == [
        "Results",
        "  Reading",
        "    Year: 2023/24 · Value: 60%",
        f"    Year: 2024/25 · Value: 63% · Note: {'x' * 60}",
        "  Maths",
        "    Year: 2024/25 · Note: y",
    ]


def test_a_file_is_written_by_its_ending(tmp_path: Path) -> None:
    write_markdown(DOCUMENT, tmp_path / "a.md")
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == to_markdown(DOCUMENT)
    with pytest.raises(RaygError, match=r"a\.pdf: name a file that ends in \.md"):
        write_markdown(DOCUMENT, tmp_path / "a.pdf")
