"""A document looks the same in a terminal, as Markdown and as a page: same words, nothing run, nothing fetched."""

import io
import re
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
    to_html,
    to_markdown,
    write_document,
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


def test_a_page_needs_nothing_else_and_escapes_what_it_prints() -> None:
    page = to_html(DOCUMENT)
    assert "St Mary&#x27;s &lt;School&gt;" in page and "<School>" not in page
    assert not re.search(r"https?:|src=|url\(|<script", page)
    assert '<th scope="col">Measure</th>' in page and "<caption>Results</caption>" in page
    assert 'class="note">Internal.' in page


def test_a_file_is_written_by_its_ending(tmp_path: Path) -> None:
    for name, made in (("a.md", to_markdown(DOCUMENT)), ("a.html", to_html(DOCUMENT))):
        write_document(DOCUMENT, tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8") == made
    with pytest.raises(RaygError, match=r"a\.pdf: name a file that ends in \.md or \.html"):
        write_document(DOCUMENT, tmp_path / "a.pdf")
