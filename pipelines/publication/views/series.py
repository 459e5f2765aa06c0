"""Results over the years as a page shows them: one series per measure and pupil group, with its chart and its table.

Rows come from the mart `benchmarks` (or `gaps`, for gaps); nothing is computed but what a chart needs to be drawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.publication.views import charts
from pipelines.publication.views.charts import Chart
from pipelines.publication.views.figures import (
    Measure,
    doubt_in_words,
    doubted,
    group_titles,
    measures,
    shown,
    signed,
    value_text,
    written,
)
from pipelines.publication.views.handling import LOCAL_RELEASE, TOO_FEW, Audience, counted_pupils, is_shown
from pipelines.publication.views.sources import Sources
from pipelines.publication.views.words import ABSENCES, GAP_KINDS, NOTHING, verdict_words, words

Row = Mapping[str, Any]


@dataclass(frozen=True)
class YearLine:
    """One year of a series as its table prints it. `is_shown`: else `value` says why there is none."""

    year: str
    is_shown: bool
    value: str
    interval: str
    pupils: str
    national: str
    similar: str
    verdict: str
    note: str
    source: int | None


@dataclass(frozen=True)
class Series:
    """One measure of one pupil group over the years. `chart` is None where no year may be drawn."""

    id: str
    measure: Measure
    title: str
    group: str
    lines: list[YearLine]
    chart: Chart | None

    @property
    def why_not(self) -> str:
        """Why the newest year has no value to show."""
        return f"{self.lines[-1].value} ({self.lines[-1].year})"

    @property
    def has_similar(self) -> bool:
        """Whether similar schools' values are known of any year."""
        return any(line.similar != NOTHING for line in self.lines)

    @property
    def has_notes(self) -> bool:
        return any(line.note for line in self.lines)


@dataclass(frozen=True)
class Latest:
    """The newest value of a measure of one pupil group."""

    measure: Measure
    title: str
    line: YearLine


@dataclass(frozen=True)
class GapLine:
    """One year's gaps of one measure: each kind as text with its interval, in the order of GAP_KINDS."""

    year: str
    pupils: str
    gaps: list[str]
    equivalent: str
    pace: str
    source: int | None


@dataclass(frozen=True)
class GapSeries:
    """The gaps of one measure over the years. `drawn`: which kind the chart shows, empty where none may be drawn."""

    id: str
    measure: Measure
    title: str
    drawn: str
    lines: list[GapLine]
    chart: Chart | None

    @property
    def why_not(self) -> str:
        """Why the newest year has no gap to show."""
        texts = [text for text in self.lines[-1].gaps if text != NOTHING]
        return f"{texts[0] if texts else NOTHING} ({self.lines[-1].year})"


def all_series(rows: Iterable[Row], sources: Sources, audience: Audience) -> list[Series]:
    """A series for each measure and group of the rows, in the seed's order of measures. `rows`: of `benchmarks`."""
    return [_series(*key, years, sources, audience) for key, years in _by_measure(rows, audience)]


def latest_values(rows: Iterable[Row], sources: Sources, audience: Audience) -> list[Latest]:
    """The newest value of each measure and group, else why the newest year has none. `rows`: of `benchmarks`."""
    latest = []
    for (measure, group), years in _by_measure(rows, audience):
        newest = next((row for row in reversed(years) if row["status"] == "reported"), years[-1])
        latest.append(Latest(measure, _title(measure, group), _line(newest, measure, sources, audience)))
    return latest


def _by_measure(rows: Iterable[Row], audience: Audience) -> list[tuple[tuple[Measure, str], list[Row]]]:
    """Rows by measure and group in the seed's order, oldest year first; unvalidated ones for the internal audience."""
    by_key: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["release"] != LOCAL_RELEASE or audience is Audience.INTERNAL:
            by_key[(row["measure"], row["pupil_group"])].append(row)
    keys = sorted(by_key, key=lambda key: (_order()[key[0]], key[1]))
    return [
        ((measures()[measure], group), sorted(by_key[(measure, group)], key=lambda row: row["academic_year"]))
        for measure, group in keys
    ]


@cache
def _order() -> dict[str, int]:
    return {name: at for at, name in enumerate(measures())}


def _title(measure: Measure, group: str) -> str:
    return measure.title if group == "all" else f"{measure.title}: {group_titles().get(group, words(group))}"


def _series(measure: Measure, group: str, years: list[Row], sources: Sources, audience: Audience) -> Series:
    title = _title(measure, group)
    lines = [_line(row, measure, sources, audience) for row in years]
    points = [_point(row, measure, audience) for row in years]
    chart = charts.trend(title, measure.unit, measure.decimals, points)
    return Series(f"{measure.name}-{group}", measure, title, group, lines, chart)


