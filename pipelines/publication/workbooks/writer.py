"""Writes a declared workbook: contents, how to read it, the columns explained, every table on its sheet, charts.

How things look is `look`'s, which words explain the book is `reading`'s, charts are `charts`'s. Text is only ever
written as text: nothing from the data becomes a formula, a number or a link.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from pipelines.publication.views.handling import HANDLING_NOTES, Audience
from pipelines.publication.views.reading import Marts
from pipelines.publication.workbooks import charts, look
from pipelines.publication.workbooks.reading import reading
from pipelines.publication.workbooks.sheets import About, Book, Column, Row, Sheet

CONTENTS, READING, COLUMNS = "Contents", "How to read this", "What columns hold"
HANDLING = HANDLING_NOTES[Audience.INTERNAL]
SAMPLE = "SAMPLE DATA: invented schools, for trying this out."
NO_ROWS = "No rows: this build holds nothing of this kind."
TABLE_STYLE = "Table Style Light 1"  # banded in grey; headings carry their own colours
WIDEST_PAGE = 260  # what fits one page across and can still be read; a wider table takes more
TEXT_WIDTH = 120  # characters of a line of explanation
LONGEST_TEXT = 32_767  # what a cell can hold
CHARACTERS_PER_WIDTH = 1.3  # of the font against the unit of a column's width, on the safe side
LINE_HEIGHT, TALLEST_ROW = 13, 400
A4 = 9


def write_book(book: Book, marts: Marts, descriptions: Mapping[str, Mapping[str, str]], path: Path) -> None:
    """Write a workbook. `descriptions`: by mart, what each column holds. The same rows give the same bytes."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        about = book.about
        workbook.set_properties(
            {
                "title": about.title,
                "subject": about.subject,
                "comments": HANDLING,
                "created": datetime.combine(about.dated_on, time()),
            }
        )
        writer = _Writer(workbook, about)
        writer.contents(book)
        writer.reading(book)
        for drawn in book.charts:
            page = writer.open_sheet(drawn.name, drawn.title, [drawn.purpose])
            charts.write(workbook, page, drawn, writer.first_row, writer.header_row(drawn.data))
        for sheet in book.sheets:
            writer.table(sheet, marts.query(sheet.query))
        writer.columns(book, descriptions)


