"""The list of schools: every school of the review as one line, in the order in which an adviser looks; counts by colour
and by area; results against intake as points.

Lines are written as data, not as markup: 24,000 schools stay usable because the page's script draws them in slices. The
first lines, the counts and the points are also given as plain data, so that the first screen needs no script.
"""

import json
from collections import defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.publication.views.figures import Measure, measures, shown, written
from pipelines.publication.views.handling import Audience
from pipelines.publication.views.words import COLOURS, RATINGS, words
from pipelines.seeds import seed

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

# Key and title of each column; those without a title are read by the script and not drawn as columns.
COLUMNS = (
    ("name", "School"),
    ("kind", "Kind"),
    ("area", "Area"),
    ("colour", "Colour"),
    ("why", "Result and England"),
    ("fsm", "Free meals"),
    ("years", "Years since visit"),
    ("state", "Decision"),
    ("points", "Points"),
    ("result", ""),
    ("urn", ""),
    ("sector", "Sector"),
    ("trust", "Trust"),
    ("trust_id", ""),
    ("early_years", ""),
    ("post_16", ""),
    ("is_red_asked", ""),
    ("matter", ""),
    ("is_apart", ""),
)
DRAWN = ("name", "kind", "area", "colour", "why", "fsm", "years", "state", "points")
FILTERS = ("kind", "sector", "area", "trust", "state")
SLICE = 25  # schools a screen
AGREED, CHANGED, TO_CONFIRM = "agreed", "changed", "to confirm"
NOT_ENOUGH = RATINGS[-1]
# The order in which the words of a column sort, what needs eyes first.
COLOUR_ORDER = (*map(words, reversed(COLOURS)), words(NOT_ENOUGH))
STATE_ORDER = (TO_CONFIRM, CHANGED, AGREED)


@dataclass(frozen=True)
class Spot:
    """One school in the picture of results against intake; both in per cent or points as the measure has them."""

    urn: str
    name: str
    rating: str
    fsm: float
    result: float


@dataclass(frozen=True)
class Scatter:
    """The schools of one result. `widest`, `most`: where its axes end. `england`: its value over the same years."""

    measure: str
    title: str
    unit: str
    widest: float
    most: float
    england: float | None
    spots: list[Spot]


@dataclass(frozen=True)
class AreaBar:
    """One area's schools by rating, those that need eyes first, zeros left out."""

    area: str
    schools_n: int
    counts: list[tuple[str, int]]


@dataclass(frozen=True)
class SchoolList:
    """What the page prints before its script runs, and the data that the script reads.

    `area_kind`: district where any is known, else constituency. `counts`: rating and schools in the list; `apart_n`:
    those that stand apart for want of data.
    """

    area_kind: str
    counts: list[tuple[str, int]]
    consider_red_n: int
    apart_n: int
    scatters: list[Scatter]
    areas: list[AreaBar]
    first: list[dict[str, Any]]
    titles: list[tuple[str, str]]
    data: dict[str, Any]


def school_list(
    screen: Rows,
    drafts: Rows,
    schools: Mapping[str, Row],
    results: Mapping[str, Rows],
    intake: Mapping[str, float | None],
    trust_ids: Container[str],
) -> SchoolList:
    """The list of schools.

    `screen`: of `risk_screen`; `drafts`: of `rayg_drafts`; `schools`: by URN; `results`: rows of `benchmarks` by URN,
    of the measures in `list_results`; `intake`: share of pupils with free meals in six years by URN; `trust_ids`:
    trusts with a page.
    """
    by_provision = {(row["urn"], row["provision"]): row for row in drafts}
    area_kind = "district" if any(school.get("district") for school in schools.values()) else "constituency"
    lines = [
        _line(row, by_provision, schools.get(row["urn"], {}), results, intake, trust_ids, area_kind) for row in screen
    ]
    lines.sort(key=_order)
    main = [line for line in lines if not line["is_apart"]]
    ratings = [line["colour"] for line in main]
    return SchoolList(
        area_kind=area_kind,
        counts=[(colour, ratings.count(colour)) for colour in COLOUR_ORDER if colour in ratings],
        consider_red_n=sum(line["is_red_asked"] for line in main),
        apart_n=len(lines) - len(main),
        scatters=_scatters(main, schools, results),
        areas=_areas(main),
        first=main[:SLICE],
        titles=[(key, title) for key, title in COLUMNS if key in DRAWN],
        data={
            "columns": [{"key": key, "title": title, "isDrawn": key in DRAWN} for key, title in COLUMNS],
            "filters": list(FILTERS),
            "slice": SLICE,
            "orders": {"colour": list(COLOUR_ORDER), "state": list(STATE_ORDER)},
            "rows": [[line[key] for key, _ in COLUMNS] for line in lines],
        },
    )


