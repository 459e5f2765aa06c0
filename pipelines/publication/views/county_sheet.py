"""The county on one page: what the figures say, six tiles, where it stands lowest and highest, the gap stage by stage,
the colours of its schools, and where the pupils are whose success would bring it level.

Pure: rows in, page data out. Which KPIs stand where is decided in the seeds `county_headlines`, `county_tiles` and
`county_stages`; where things are drawn, in the template.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.publication.views.decomposition import Decomposition, ShortSchool
from pipelines.publication.views.figures import group_titles, measures, printed_difference, signed, written
from pipelines.publication.views.kpi import decimals_of, latest_year, unit_of
from pipelines.publication.views.words import CONCERNS, NOTHING, QUARTERS, RATINGS, words
from pipelines.seeds import policy, seed

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

LISTED = 8  # measures on either side: what one printed page has room for
MOST_DISADVANTAGED = 1  # the intake quarter
BOTTOM = 4  # the quarter of authorities that does least well


@dataclass(frozen=True)
class SparkPoint:
    """One year of a small line. `year`: the calendar year the academic year begins in."""

    year: int
    value: float


@dataclass(frozen=True)
class Tile:
    """One figure at the top. `other_year`: its year where that is not the review's. `target`: where one is agreed."""

    title: str
    value: str
    england: str
    other_year: str
    standing: str
    target: str
    is_better_low: bool
    own: list[SparkPoint]
    national: list[SparkPoint]


@dataclass(frozen=True)
class Place:
    """Where the county stands on one measure. `position`: 0 the best of the authorities, 1 the worst."""

    kpi: str
    title: str
    position: float
    rank: str
    difference: str
    from_neighbours: str
    england: str


@dataclass(frozen=True)
class Stage:
    """A group of pupils and those it is set against, in the county and in England; all in per cent."""

    title: str
    year: str
    group_words: str
    against_words: str
    own: tuple[float, float]
    england: tuple[float, float] | None
    says: str


@dataclass(frozen=True)
class ColourBar:
    """The colours of one sector's schools, strongest first: rating and number of schools, zeros left out."""

    title: str
    schools_n: int
    agreed_n: int
    counts: list[tuple[str, int]]


@dataclass(frozen=True)
class Pupils:
    """The schools with most pupils short of national on one measure."""

    title: str
    sentence: str
    schools: list[ShortSchool]


@dataclass(frozen=True)
class CountySheet:
    """All that the page prints. `headlines` open it; `count` says what it counts. `bottom`: every measure in the bottom
    quarter, by group of pupils.
    """

    headlines: list[str]
    count: str
    bottom: list[tuple[str, list[str]]]
    no_target: str
    tiles: list[Tile]
    lowest: list[Place]
    highest: list[Place]
    stages: list[Stage]
    bars: list[ColourBar]
    ratings: list[str]
    colours: str
    pupils: list[Pupils]
    missing_n: int
    kpis_n: int


def county_sheet(kpis: Rows, drafts: Rows, parts: Iterable[Decomposition], review: str) -> CountySheet:
    """The county's one page. `kpis`: of `japr_kpis`, one LA's; `drafts`: of `rayg_drafts`; `parts`: where the gaps lie;
    `review`: the academic year that the review is of. A figure of an earlier year stands on its own tile alone.
    """
    by_kpi: dict[str, Rows] = defaultdict(list)
    for row in sorted(kpis, key=lambda row: str(row["academic_year"])):
        by_kpi[row["kpi"]].append(row)
    now = {
        name: row
        for name, years in by_kpi.items()
        if (row := latest_year(years))["status"] == "reported" and row["academic_year"] >= review
    }
    ranked = _ranked(now.values())
    places = sorted((_place(row) for row in ranked), key=lambda place: (place.position, place.title))
    return CountySheet(
        headlines=list(_headlines(now)),
        count=_count(now.values(), review),
        bottom=_bottom(ranked),
        no_target="" if any(row["target"] is not None for row in now.values()) else "No target is agreed yet.",
        tiles=[_tile(row["title"], by_kpi[row["kpi"]], review) for row in seed("county_tiles") if row["kpi"] in by_kpi],
        lowest=[place for place in reversed(places) if place.position > 0.5][:LISTED],
        highest=[place for place in places if place.position < 0.5][:LISTED],
        stages=[stage for row in seed("county_stages") if (stage := _stage(row, now))],
        bars=_bars(drafts),
        ratings=[one for one in RATINGS if any(_rating(row) == one for row in _whole_schools(drafts))],
        colours=_colours(drafts),
        pupils=_pupils(parts, review),
        missing_n=len(by_kpi) - len(now),
        kpis_n=len(by_kpi),
    )


