"""Whether a line of a return may stand: each cell against its column's declaration, then the cells against each other.

Pure. A fault names the column, what it holds, and what is allowed; the caller adds the line. `tables.rows` finds rows
that repeat or contradict each other, as in every file.
"""

import re
from dataclasses import replace
from datetime import date

from pipelines import written
from pipelines.errors import RaygError
from pipelines.returns.schema import Column, Return, return_named
from pipelines.sources.catalogue import Source, column_keys
from pipelines.tables.decode import Line, Table
from pipelines.tables.rows import RowCheck, Rows, sort_rows

NAMED_AT_MOST = 12  # choices named in one message; the notes beside the template list all
ROUNDING = 0.5  # a percentage printed whole may stand this far from its count
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_ALLOWED = {
    "la_code": "write the LA's three digits, such as 919",
    "urn": "write the school's six-digit URN",
    "academic_year": "write an academic year as 2025/26",
    "review_year": "write the year in which the reviewed academic year ends, such as 2025 for 2024/25",
    "count": "write a whole number of pupils, or leave it blank",
    "percentage": "write a percentage from 0 to 100, or leave it blank",
    "date": "write a date as 2026-02-28",
    "text": "any words",
}
_PATTERNS = {
    "la_code": re.compile(r"[0-9]{3}"),
    "urn": re.compile(r"[1-9][0-9]{5}"),
    "review_year": re.compile(r"20[0-9]{2}"),
    "count": re.compile(r"[0-9]{1,7}"),
    "percentage": re.compile(r"(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?)%?"),
}


def judge_rows(table: Table, source: Source) -> Rows:
    """The lines that stand and those that do not: by their keys, and in a return by each cell's declaration too."""
    plain_table, _ = in_plain_characters(table, source)
    return sort_rows(plain_table, source, row_check(source.id, table.header))


def in_plain_characters(table: Table, source: Source) -> tuple[Table, list[int]]:
    """A return's table with full-width digits and the like in their plain form, which is the only one that dbt reads,
    and the lines that held others. Words stay as they are written, and so does a table that is no return.
    """
    declared = return_named(source.id)
    if declared is None:
        return table, []
    words = set(column_keys(column.name for column in declared.columns if column.kind == "text"))
    typed = [at for at, key in enumerate(column_keys(table.header)) if key not in words]
    lines, changed = [], []
    for line, cells in table.lines:
        plainer = list(cells)
        for at in typed:
            if at < len(cells):
                plainer[at] = written.plain(cells[at])
        lines.append((line, plainer))
        if plainer != cells and any(plainer[at].strip() != cells[at].strip() for at in typed if at < len(cells)):
            changed.append(line)
    return replace(table, lines=lines), changed


def row_check(source_id: str, header: tuple[str, ...]) -> RowCheck | None:
    """A function that says what is wrong with a row fitted to `header`; None where the source is no return.

    Raises RaygError where the header is not the return's. Returns hold no pupils, so an undeclared column refuses the
    whole file.
    """
    declared = return_named(source_id)
    if declared is None:
        return None
    at = _positions(declared, header)

    def fault(cells: list[str]) -> str | None:
        row = {name: cells[position].strip() for name, position in at.items()}
        return next((wrong for column in declared.columns if (wrong := cell_fault(declared, column, row))), None)

    return fault


def cell_fault(declared: Return, column: Column, row: dict[str, str]) -> str | None:
    """What is wrong with one cell of a row (stripped texts by column name), as one phrase."""
    text = row[column.name]
    if not text:
        return f"column {column.name} is blank: {allowed(column)}" if column.required else None
    wrong = _wrong_alone(column, text) or _wrong_beside(declared, column, row)
    return f"column {column.name} holds '{text}': {wrong}" if wrong else None


def days_ahead(declared: Return, header: tuple[str, ...], lines: list[Line], today: date) -> dict[int, str]:
    """The lines with a day that has not come, in a column that tells what has happened; each with the reason."""
    at = _positions(declared, header)
    told = [column.name for column in declared.columns if column.kind == "date" and not column.may_lie_ahead]
    # the ledger judges its own lines, since it can take the others
    told = [] if declared.id == "local_moderation" else told
    found = {}
    for line, cells in lines:
        for name in told:
            text = cells[at[name]].strip()
            if (day := read_day(text)) and day > today:
                found[line] = f"column {name} holds '{text}': that day has not come: today is {today}"
    return found


