"""Says where a KPI's numbers come from: each year's value, what it is set beside, and the cells behind both; then the
newest year by district and kind of school.

Reads the published marts and prints; nothing is computed here. Schools are `explain`.
"""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.documents.school import Marts
from pipelines.publication.views.figures import plain, words
from pipelines.seeds import seed

PREFIX = "kpi:"
GAP_SIDES = {
    "within_entity": ("la", "comparator_group"),
    "to_national_other": ("country", "comparator_group"),
    "to_national_disadvantaged": ("country", "pupil_group"),
}

Row = dict[str, Any]


def explain_kpi(home: Home, name: str, console: Console) -> None:
    """Prints every year of one KPI (`name` with or without `kpi:`) with the cells it rests on.

    Raises RaygError where the current build has no such KPI.
    """
    kpi = name.removeprefix(PREFIX)
    marts = Marts(home)
    years = marts.rows("japr_kpis", "kpi = ?", [kpi], "la_code, academic_year desc")
    if not years:
        known = sorted({row["kpi"] for row in marts.rows("japr_kpis", "true", [], "kpi")})
        raise RaygError(f"No KPI {kpi} in the current build: it has {', '.join(known)}.")
    files = {row["file_id"]: row["file_name"] for row in marts.rows("held_files", "true", [], "file_id")}
    console.print(Text(f"{years[0]['title']}", style="bold"))
    console.print(f"{years[0]['priority']}; paragraph {words(years[0]['strategy_paragraph'])}", style="dim")
    console.print(_table(years))
    for row in years:
        console.print(row["commentary"], markup=False)
        for line in _trace(marts, row, files):
            console.print(f"    {line}", style="dim", markup=False)
    _areas(marts, kpi, files, console)


def _table(years: list[Row]) -> Table:
    table = Table("year", "value", "England", "neighbours", "rank", "target", box=SIMPLE_HEAD)
    for column in table.columns:
        column.no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for row in years:
        table.add_row(
            row["academic_year"],
            plain(row["value"]) if row["status"] == "reported" else words(row["status"]),
            plain(row["national_value"]),
            plain(row["neighbour_mean"]),
            f"{row['la_rank']} of {row['la_count']}" if row["la_rank"] is not None else "–",
            f"{plain(row['target'])} {words(row['target_status'])}" if row["target"] is not None else "–",
        )
    return table


def _trace(marts: Marts, row: Row, files: dict[str, str]) -> list[str]:
    """One line for each cell behind a year's value and England's."""
    wanted = [("la", row["la_code"], row["pupil_group"], "its value")]
    if row["gap_type"] is None:
        wanted.append(("country", "ENG", row["pupil_group"], "England"))
    else:
        level, group_column = GAP_SIDES[row["gap_type"]]
        compared = marts.rows(
            "gaps",
            "entity_type = 'la' and entity_code = ? and basis = ? and academic_year = ? and measure = ?"
            " and pupil_group = ? and gap_type = ?",
            [row[name] for name in ("la_code", "basis", "academic_year", "measure", "pupil_group", "gap_type")],
            "entity_code",
        )
        group = compared[0][group_column] if compared else None
        wanted.append((level, row["la_code"] if level == "la" else "ENG", group, "set against"))
    lines = []
    for entity_type, code, group, what in wanted:
        cells = marts.rows(
            "observations",
            "entity_type = ? and entity_code = ? and basis = ? and academic_year = ? and measure = ?"
            " and pupil_group = ?",
            [entity_type, code, row["basis"], row["academic_year"], row["measure"], group],
            "entity_code",
        )
        lines += [_cell(what, group, cell, files) for cell in cells]
    if row["left_out"]:
        lines.append(f"left out: {row['left_out']}")
    return lines


def _areas(marts: Marts, kpi: str, files: dict[str, str], console: Console) -> None:
    """The newest year that has figures by district or kind of school, and the columns they are made from."""
    rows = marts.rows("japr_district_kpis", "kpi = ?", [kpi], "academic_year desc, area_type, area, basis")
    newest = [row for row in rows if row["academic_year"] == rows[0]["academic_year"]]
    if not newest:
        return
    table = Table("area", "value", "of", "schools", "not shown", "basis", box=SIMPLE_HEAD)
    for row in newest:
        table.add_row(
            words(row["area"]),
            plain(row["value"]) if row["status"] == "reported" else words(row["status"]),
            plain(row["pupils_n"]),
            plain(row["schools_n"]),
            plain(row["schools_not_shown_n"]),
            words(row["basis"]),
        )
    console.print(f"By area, {newest[0]['academic_year']}", style="bold")
    console.print(table)
    for line in _school_columns(marts, kpi, newest[0]["academic_year"], files):
        console.print(f"    {line}", style="dim", markup=False)


def _school_columns(marts: Marts, kpi: str, academic_year: str, files: dict[str, str]) -> list[str]:
    """The files and columns of the schools' own values, with how many of the county's schools each gives."""
    counties = marts.rows("japr_kpis", "kpi = ? and academic_year = ?", [kpi, academic_year], "la_code")
    if not counties:
        return []
    row = counties[0]
    cells = marts.rows(
        "observations",
        "entity_type = 'school' and la_code = ? and academic_year = ? and measure = ? and pupil_group = ?"
        " and status = 'reported' and not is_carried",
        [row[name] for name in ("la_code", "academic_year", "measure", "pupil_group")],
        "file_id, source_column, entity_code",
    )
    columns: dict[tuple[str, str], list[Row]] = {}
    for cell in cells:
        file = str(files.get(cell["file_id"], cell["source"]))
        columns.setdefault((file, str(cell["source_column"])), []).append(cell)
    return [
        f"made from {len(found)} schools of {file}, column {column}, lines {min(cell['line'] for cell in found)} to"
        f" {max(cell['line'] for cell in found)}"
        for (file, column), found in columns.items()
    ]


def _cell(what: str, group: str, cell: Row, files: dict[str, str]) -> str:
    place, is_counted = _place(cell)
    where = f"{files.get(cell['file_id'], cell['source'])}, {place}"
    # a share of inspections prints both its numbers already
    has_pupils = cell["denominator"] is not None and not is_counted
    counted = f" ({plain(cell['denominator'])} pupils)" if has_pupils else ""
    release = f"{words(cell['release'])}, basis {words(cell['basis'])}"
    if cell["file_id"] == "seed":
        return f"{what} ({words(group)}): {words(cell['status'])}, from the seed {cell['source']}"
    return f"{what} ({words(group)}): {cell['raw_value'] or words(cell['status'])}{counted}, {release}, from {where}"


def _place(cell: Row) -> tuple[str, bool]:
    """Line and column of a cell; of a share of inspections the columns that were counted, and that it is one."""
    counted = [row for row in seed("inspection_series") if row["measure"] == cell["measure"]]
    if not counted:
        return f"line {cell['line']}, column {cell['source_column']}", False
    (series,) = counted
    prefix = "card" if series["series"] == "report_card" else "graded"
    field = f"{prefix}_{series['area']}"
    if series["inspected"] == "settings" and prefix == "graded":
        field = series["area"]
    fields = [field, "pupils_n"] if series["inspected"] == "pupils" else [field]
    columns = [
        row["column_name"]
        for name in fields
        for row in seed("field_map")
        if row["source"] == cell["source"] and row["field"] == name
    ]
    rolls = " (rolls: the school census of the year first)" if series["inspected"] == "pupils" else ""
    rows = "settings" if series["inspected"] == "settings" else "schools"
    return f"counted from the rows of {rows}, column {' and '.join(columns)}{rolls}", True