def _ranked(rows: Iterable[Row]) -> Rows:
    """The measures whose rank says something: none of gaps, which repeat their group's, and none among few."""
    ranked = [dict(row) for row in rows if row["la_rank"] and row["gap_type"] is None]
    every = max((row["la_count"] for row in ranked), default=0)
    return [row for row in ranked if 100 * row["la_count"] >= policy("least_ranked_authorities_pct") * every]


def _headlines(now: Mapping[str, Row]) -> Iterable[str]:
    for line in seed("county_headlines"):
        row = now.get(line["kpi"])
        if row is not None and row["national_value"] is not None:
            standing = f" Rank {_standing(row)}." if row["la_rank"] else ""
            yield line["sentence"].format(value=_text(row, "value"), england=_text(row, "national_value")) + standing


def _count(rows: Iterable[Row], review: str) -> str:
    """How many measures are better than England's, as printed, of those that can be compared."""
    compared = [
        difference * measures()[row["measure"]].polarity
        for row in rows
        if row["gap_type"] is None and row["measure"] in measures() and measures()[row["measure"]].polarity
        if (difference := _difference(row, "national_value")) is not None
    ]
    better, worse = sum(one > 0 for one in compared), sum(one < 0 for one in compared)
    if not compared:
        return f"No measure of {review} can be compared with England yet."
    return (
        f"On {len(compared)} measures with a figure of {review}: better than England on {better}, worse on {worse}, the"
        f" same on {len(compared) - better - worse}."
    )


def _bottom(ranked: Rows) -> list[tuple[str, list[str]]]:
    """The measures in the bottom quarter of authorities by group of pupils, the group with most of them first."""
    by_group: dict[str, list[str]] = defaultdict(list)
    for row in ranked:
        if row["la_quartile"] == BOTTOM:
            by_group[row["pupil_group"]].append(_short(row).split(" (")[0])
    return sorted(
        ((group_titles().get(group, words(group)), titles) for group, titles in by_group.items()),
        key=lambda group: (-len(group[1]), group[0]),
    )


def _tile(title: str, years: Rows, review: str) -> Tile:
    row = latest_year(years)
    is_other = row["status"] == "reported" and row["academic_year"] != review
    target = f"target {_text(row, 'target')}" if row["target"] is not None else ""
    if target and row["target_year"]:
        target += f" by {row['target_year']}"
    return Tile(
        title=title,
        value=_text(row, "value"),
        england=_text(row, "national_value"),
        other_year=row["academic_year"] if is_other else "",
        standing=f"{row['la_rank']} of {row['la_count']}: {_quarter(row)}" if row["la_rank"] else "",
        target=target,
        is_better_low=row["measure"] in measures() and measures()[row["measure"]].polarity < 0,
        own=_points(years, "value"),
        national=_points(years, "national_value"),
    )


def _points(years: Rows, column: str) -> list[SparkPoint]:
    return [SparkPoint(int(row["academic_year"][:4]), row[column]) for row in years if row[column] is not None]


def _place(row: Row) -> Place:
    unit, decimals = unit_of(row), decimals_of(row)
    return Place(
        kpi=row["kpi"],
        title=_short(row),
        position=(row["la_rank"] - 1) / max(row["la_count"] - 1, 1),
        rank=f"{row['la_rank']} of {row['la_count']}",
        difference=signed(_difference(row, "national_value"), "", decimals),
        from_neighbours=signed(_difference(row, "neighbour_mean"), "", decimals),
        england=written(row["national_value"], unit, decimals),
    )


