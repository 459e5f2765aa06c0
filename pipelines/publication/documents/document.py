"""A short document of headings, lines and tables, and how it looks in a terminal, as Markdown and as a web page.

What a document says belongs to those who make one. The pages of the site are `site`: these stand alone, one file each.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console, Group
from rich.table import Table as TerminalTable
from rich.text import Text

from pipelines.errors import RaygError

STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem}
body{color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{border-bottom:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top}
.scroll{overflow-x:auto}.note{border-left:4px solid #595959;padding:.25rem .75rem}
@media print{body{max-width:none;font-size:10pt}@page{size:A4;margin:15mm}}"""


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
    """A title, a handling note that no copy goes without, and sections."""

    title: str
    note: str
    sections: list[Section]


def print_document(document: Document, console: Console) -> None:
    """In colours where the console has them; the note is left to those who print it on."""
    console.print(Text(document.title, style="bold underline"))
    for section in document.sections:
        parts: list[Text | TerminalTable] = [Text(section.title, style="bold")] if section.title else []
        parts += [Text(line.text, style=line.style) for line in section.lines]
        if section.table:
            parts.append(_terminal_table(section.table))
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


def to_html(document: Document) -> str:
    """As one page that needs nothing else and asks nothing of the network."""
    body = [f"<h1>{html.escape(document.title)}</h1>", f'<p class="note">{html.escape(document.note)}</p>']
    for section in document.sections:
        if section.title:
            body.append(f"<h2>{html.escape(section.title)}</h2>")
        body += [f"<p>{html.escape(line.text)}</p>" for line in section.lines]
        if section.table:
            body.append(_html_table(section.table))
    return (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{html.escape(document.title)}</title>'
        f"<style>{STYLE}</style></head>\n<body><main>\n" + "\n".join(body) + "\n</main></body></html>\n"
    )


def write_document(document: Document, path: Path) -> None:
    """As Markdown or as a page, by the file's ending. Raises RaygError for any other."""
    writers = {".md": to_markdown, ".html": to_html}
    if path.suffix not in writers:
        raise RaygError(f"{path.name}: name a file that ends in .md or .html.")
    path.write_text(writers[path.suffix](document), encoding="utf-8")


def _terminal_table(table: Table) -> TerminalTable:
    shown = TerminalTable(
        title=table.title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in table.columns:
        shown.add_column(column, overflow="fold")
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    return shown


def _html_table(table: Table) -> str:
    head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n" for row in table.rows)
    caption = html.escape(table.title)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>"
    )


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |"


def _plain(text: str) -> str:
    """Text that Markdown takes as it stands: no line breaks, nothing read as mark-up."""
    joined = " ".join(text.split())
    for mark in ("\\", "*", "_", "<", "`", "["):
        joined = joined.replace(mark, f"\\{mark}")
    return joined
