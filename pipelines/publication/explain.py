"""Says in words why a school has its draft rating: reads the published marts and prints, nothing is computed
here.

What a mart means stands in the dbt project; which build is current stands in `builds`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.errors import RaygError
from pipelines.home import Home

Row = dict[str, Any]

PROVISIONS = {"whole_school": "Whole school", "early_years": "Early years", "post_16": "Post-16"}
AXES = {
    "inspection_standing": "Inspection",
    "outcomes": "Outcomes",
    "attendance": "Attendance",
    "trajectory": "Trajectory",
}
COLOURS = {
    "dark_green": "bold green",
    "light_green": "green",
    "yellow": "yellow",
    "amber": "dark_orange",
    "red": "bold red",
    "insufficient_evidence": "dim",
}
VERDICTS = {"below": "worse than England", "above": "better than England"}
STATES = {
    "triggered": "concern",
    "clear": "clear",
    "too_small": "too small",
    "suppressed": "suppressed",
    "not_published": "not published",
    "not_applicable": "does not apply",
    "no_data": "not visible",
}


class Marts:
    """The published marts of one build, read as rows."""

    def __init__(self, home: Home) -> None:
        self.folder = home.current
        if not (self.folder / "schools.parquet").is_file():
            raise RaygError("Nothing is built in this home yet: run `rayg build` first.")
        self.connection = duckdb.connect()

    def rows(self, mart: str, where: str, values: Sequence[Any], order: str) -> list[Row]:
        """Rows of a mart as dictionaries; `where` and `order` are SQL, `values` its parameters."""
        path = str(self.folder / f"{mart}.parquet")
        relation = self.connection.execute(
            f"select * from read_parquet(?) where {where} order by {order}", [path, *values]
        )
        names = [column[0] for column in relation.description]
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def words(code: object) -> str:
    """A code as words: `light_green` -> `light green`; nothing as a dash."""
    return "–" if code is None else str(code).replace("_", " ")


def day(value: date | None) -> str:
    """A date as people write it, or a dash."""
    return "–" if value is None else f"{value.day} {value:%B %Y}"


def number(value: float | None) -> str:
    """A number without trailing zeros, or a dash for an absence."""
    return "–" if value is None else f"{value:.10g}"


def explain(home: Home, urn: str, provision: str | None, console: Console) -> None:
    """Prints a school's draft rating, rule, indicators, results, inspections, sources and what could not be
    seen.

    `urn`: six digits. `provision`: one of PROVISIONS, or None for all the school has. Raises RaygError where
    the school or the provision is not in the current build.
    """
    marts = Marts(home)
    found = marts.rows("schools", "urn = ?", [urn], "urn")
    if not found:
        raise RaygError(
            f"No school with URN {urn} in the current build: check the number, or build its authority with --la."
        )
    school = found[0]
    drafts = marts.rows(
        "rayg_drafts",
        "urn = ? and (? is null or provision = ?)",
        [urn, provision, provision],
        "provision desc",
    )
    files = {row["file_id"]: row for row in marts.rows("held_files", "true", [], "file_id")}
    console.print(heading(school, home.is_sample() is True))
    if not drafts:
        console.print(Padding(no_draft(school, provision), (0, 0, 1, 0)))
    for draft in drafts:
        alternatives = marts.rows(
            "rayg_alternatives",
            "urn = ? and provision = ?",
            [urn, draft["provision"]],
            "axis, would_be, to_value",
        )
        console.print(rating(draft, alternatives))
    screen = marts.rows("risk_screen", "urn = ?", [urn], "urn")
    if screen and provision in (None, "whole_school"):
        console.print(risk(screen[0]))
    indicators = marts.rows(
        "risk_indicators",
        "urn = ? and (? is null or provision = ?)",
        [urn, provision, provision],
        "domain, indicator",
    )
    if indicators:
        console.print(indicator_table(indicators, files))
    results = marts.rows(
        "benchmarks",
        "urn = ? and status = 'reported' and pupil_group in ('all', 'disadvantaged') and is_headline",
        [urn],
        "measure, pupil_group, academic_year",
    )
    if results:
        console.print(result_table(results, files))
    inspections = marts.rows("inspections", "urn = ?", [urn], "inspected_on desc")
    if inspections:
        console.print(inspection_table(inspections, files))
    if drafts:
        console.print(unseen(drafts, indicators))


def heading(school: Row, is_sample: bool) -> Group:
    """Who the school is."""
    line = " · ".join(
        words(part)
        for part in (
            f"URN {school['urn']}",
            school["school_kind"],
            school["establishment_type"],
            school["sector"],
            school["trust_name"],
            school["religious_character"],
            school["status"],
        )
        if part
    )
    parts: list[Text] = [Text(str(school["school_name"]), style="bold underline"), Text(line)]
    if school["predecessor_urns"]:
        parts.append(Text(f"Earlier establishments: {school['predecessor_urns']}"))
    if is_sample:
        parts.insert(0, Text(" SAMPLE DATA: an invented school ", style="black on yellow"))
    return Group(*parts, Text(""))


def no_draft(school: Row, provision: str | None) -> str:
    """Why no draft rating is shown."""
    if provision is not None:
        return f"No {words(provision)} rating: the files held show no such provision here."
    what = f"{school['status']}, {words(school['sector'])}"
    return f"No draft rating: only open state-funded schools are reviewed; this one is {what}."


def rating(draft: Row, alternatives: list[Row]) -> Group:
    """One provision's draft: colour in words, rule, reason, axes and what would change it."""
    title = Text(f"{PROVISIONS[draft['provision']]}: ", style="bold")
    title.append(words(draft["draft_rating"]), style=COLOURS[draft["draft_rating"]])
    title.append(" (draft; people decide)", style="dim")
    lines = [
        title,
        Text(draft["reason"]),
        Text(
            f"Rule {draft['rule']} · confidence {words(draft['confidence'])} · evidence stage {draft['evidence_stage']}"
        ),
    ]
    lines += [Text(f"  {label}: {words(draft[axis])}") for axis, label in AXES.items()]
    if draft["outcome_detail"]:
        lines.append(Text(f"  Decided from: {words(draft['outcome_detail'])}"))
    if draft["is_carried_forward"]:
        lines.append(Text("  This year's results are not held; the newest earlier ones stand."))
    if alternatives:
        lines.append(Text("What would change it:"))
        for row in alternatives:
            lines.append(Text(f"  {AXES[row['axis']]} {row['plain_words']}: {words(row['would_be'])}"))
    return Group(*lines, Text(""))