def _line(row: Row, measure: Measure, sources: Sources, audience: Audience) -> YearLine:
    value = shown(row, measure, audience)
    has_interval = value is not None and row["lower_ci"] is not None and row["upper_ci"] is not None
    notes = []
    if row["is_predecessor"]:
        notes.append("predecessor school")
    if row["release"] == LOCAL_RELEASE:
        notes.append("unvalidated, the authority's own return")
    elif row["release"] == "provisional":
        notes.append("provisional")
    if value is not None and row.get("doubt"):
        notes.append(doubt_in_words(row))
    return YearLine(
        year=row["academic_year"],
        is_shown=value is not None,
        value=value_text(row, measure, audience),
        interval=(
            f"{written(row['lower_ci'], '', 1)} to {written(row['upper_ci'], '', 1)}" if has_interval else NOTHING
        ),
        pupils=written(row["cohort_n"]) if value is not None else NOTHING,
        national=written(_national(row), measure.unit, measure.decimals),
        similar=written(row["similar_schools_value"], measure.unit, measure.decimals) if value is not None else NOTHING,
        verdict=verdict_words(row["verdict"]) if value is not None else NOTHING,
        note="; ".join(notes),
        source=sources.cite(row),
    )


def _national(row: Row) -> float | None:
    """England's value; 0 where progress and value added are compared with it by their making."""
    value: float | None = row["compared_with"] if row["national_value"] is None else row["national_value"]
    return value


def _point(row: Row, measure: Measure, audience: Audience) -> charts.Point:
    value = shown(row, measure, audience)
    return {
        "year": row["academic_year"],
        "value": value,
        "lower": row["lower_ci"] if value is not None else None,
        "upper": row["upper_ci"] if value is not None else None,
        "national": _national(row),
        "is_predecessor": True if row["is_predecessor"] else None,
    }


def gap_series(rows: Iterable[Row], sources: Sources, audience: Audience) -> list[GapSeries]:
    """The gaps of each measure. `rows`: of the mart `gaps`, of one entity and pupil group."""
    by_measure: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["release"] != LOCAL_RELEASE or audience is Audience.INTERNAL:
            by_measure[row["measure"]].append(row)
    return [
        _gaps(measures()[name], by_measure[name], sources, audience)
        for name in sorted(by_measure, key=lambda name: _order()[name])
    ]


def _gaps(measure: Measure, rows: list[Row], sources: Sources, audience: Audience) -> GapSeries:
    title = f"{measure.title}: gap of {group_titles()[rows[0]['pupil_group']]}"
    years = sorted({row["academic_year"] for row in rows})
    by_cell = {(row["academic_year"], row["gap_type"]): row for row in rows}
    drawn, chart = "", None
    for kind, kind_words in GAP_KINDS.items():
        points = [_gap_point(year, by_cell.get((year, kind)), measure, audience) for year in years]
        chart = charts.gap(f"{title} {kind_words}", "", measure.decimals, points)
        if chart is not None:
            drawn = kind_words
            break
    lines = [
        _gap_line(year, [by_cell.get((year, kind)) for kind in GAP_KINDS], measure, sources, audience) for year in years
    ]
    return GapSeries(f"gap-{measure.name}", measure, title, drawn, lines, chart)


def _is_gap_shown(row: Row, measure: Measure, audience: Audience) -> bool:
    pupils = row["disadvantaged_n"]
    counted = counted_pupils(measure.name, row["disadvantaged_value"], pupils)
    if row["gap_type"] == "within_entity" and row["release"] == LOCAL_RELEASE:
        pupils = None  # the mart does not say how many other pupils stand behind it
    return row["gap"] is not None and is_shown(row["release"], pupils, counted, audience)


def _gap_point(year: str, row: Row | None, measure: Measure, audience: Audience) -> charts.Point:
    if row is None or not _is_gap_shown(row, measure, audience):
        return {"year": year, "value": None}
    return {"year": year, "value": row["gap"], "lower": row["gap_lower_ci"], "upper": row["gap_upper_ci"]}


def _gap_line(year: str, kinds: list[Row | None], measure: Measure, sources: Sources, audience: Audience) -> GapLine:
    rows = [row for row in kinds if row is not None]
    seen = [row for row in rows if _is_gap_shown(row, measure, audience)]
    return GapLine(
        year=year,
        pupils=written(seen[0]["disadvantaged_n"]) if seen else NOTHING,
        gaps=[NOTHING if row is None else _gap_text(row, measure, audience) for row in kinds],
        equivalent=signed(seen[0]["pupils_equivalent"]) if seen else NOTHING,
        pace=words(seen[0]["pace_1y"]) if seen else NOTHING,
        source=sources.cite(rows[0]),
    )


def _gap_text(row: Row, measure: Measure, audience: Audience) -> str:
    if row["gap"] is None:
        return ABSENCES.get(row["status"], words(row["status"]))
    if not _is_gap_shown(row, measure, audience):
        return TOO_FEW
    gap = doubted(signed(row["gap"], "", measure.decimals), row)
    if row["gap_lower_ci"] is None or row["gap_upper_ci"] is None:
        return f"{gap} {doubt_in_words(row)}".rstrip()
    interval = f"({written(row['gap_lower_ci'], '', 1)} to {written(row['gap_upper_ci'], '', 1)})"
    return f"{gap} {interval} {doubt_in_words(row)}".rstrip()