def read_day(text: str) -> date | None:
    """A day of this century, written as 2026-02-28 or 28/02/2026."""
    day = written.read_day(text)
    return day if day and day.year >= 2000 else None


def _positions(declared: Return, header: tuple[str, ...]) -> dict[str, int]:
    keys = dict(zip(column_keys(header), range(len(header)), strict=True))
    wanted = dict(zip(column_keys(declared.header), declared.header, strict=True))
    if missing := [name for key, name in wanted.items() if key not in keys]:
        raise RaygError(f"no column {missing[0]}: `rayg template {declared.id}` writes the header it needs")
    if unknown := [header[at] for key, at in keys.items() if key not in wanted]:
        raise RaygError(
            f"column {unknown[0]} is not one of {declared.id}, which holds no pupils and no more than its own columns:"
            " take it out"
        )
    return {name: keys[key] for key, name in wanted.items()}


def _wrong_alone(column: Column, text: str) -> str | None:
    """What is allowed, where the text is not allowed."""
    if column.kind in _PATTERNS:
        stands = _PATTERNS[column.kind].fullmatch(text) is not None
    elif column.kind == "academic_year":
        match = re.fullmatch(r"(20[0-9]{2})/([0-9]{2})", text)
        stands = match is not None and (int(match[1]) + 1) % 100 == int(match[2])
    elif column.kind == "choice":
        stands = text in column.choices
    elif column.kind == "date":
        stands = read_day(text) is not None
    elif column.kind in ("number", "target"):
        stands = _NUMBER.fullmatch(text) is not None and _is_within(float(text), column.least, column.most)
    else:
        stands = True
    return None if stands else allowed(column)


def _wrong_beside(declared: Return, column: Column, row: dict[str, str]) -> str | None:
    """What is wrong beside the row's other cells. A cell that is wrong by itself is left to its own column."""
    text = row[column.name]
    if column.target_of:
        bounds = declared.kpi_units.get(row[column.target_of])
        if bounds and not bounds[0] <= float(text) <= bounds[1]:
            return f"a target of {row[column.target_of]} lies from {bounds[0]:g} to {bounds[1]:g}"
    if column.not_before and (earlier := read_day(row[column.not_before])):
        day = read_day(text)
        if day and day < earlier:
            return f"earlier than {column.not_before}, {earlier}: put one of them right"
    if column.part_of:
        whole = row[column.part_of]
        if not whole:
            return f"{column.part_of} is blank: write how many pupils it is out of"
        if _PATTERNS["count"].fullmatch(whole):
            return _wrong_part(column, text, int(whole), row)
    return None


def _wrong_part(column: Column, text: str, whole: int, row: dict[str, str]) -> str | None:
    if not column.share:
        return f"more than {column.part_of}, {whole}: put one of them right" if int(text) > whole else None
    if not whole:
        return f"{column.part_of} is 0, and of no pupils there is no percentage: leave it blank"
    count = row[column.share]
    if _PATTERNS["count"].fullmatch(count):
        exact = 100 * int(count) / whole
        if abs(float(text.rstrip("%")) - exact) > ROUNDING + 1e-9:
            return f"{column.share} and {column.part_of} make {exact:.1f}: put one right, or leave the percentage blank"
    return None


def _is_within(number: float, least: float | None, most: float | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)


def allowed(column: Column, at_most: int = NAMED_AT_MOST) -> str:
    """What a column may hold, in words for people; at most `at_most` of its choices are named."""
    if column.kind == "choice":
        named, others = column.choices[:at_most], len(column.choices[at_most:])
        return f"write one of {', '.join(named)}" + (f" ({others} more in the notes of its template)" if others else "")
    if column.kind in ("number", "target"):
        if column.least is None or column.most is None:
            return "write a number"
        return f"write a number from {column.least:g} to {column.most:g}"
    return _ALLOWED[column.kind]