def risk(screen: Row) -> Group:
    """The school's line in the risk screen."""
    lines = [
        Text("Risk screen", style="bold"),
        Text(
            f"Band {words(screen['band'])}"
            + (f" ({words(screen['unscreened_reason'])})" if screen["unscreened_reason"] else "")
            + f" · {number(screen['points'])} points of {number(screen['points_seen'])} that could be seen"
            + f" ({number(screen['points_possible'])} possible) · outcome coverage {number(screen['coverage_pct'])} %"
            + f" · rank {screen['rank']}"
        ),
        Text(f"Route: {screen['route'] or 'not set for this sector'}"),
    ]
    return Group(*lines, Text(""))


def source_of(row: Row, files: dict[str, Row]) -> str:
    """File, line and column of a value, as a person would look it up."""
    held = files.get(row["file_id"])
    if held is None:
        return "–"
    return f"{held['file_name']} ({held['academic_year']}) line {row['line']}, {row['source_column']}"


def new_table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def indicator_table(indicators: list[Row], files: dict[str, Row]) -> Group:
    """Every indicator that applies, concerns first within its domain, with its evidence and source."""
    table = new_table("Indicators", "Domain", "State", "Points", "Evidence", "Source")
    for row in indicators:
        if row["state"] != "not_applicable":
            points = f"{number(row['points'])} of {number(row['points_at_stake'])}"
            table.add_row(words(row["domain"]), STATES[row["state"]], points, row["evidence"], source_of(row, files))
    return Group(table, Text(""))


def result_table(results: list[Row], files: dict[str, Row]) -> Group:
    """The last three years of every measure with a value, its interval and England's."""
    table = new_table(
        "Results (last three published years)",
        "Measure",
        "Pupils",
        "Year",
        "Value",
        "95 % interval",
        "n",
        "England",
        "Verdict",
        "Source",
    )
    by_measure: dict[tuple[str, str], list[Row]] = {}
    for row in results:
        by_measure.setdefault((row["measure"], row["pupil_group"]), []).append(row)
    for (_, group), years in by_measure.items():
        for row in years[-3:]:
            interval = "–" if row["lower_ci"] is None else f"{number(row['lower_ci'])} to {number(row['upper_ci'])}"
            note = " (predecessor)" if row["is_predecessor"] else ""
            table.add_row(
                row["measure_title"],
                group,
                row["academic_year"] + note,
                number(row["value"]),
                interval,
                number(row["cohort_n"]),
                number(row["national_value"]),
                words(VERDICTS.get(row["verdict"], row["verdict"])),
                source_of(row, files),
            )
    return Group(table, Text(""))


def inspection_table(inspections: list[Row], files: dict[str, Row]) -> Group:
    """Inspections through predecessors, newest first; a predecessor's is context, not a verdict."""
    table = new_table("Inspections", "Date", "Of", "Kind", "Outcome", "Source")
    for row in inspections:
        grades = [
            f"{label} {row[column]}"
            for column, label in (
                ("overall_grade", "overall"),
                ("quality_of_education", "quality of education"),
                ("behaviour_and_attitudes", "behaviour"),
                ("personal_development", "personal development"),
                ("leadership", "leadership"),
                ("early_years", "early years"),
                ("sixth_form", "sixth form"),
            )
            if row[column] is not None
        ]
        areas = [
            f"{column.removeprefix('card_').replace('_', ' ')} {value.lower()}"
            for column, value in row.items()
            if column.startswith("card_") and value
        ]
        found = (row["outcome_text"], ", ".join(grades), ", ".join(areas), row["category_of_concern"])
        parts = [part for part in found if part]
        table.add_row(
            day(row["inspected_on"]),
            f"predecessor {row['urn_inspected']} (context only)" if row["is_predecessor"] else "this school",
            row["event_kind"],
            "; ".join(parts) or "–",
            f"{files[row['file_id']]['file_name']} line {row['line']}",
        )
    return Group(table, Text(""))


def unseen(drafts: list[Row], indicators: list[Row]) -> Group:
    """What the ratings could not see: said last, so that it is what stays in mind."""
    lines = [Text("What was not visible", style="bold")]
    for draft in drafts:
        lines.append(Text(f"{PROVISIONS[draft['provision']]}: {draft['not_visible']}."))
    hidden = [row for row in indicators if row["state"] in ("suppressed", "too_small", "no_data", "not_published")]
    for row in hidden:
        lines.append(Text(f"  {row['title']}: {STATES[row['state']]}."))
    return Group(*lines)
