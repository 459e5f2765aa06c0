"""Says where a KPI's numbers come from: each year's value, what it is set beside, and the cells behind both.

Reads the published marts and prints; nothing is computed here. Schools are `explain`.
"""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.explain import Marts, number, words

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


def _table(years: list[Row]) -> Table:
    table = Table("year", "value", "England", "neighbours", "rank", "target", box=SIMPLE_HEAD)
    for column in table.columns:
        column.no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for row in years:
        table.add_row(
            row["academic_year"],
            number(row["value"]) if row["status"] == "reported" else words(row["status"]),
            number(row["national_value"]),
            number(row["neighbour_mean"]),
            f"{row['la_rank']} of {row['la_count']}" if row["la_rank"] is not None else "–",
            f"{number(row['target'])} {words(row['target_status'])}" if row["target"] is not None else "–",
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
    return lines


def _cell(what: str, group: str, cell: Row, files: dict[str, str]) -> str:
    where = f"{files.get(cell['file_id'], cell['source'])}, line {cell['line']}, column {cell['source_column']}"
    counted = f" ({number(cell['denominator'])} pupils)" if cell["denominator"] is not None else ""
    release = f"{words(cell['release'])}, basis {words(cell['basis'])}"
    return f"{what} ({words(group)}): {cell['raw_value'] or words(cell['status'])}{counted}, {release}, from {where}"