def _stage(line: Mapping[str, str], now: Mapping[str, Row]) -> Stage | None:
    group, against = now.get(line["kpi"]), now.get(line["against_kpi"])
    if group is None or against is None:
        return None
    has_england = group["national_value"] is not None and against["national_value"] is not None
    england = (group["national_value"], against["national_value"]) if has_england else None
    says = (
        f"{line['stage']}: {_text(group, 'value')} of {line['group_words']} and {_text(against, 'value')} of"
        f" {line['against_words']}"
    )
    if england:
        says += f"; in England {_text(group, 'national_value')} and {_text(against, 'national_value')}"
    return Stage(
        title=line["stage"],
        year=group["academic_year"],
        group_words=line["group_words"],
        against_words=line["against_words"],
        own=(group["value"], against["value"]),
        england=england,
        says=f"{says}.",
    )


def _pupils(parts: Iterable[Decomposition], review: str) -> list[Pupils]:
    """Where the gap lies on the measures of the stages that have a figure of the review's year."""
    measure_of = {row["kpi"]: row["measure"] for row in seed("kpis")}
    of_stages = {measure_of[row["kpi"]] for row in seed("county_stages")}
    return [
        Pupils(part.title, part.sentence, part.schools)
        for part in parts
        if part.measure in of_stages and part.schools and part.year == review
    ]


def _bars(drafts: Rows) -> list[ColourBar]:
    """One bar for each sector, the largest first."""
    by_sector: dict[str, Rows] = defaultdict(list)
    for row in _whole_schools(drafts):
        by_sector[words(row["sector"])].append(row)
    bars = []
    for sector, rows in sorted(by_sector.items(), key=lambda item: (-len(item[1]), item[0])):
        ratings = [_rating(row) for row in rows]
        counts = [(rating, ratings.count(rating)) for rating in RATINGS if rating in ratings]
        bars.append(ColourBar(sector, len(rows), sum(bool(row["moderated_rating"]) for row in rows), counts))
    return bars


def _colours(drafts: Rows) -> str:
    """How many schools are of concern and how many of these are in the most disadvantaged quarter, in a sentence."""
    schools = _whole_schools(drafts)
    of_concern = [row for row in schools if _rating(row) in CONCERNS]
    if not schools:
        return ""
    counts = [(sum(_rating(row) == rating for row in of_concern), rating) for rating in reversed(CONCERNS)]
    named = " and ".join(f"{number or 'none'} {words(rating)}" for number, rating in counts)
    parts = [f"{named.capitalize()}."]
    if considered := sum(bool(row["consider_red"]) for row in schools):
        parts.append(f"An adviser is asked to consider red for {considered}.")
    if of_concern:
        most = sum(row["intake_quarter"] == MOST_DISADVANTAGED for row in of_concern)
        parts.append(f"In the most disadvantaged quarter of schools: {most} of these {len(of_concern)}.")
    return " ".join(parts)


def _whole_schools(drafts: Rows) -> Rows:
    return [row for row in drafts if row["provision"] == "whole_school"]


def _rating(row: Row) -> str:
    return str(row["final_rating"] or row["draft_rating"])


def _standing(row: Row) -> str:
    return f"{row['la_rank']} of {row['la_count']} authorities, {_quarter(row)}"


def _quarter(row: Row) -> str:
    return QUARTERS[str(row["la_quartile"])]


def _short(row: Row) -> str:
    return next(line["short_title"] for line in seed("kpis") if line["kpi"] == row["kpi"]) or str(row["title"])


def _text(row: Row, column: str) -> str:
    return NOTHING if row[column] is None else written(row[column], unit_of(row), decimals_of(row))


def _difference(row: Row, column: str) -> float | None:
    return printed_difference(row["value"], row[column], decimals_of(row))
