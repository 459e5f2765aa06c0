"""A short document of headings, lines and tables, and how it looks in a terminal and as Markdown.

What a document says comes from the accounts of `views`. Web pages are `site`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console, Group
from rich.table import Table as TerminalTable
from rich.text import Text

from pipelines.errors import RaygError

GUTTER = 2  # between the columns of a table
EMPTY = ("", "–")


@dataclass(frozen=True)
class Line:
    """One line of text; `style` is the terminal's alone."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Table:
    """A table of text cells under named columns."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Section:
    """A heading with its lines and, where it has one, its table."""

    title: str
    lines: list[Line] = field(default_factory=list)
    table: Table | None = None


@dataclass(frozen=True)
class Document:
    """A title, a handling note that no copy goes without, and sections. `endings`: of the files it can become."""

    title: str
    note: str
    sections: list[Section]
    endings: str = ".md"


def print_document(document: Document, console: Console) -> None:
    """Print it, in colours where the console has them. The note stands on files alone."""
    console.print(Text(document.title, style="bold underline"))
    for section in document.sections:
        parts: list[Text | TerminalTable] = [Text(section.title, style="bold")] if section.title else []
        parts += [Text(line.text, style=line.style) for line in section.lines]
        if section.table:
            parts.append(_terminal_table(section.table, console.width))
        console.print(Group(*parts, Text("")))


def to_markdown(document: Document) -> str:
    """As Markdown, each table as one of its own."""
    parts = [f"# {_plain(document.title)}", f"> {_plain(document.note)}"]
    for section in document.sections:
        if section.title:
            parts.append(f"## {_plain(section.title)}")
        if section.lines:
            parts.append("\n".join(f"{_plain(line.text)}  " for line in section.lines))
        if section.table:
            head = [_row(section.table.columns), _row(tuple("---" for _ in section.table.columns))]
            parts.append("\n".join([*head, *map(_row, section.table.rows)]))
    return "\n\n".join(parts) + "\n"


def write_markdown(document: Document, path: Path) -> None:
    """As a Markdown file. Raises RaygError where the file's name has another ending."""
    if path.suffix != ".md":
        raise RaygError(f"{path.name}: name a file that ends in {document.endings}.")
    path.write_text(to_markdown(document), encoding="utf-8")


def _terminal_table(table: Table, width: int) -> TerminalTable | Text:
    """The table where it fits the terminal; else its rows as lines, since a column of few letters cannot be read."""
    widths = (max(map(len, column)) for column in zip(table.columns, *table.rows, strict=True))
    if sum(widths) + GUTTER * len(table.columns) > width:
        return _as_lines(table)
    shown = TerminalTable(
        title=table.title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, GUTTER, 0, 0)
    )
    for column in table.columns:
        shown.add_column(column)
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    return shown


def _as_lines(table: Table) -> Text:
    """Each row as its first cell, once for rows that share it, then the other cells that hold something, named."""
    text, heading = Text(table.title, style="bold"), ""
    for first, *cells in table.rows:
        named = [
            f"{column}: {cell}" for column, cell in zip(table.columns[1:], cells, strict=True) if cell not in EMPTY
        ]
        if first != heading:
            text.append(f"\n  {first}", style="not bold")
        heading = first
        text.append(f"\n    {' · '.join(named)}", style="not bold dim")
    return text


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |"


def _plain(text: str) -> str:
    """Text that Markdown takes as it stands: no line breaks, nothing read as mark-up."""
    joined = " ".join(text.split())
    for mark in ("\\", "*", "_", "<", "`", "["):
        joined = joined.replace(mark, f"\\{mark}")
    return joined