def list_script(data: Mapping[str, Any]) -> str:
    """The data as a script, so that the page reads it from the file system too, where pages may fetch nothing."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.raygSchools={text};\n"


def _line(
    row: Row,
    drafts: Mapping[tuple[str, str], Row],
    school: Row,
    results: Mapping[str, Rows],
    intake: Mapping[str, float | None],
    trust_ids: Container[str],
    area_kind: str,
) -> dict[str, Any]:
    urn = row["urn"]
    draft = drafts.get((urn, "whole_school"), {})
    rating = draft.get("final_rating") or draft.get("draft_rating") or NOT_ENOUGH
    result = _result(row["school_kind"], results.get(urn, []))
    trust_id = str(school.get("trust_id") or "")
    return {
        "name": row["school_name"],
        "kind": words(row["school_kind"]),
        "area": school.get(area_kind) or "not known",
        "colour": words(rating),
        "why": result[1] if result else "",
        "fsm": intake.get(urn),
        "years": row["years_since_inspection"],
        "state": _state(draft),
        "points": None if row["points"] is None else int(row["points"]),
        "result": result[0] if result else None,
        "urn": urn,
        "sector": words(row["sector"]),
        "trust": row["trust_name"] or "",
        "trust_id": trust_id if trust_id in trust_ids else "",
        "early_years": _rating_words(drafts.get((urn, "early_years"))),
        "post_16": _rating_words(drafts.get((urn, "post_16"))),
        "is_red_asked": int(bool(draft.get("consider_red"))),
        "matter": str(draft.get("open_matter") or ""),
        "is_apart": int(rating == NOT_ENOUGH and not draft.get("open_matter") and not draft.get("consider_red")),
    }


def _order(line: Mapping[str, Any]) -> tuple[Any, ...]:
    """Consider red first, then colour, then points: the most first."""
    points = line["points"]
    return (
        not line["is_red_asked"],
        COLOUR_ORDER.index(line["colour"]),
        points is None,
        -(points or 0),
        line["urn"],
    )


def _state(draft: Row) -> str:
    moderated = draft.get("moderated_rating")
    if not moderated:
        return TO_CONFIRM
    return AGREED if moderated == draft["draft_rating"] else CHANGED


def _rating_words(draft: Row | None) -> str:
    return words(draft["final_rating"] or draft["draft_rating"]) if draft else ""


def _result(kind: str, rows: Rows) -> tuple[float, str] | None:
    """The school's one result, three years together where they are, and the same in words beside England's."""
    line = next((line for line in seed("list_results") if line["school_kind"] == kind), None)
    row = next((row for row in rows if line and row["measure"] == line["measure"]), None)
    if line is None or row is None:
        return None
    measure = measures()[line["measure"]]
    pooled = _pooled(row)
    value, england, years = pooled or (row["value"], row["national_value"], row["academic_year"])
    counted = row | {"value": value, "cohort_n": row["pooled_3y_n"], "status": "reported"} if pooled else row
    if shown(counted, measure, Audience.INTERNAL) is None:
        return None
    text = f"{line['short_title']} {written(value, measure.unit, measure.decimals)}"
    if england is not None and row["is_set_against_national"]:
        text += f" v {written(england, measure.unit, measure.decimals)}"
    return round(float(value), measure.decimals + 1), f"{text} ({years})"


def _pooled(row: Row) -> tuple[float, float | None, str] | None:
    """Several years together: the value, England's, and the years from first to last."""
    if row["pooled_3y_value"] is None or (row["pooled_years_n"] or 0) < 2:
        return None
    years = str(row["pooled_years"]).split(", ")
    return row["pooled_3y_value"], row["pooled_3y_national_value"], f"{years[0][:4]}–{years[-1][-2:]}"


def _scatters(lines: Rows, schools: Mapping[str, Row], results: Mapping[str, Rows]) -> list[Scatter]:
    """One picture for each result, in the seed's order; a school without result or intake is not in it."""
    measure_of = {words(line["school_kind"]): line["measure"] for line in seed("list_results")}
    by_measure: dict[str, list[Spot]] = defaultdict(list)
    for line in lines:
        if line["result"] is not None and line["fsm"] is not None:
            spot = Spot(line["urn"], line["name"], line["colour"], line["fsm"], line["result"])
            by_measure[measure_of[line["kind"]]].append(spot)
    return [
        _scatter(measures()[name], spots, [row for rows in results.values() for row in rows if row["measure"] == name])
        for name in dict.fromkeys(measure_of.values())
        if (spots := by_measure.get(name))
    ]


def _scatter(measure: Measure, spots: list[Spot], rows: Rows) -> Scatter:
    newest = max((row["academic_year"] for row in rows), default=None)
    england = [
        row["pooled_3y_national_value"] or row["national_value"]
        for row in rows
        if row["academic_year"] == newest and row["is_set_against_national"] and row["national_value"] is not None
    ]
    # of schools with all three years most say the same; the middle one is England's value of those years
    middle = sorted(england)[len(england) // 2] if england else None
    most = 100.0 if measure.unit == "pct" else 10 * (max(spot.result for spot in spots) // 10 + 1)
    widest = 20 * (max(spot.fsm for spot in spots) // 20 + 1)
    return Scatter(measure.name, measure.title, measure.unit, widest, most, middle, spots)


def _areas(lines: Rows) -> list[AreaBar]:
    """The areas with most schools that need eyes first."""
    by_area: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        by_area[line["area"]].append(line["colour"])
    bars = [
        AreaBar(area, len(colours), [(one, colours.count(one)) for one in COLOUR_ORDER if one in colours])
        for area, colours in by_area.items()
    ]
    return sorted(bars, key=lambda bar: ([-dict(bar.counts).get(one, 0) for one in COLOUR_ORDER], bar.area))
