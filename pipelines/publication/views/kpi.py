"""One KPI of an authority: its line in the scorecard, its years, and the cells that they rest on.

Pure: rows in, data out. Each KPI's numbers and sentence stand in the mart `japr_kpis`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.publication.views import charts
from pipelines.publication.views.charts import Chart
from pipelines.publication.views.figures import difference, doubted, measures, plain, written
from pipelines.publication.views.sources import Sources, file_label
from pipelines.publication.views.words import ABSENCES, NOTHING, UNITS, words
from pipelines.seeds import seed

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]
YearCells = list[tuple[str, str | None, Row]]  # what a cell is to the year's value, its pupil group, the observation
SchoolCells = Rows  # schools' values of one file and column: first_line, last_line, schools_n

# Against what each kind of gap is set: whose value, and which of the gap's two groups.
GAP_SIDES = {
    "within_entity": ("la", "comparator_group"),
    "to_national_other": ("country", "comparator_group"),
    "to_national_disadvantaged": ("country", "pupil_group"),
}


@dataclass(frozen=True)
class KpiYear:
    """One year of a KPI as its table prints it."""

    year: str
    value: str
    interval: str
    national: str
    neighbours: str
    rank: str
    release: str
    source: int | None


@dataclass(frozen=True)
class Kpi:
    """One KPI: its line in the scorecard, and its years."""

    id: str
    title: str
    paragraph: str
    year: str
    latest: str
    previous: str
    change: str
    national: str
    difference: str
    neighbours: str
    rank: str
    quartile: str
    target: str
    target_words: str
    sentence: str
    unit_words: str
    is_gap: bool
    is_all_pupils: bool
    chart: Chart | None
    standing: Chart | None
    years: list[KpiYear]


@dataclass(frozen=True)
class AreaLine:
    """A district's or kind of school's value of one year."""

    area: str
    value: str
    pupils: str
    schools: str
    not_shown: str
    basis: str


@dataclass(frozen=True)
class YearTrail:
    """One year of a KPI, its sentence, and one line for each cell behind it."""

    line: KpiYear
    sentence: str
    cells: list[str]


@dataclass(frozen=True)
class KpiAccount:
    """A KPI of one authority with its years, newest first, and the newest year by area with what that is made from."""

    kpi: Kpi
    priority: str
    years: list[YearTrail]
    areas_year: str
    areas: list[AreaLine]
    areas_cells: list[str]


def kpi_account(
    years: Rows, cells: list[YearCells], areas: Rows, school_cells: SchoolCells, files: Mapping[str, Row]
) -> KpiAccount:
    """The account of one KPI. `years`: of `japr_kpis`, one authority's, oldest first; `cells`: behind each of them.

    `areas`: of `japr_district_kpis`, one year's. `files`: held files by `file_id`.
    """
    latest = latest_year(years)
    kpi = kpi_of(years, latest, [], frozenset(), Sources(files), "")
    labels = {file_id: file_label(row) for file_id, row in files.items()}
    trails = [
        YearTrail(line, str(row["commentary"] or ""), _cell_lines(row, behind, labels))
        for line, row, behind in zip(kpi.years, years, cells, strict=True)
    ]
    unit, decimals = unit_of(latest), decimals_of(latest)
    return KpiAccount(
        kpi=kpi,
        priority=str(latest["priority"]),
        years=trails[::-1],
        areas_year=areas[0]["academic_year"] if areas else "",
        areas=[_area(row, unit, decimals) for row in areas],
        areas_cells=[
            f"made from {row['schools_n']} schools of {labels.get(row['file_id'], row['source'])}, column"
            f" {row['source_column']}, lines {row['first_line']} to {row['last_line']}"
            for row in school_cells
        ],
    )


def latest_year(years: Rows) -> dict[str, Any]:
    """The newest year with a value, else the newest. `years`: one KPI's rows, oldest first."""
    return next((row for row in reversed(years) if row["status"] == "reported"), years[-1])


def kpi_of(years: Rows, latest: Row, peers: Rows, near: frozenset[str], sources: Sources, la_name: str) -> Kpi:
    """One KPI of one authority. `latest`: as `latest_year` gives it. `peers`: every authority's rows of that year.
    `near`: codes of its neighbours.
    """
    value_unit, decimals = unit_of(latest), decimals_of(latest)

    def text(value: float | None) -> str:
        return written(value, value_unit, decimals)

    is_gap = latest["gap_type"] is not None
    rank = f"{latest['la_rank']} of {latest['la_count']}" if latest["la_rank"] else NOTHING
    draw = charts.gap if is_gap else charts.trend
    target = text(latest["target"])
    if latest["target"] is not None and latest["target_year"]:
        target += f" by {latest['target_year']}"
    return Kpi(
        id=f"kpi-{latest['kpi']}",
        title=latest["title"],
        paragraph=str(latest["strategy_paragraph"] or ""),
        year=latest["academic_year"],
        latest=text(latest["value"]) if latest["value"] is not None else NOTHING,
        previous=text(latest["previous_value"]),
        change=difference(latest["value"], latest["previous_value"], decimals),
        national=text(latest["national_value"]),
        difference=difference(latest["value"], latest["national_value"], decimals),
        neighbours=written(latest["neighbour_mean"], value_unit, max(decimals, 1)),
        rank=rank,
        quartile=str(latest["la_quartile"] or NOTHING),
        target=target,
        target_words=words(latest["target_status"]),
        sentence=str(latest["commentary"] or ""),
        unit_words=UNITS.get(latest["unit"], str(latest["unit"])),
        is_gap=is_gap,
        is_all_pupils=latest["pupil_group"] == "all",
        chart=draw(latest["title"], value_unit, decimals, [_point(row) for row in years]),
        standing=_standing(latest, peers, near, value_unit, decimals, la_name),
        years=[_year(row, value_unit, decimals, sources) for row in years],
    )