class _Writer:
    """One workbook under way."""

    def __init__(self, workbook: Any, about: About) -> None:
        self._workbook = workbook
        self._about = about
        self._formats = look.Formats(workbook)
        self._words = {
            name: {word: self._formats.word(pair) for word, pair in words.items()}
            for name, words in look.VOCABULARIES.items()
        }
        self.first_row = 0  # of what stands beneath the heading of the sheet opened last

    def open_sheet(self, name: str, title: str, lines: Iterable[str], width: int = TEXT_WIDTH) -> Any:
        """A new sheet with its heading, notes, handling line, print set-up and way back."""
        sheet, formats, about = self._workbook.add_worksheet(name), self._formats, self._about
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        middle = f"&C&8{SAMPLE}" if about.is_sample else ""
        right = f"&R&8{_escaped(title)}" if title != about.title else ""
        sheet.set_header(f"&L&8{_escaped(about.title)}{middle}{right}")
        sheet.set_footer(f"&L&8{HANDLING}&R&8Page &P of &N")
        sheet.write_string(0, 0, title, formats.title)
        said = [(SAMPLE, formats.sample)] if about.is_sample else []
        said += [(part, formats.note if number else formats.purpose) for number, part in _wrapped(lines, width)]
        said.append((HANDLING, formats.handling))
        for row, (text, given) in enumerate(said, start=1):
            sheet.write_string(row, 0, text, given)
        if name != CONTENTS:
            sheet.write_url(len(said) + 1, 0, f"internal:'{CONTENTS}'!A1", formats.link, f"Back to {CONTENTS.lower()}")
        self.first_row = len(said) + 3
        return sheet

    def header_row(self, sheet: Sheet) -> int:
        """The row of a table's header."""
        lines = list(_wrapped([sheet.purpose, *sheet.notes], _width(sheet)))
        return len(lines) + 4 + self._about.is_sample

    def contents(self, book: Book) -> None:
        about, formats = self._about, self._formats
        known = [
            ("About", f"{about.county}; review of {about.review_year - 1}/{about.review_year % 100:02d}"),
            ("As at", about.as_at),
            ("Made by", f"code {about.code_version}, inputs {about.digest}"),
        ]
        sheet = self.open_sheet(CONTENTS, about.title, [about.subject])
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 110)
        row = self.first_row
        for label, text in known:
            sheet.write_string(row, 0, label, formats.heading)
            sheet.write_string(row, 1, text, formats.purpose)
            row += 1
        row += 1
        for column, text in enumerate(("Sheet", "What it holds")):
            sheet.write_string(row, column, text, formats.header)
        listed = [(READING, "Colours and words, absences, basis, release, suppression, stages.")]
        listed += [(drawn.name, drawn.purpose) for drawn in book.charts]
        listed += [(one.name, one.purpose) for one in book.sheets]
        listed += [(COLUMNS, "Every column of every sheet, and what it holds.")]
        for name, purpose in listed:
            row += 1
            sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.link, name)
            sheet.write_string(row, 1, purpose, formats.cell("long"))
            _set_height(sheet, row, _lines(purpose, 110))
        if book.lacking:
            sheet.write_string(row + 2, 0, "Not in this build", formats.heading)
            sheet.write_string(row + 2, 1, "; ".join(book.lacking), formats.cell("long"))
        sheet.activate()

    def reading(self, book: Book) -> None:
        formats = self._formats
        sheet = self.open_sheet(READING, READING, ["What the colours, words and gaps in this book mean."])
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 1, 110)
        row = self.first_row
        for heading, lines in reading():
            sheet.write_string(row, 0, heading, formats.heading)
            row += 1
            for word, meaning in lines:
                sheet.write_string(row, 0, word, formats.cell("long"))
                sheet.write_string(row, 1, meaning, formats.cell("long"))
                _set_height(sheet, row, _lines(meaning, 110))
                row += 1
            row += 1
        for words in self._words.values():
            _colour(sheet, (self.first_row, 0, row, 0), words)
        sheet.repeat_rows(0)

    def columns(self, book: Book, descriptions: Mapping[str, Mapping[str, str]]) -> None:
        """Every column explained: by its own note, else as its mart describes it."""
        rows = [
            {"sheet": sheet.name, "column": column.header, "note": _note(sheet, column, descriptions)}
            for sheet in book.sheets
            for column in sheet.columns
            if column.kind not in ("helper",) and not sheet.is_plain
        ]
        told = (
            Column("sheet", "Sheet", width=26),
            Column("column", "Column", "long", width=36),
            Column("note", "What it holds", "long", width=100),
        )
        self.table(Sheet(COLUMNS, COLUMNS, "Every column of every sheet, and what it holds.", (), "", told), rows)

    def table(self, sheet: Sheet, rows: list[Row]) -> None:
        """A sheet with its table, header frozen and repeated in print."""
        columns = sheet.columns
        shown = int(sum(column.width for column in columns if column.kind != "helper"))
        page = self.open_sheet(sheet.name, sheet.title, [sheet.purpose, *sheet.notes], _width(sheet))
        header = self.first_row
        for number, column in enumerate(columns):
            hidden = {"hidden": True, "level": 1} if column.kind == "helper" else {}
            page.set_column(number, number, column.width, None, hidden)
            page.write_string(header, number, column.header, self._formats.header)
        _set_height(page, header, max(2, *(_lines(column.header, column.width - 3) for column in columns)))
        page.freeze_panes(header + 1, min(sheet.frozen, len(columns)))
        page.repeat_rows(header)
        if (pages := -(-shown // WIDEST_PAGE)) > 1:
            page.fit_to_pages(pages, 0)
            page.repeat_columns(0, sheet.frozen - 1)
        last = header + len(rows)
        if not rows:
            page.write_string(header + 1, 0, NO_ROWS, self._formats.purpose)
            return
        for offset, row in enumerate(rows, start=header + 1):
            tallest = max(self._cell(page, offset, number, column, row, sheet) for number, column in enumerate(columns))
            _set_height(page, offset, tallest)
        if not sheet.is_plain:
            page.add_table(
                header, 0, last, len(columns) - 1,
                {
                    "name": sheet.table_name,
                    "style": TABLE_STYLE,
                    "columns": [{"header": column.header, "header_format": self._formats.header} for column in columns],
                },
            )  # fmt: skip
            page.ignore_errors({"number_stored_as_text": xl_range_abs(header, 0, last, len(columns) - 1)})
        for number, column in enumerate(columns):
            self._help(page, (header + 1, number, last, number), column)

    def _cell(self, page: Any, at: int, number: int, column: Column, row: Row, sheet: Sheet) -> int:
        """Write one cell; gives the lines of text it takes."""
        if column.kind == "line":
            helpers = [index for index, other in enumerate(sheet.columns) if other.kind == "helper"]
            first, last = xl_rowcol_to_cell(at, helpers[0]), xl_rowcol_to_cell(at, helpers[-1])
            page.write_blank(at, number, None, self._formats.cell("text"))
            options = {"range": f"'{sheet.name}'!{first}:{last}", "show_hidden": True, "markers": True, "weight": 1.5}
            page.add_sparkline(at, number, {**options, "series_color": look.COUNTY_LINE})
            return 1
        value, kind = row[column.key], column.kind
        if kind == "by_row":
            kind = row[f"{column.key}_format"] or "score1"
        if value is None and (sheet.is_plain or kind in ("helper", "entry")):
            page.write_blank(at, number, None, self._formats.cell("entry" if kind == "entry" else "text"))
        elif value is None:
            words = row.get(f"{column.key}_absent") or column.empty
            page.write_string(at, number, words, self._formats.cell(kind, is_absent=True))
            return _lines(words, column.width)
        elif isinstance(value, bool):
            page.write_string(at, number, "yes" if value else "no", self._formats.cell(kind))
        elif isinstance(value, str):
            is_risky = look.RISKY.match(value) is not None
            page.write_string(at, number, value[:LONGEST_TEXT], self._formats.cell(kind, is_risky=is_risky))
            return 1 if kind in ("text", "date") else _lines(value, column.width)
        elif kind == "date":
            page.write_datetime(at, number, datetime.combine(value, time()), self._formats.cell(kind))
        else:
            is_doubted = bool(row.get(f"{column.key}_doubt"))
            page.write_number(at, number, value, self._formats.cell(kind, is_doubted=is_doubted))
        return 1

    def _help(self, page: Any, cells: tuple[int, int, int, int], column: Column) -> None:
        """Colours for a column's words; what may be typed where a person fills in."""
        if column.kind in self._words:
            _colour(page, cells, self._words[column.kind])
        if column.kind != "entry":
            return
        held = {"input_title": column.header[:32], "input_message": column.message[:255], "error_title": "Not allowed"}
        if column.choices:
            page.data_validation(*cells, {"validate": "list", "source": list(column.choices), **held})
            _colour(
                page,
                cells,
                {word: self._words["rating"][word] for word in column.choices if word in self._words["rating"]},
            )
        elif column.message:
            page.data_validation(*cells, {"validate": "any", **held})


def _colour(page: Any, cells: tuple[int, int, int, int], words: Mapping[str, Any]) -> None:
    for word, given in words.items():
        page.conditional_format(*cells, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": given})


def _note(sheet: Sheet, column: Column, descriptions: Mapping[str, Mapping[str, str]]) -> str:
    if column.note:
        return column.note
    told = (descriptions.get(mart, {}).get(column.key, "") for mart in sheet.marts)
    return " ".join(next((text for text in told if text), column.header).split())


def _wrapped(lines: Iterable[str], width: int) -> Iterator[tuple[int, str]]:
    """Lines broken at a width, each part with the number of its line."""
    for number, line in enumerate(lines):
        for part in textwrap.wrap(line, width):
            yield number, part


def _width(sheet: Sheet) -> int:
    """How many characters of explanation fit above a table."""
    shown = sum(column.width for column in sheet.columns if column.kind != "helper")
    return min(max(80, int(1.05 * shown)), 160)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width."""
    fits = max(4, int(width * CHARACTERS_PER_WIDTH))
    return 1 if len(text) <= fits else len(textwrap.wrap(text, fits))


def _set_height(page: Any, row: int, lines: int) -> None:
    """A row's height for its tallest cell: not every program works it out for itself."""
    if lines > 1:
        page.set_row(row, min(LINE_HEIGHT * lines + 3, TALLEST_ROW))


def _escaped(text: str) -> str:
    return text.replace("&", "&&")