def decimals_of(row: Row) -> int:
    """The decimals with which a KPI's values are written."""
    measure = measures().get(row["measure"])
    return measure.decimals if measure else (0 if row["unit"] == "pct" else 1)


def _point(row: Row) -> charts.Point:
    return {
        "year": row["academic_year"],
        "value": row["value"],
        "lower": row["lower_ci"],
        "upper": row["upper_ci"],
        "national": row["national_value"],
        "neighbours": row["neighbour_mean"],
    }


def _year(row: Row, unit: str, decimals: int, sources: Sources) -> KpiYear:
    has_interval = row["lower_ci"] is not None and row["upper_ci"] is not None
    return KpiYear(
        year=row["academic_year"],
        value=(
            doubted(written(row["value"], unit, decimals), row)
            if row["value"] is not None
            else ABSENCES.get(row["status"], words(row["status"]))
        ),
        interval=f"{written(row['lower_ci'], '', 1)} to {written(row['upper_ci'], '', 1)}" if has_interval else NOTHING,
        national=written(row["national_value"], unit, decimals),
        neighbours=written(row["neighbour_mean"], unit, max(decimals, 1)),
        rank=f"{row['la_rank']} of {row['la_count']}" if row["la_rank"] else NOTHING,
        release=words(row["release"]),
        source=sources.cite(row),
    )


def _standing(latest: Row, peers: Rows, near: frozenset[str], unit: str, decimals: int, la_name: str) -> Chart | None:
    """Where the authority stands among all, in its latest year; None where no others are held or it has no rank."""
    if latest["gap_type"] is not None or latest["pupil_group"] != "all" or not latest["la_rank"]:
        return None
    points: list[charts.Point] = []
    for row in peers:
        if row["value"] is None:
            continue
        own = row["entity_code"] == latest["la_code"]
        who = "own" if own else "neighbour" if row["entity_code"] in near else "other"
        points.append({"value": row["value"], "who": who, "name": la_name if own else row["entity_code"]})
    if latest["national_value"] is not None:
        points.append({"value": latest["national_value"], "who": "national", "name": "England"})
    rank = f"rank {latest['la_rank']} of {latest['la_count']}, quartile {latest['la_quartile']}"
    return charts.strip(latest["title"], unit, decimals, points, rank)


def unit_of(row: Row) -> str:
    """The unit that is written behind a KPI's values: `pct` or none."""
    return "pct" if row["unit"] == "pct" else ""


def _area(row: Row, unit: str, decimals: int) -> AreaLine:
    return AreaLine(
        area=words(row["area"]),
        value=(
            written(row["value"], unit, decimals)
            if row["status"] == "reported"
            else ABSENCES.get(row["status"], words(row["status"]))
        ),
        pupils=written(row["pupils_n"]),
        schools=written(row["schools_n"]),
        not_shown=written(row["schools_not_shown_n"]),
        basis=words(row["basis"]),
    )


def _cell_lines(row: Row, cells: YearCells, labels: Mapping[str, str]) -> list[str]:
    lines = [_cell(what, group, cell, labels) for what, group, cell in cells]
    return [*lines, f"left out: {row['left_out']}"] if row["left_out"] else lines


def _cell(what: str, group: str | None, cell: Row, labels: Mapping[str, str]) -> str:
    if cell["file_id"] == "seed":
        return f"{what} ({words(group)}): {words(cell['status'])}, from the seed {cell['source']}"
    place, is_counted = _place(cell)
    where = f"{labels.get(cell['file_id'], cell['source'])}, {place}"
    # a share of inspections prints both its numbers already
    has_pupils = cell["denominator"] is not None and not is_counted
    pupils = f" ({plain(cell['denominator'])} pupils)" if has_pupils else ""
    release = f"{words(cell['release'])}, basis {words(cell['basis'])}"
    return f"{what} ({words(group)}): {cell['raw_value'] or words(cell['status'])}{pupils}, {release}, from {where}"


def _place(cell: Row) -> tuple[str, bool]:
    """Line and column of a cell, and whether it is a share of inspections: then the columns that were counted."""
    series = next((row for row in seed("inspection_series") if row["measure"] == cell["measure"]), None)
    if series is None:
        return f"line {cell['line']}, column {cell['source_column']}", False
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
