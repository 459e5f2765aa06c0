"""The county page: the scorecard of the joint annual performance review, trends, gaps, standing among authorities.

Pure: rows in, page data out. Each KPI's numbers and sentence stand in the mart `japr_kpis`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.publication.views import charts
from pipelines.publication.views.charts import Chart
from pipelines.publication.views.decomposition import Decomposition
from pipelines.publication.views.figures import (
    NOTHING,
    UNITS,
    Measure,
    absences,
    difference,
    measures,
    words,
    written,
)
from pipelines.publication.views.ratings import Distribution, distribution
from pipelines.publication.views.sources import CitedFile, Sources

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

# A family of KPIs by the key stage of their measure, else by its domain; in the order of a child's years.
FAMILIES = {
    "eyfs": "Early years",
    "ks1": "Phonics and key stage 1",
    "mtc": "Multiplication tables check",
    "ks2": "Key stage 2",
    "ks4": "Key stage 4",
    "ks5": "16 to 18",
    "attendance": "Attendance",
    "behaviour": "Suspensions and exclusions",
    "inspection": "Inspection",
}
OTHER_FAMILY = "Other"


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
class Family:
    """The KPIs of one stage or subject within a priority."""

    id: str
    title: str
    kpis: list[Kpi]

    @property
    def trends(self) -> list[Kpi]:
        """Those of all pupils, drawn over the years."""
        return [kpi for kpi in self.kpis if kpi.chart and kpi.is_all_pupils and not kpi.is_gap]

    @property
    def gaps(self) -> list[Kpi]:
        return [kpi for kpi in self.kpis if kpi.chart and kpi.is_gap]

    @property
    def groups(self) -> list[Kpi]:
        """Those of one group of pupils: each has its table."""
        return [kpi for kpi in self.kpis if not kpi.is_all_pupils and not kpi.is_gap]

    @property
    def standings(self) -> list[Kpi]:
        return [kpi for kpi in self.kpis if kpi.standing]


@dataclass(frozen=True)
class Priority:
    """A priority of the strategy with its families."""

    title: str
    families: list[Family]


@dataclass(frozen=True)
class CountyPage:
    """All that the county page prints. `missing`: one line for each KPI without a latest value."""

    priorities: list[Priority]
    missing: list[tuple[str, str]]
    distribution: Distribution
    decompositions: list[Decomposition]
    files: list[CitedFile]


def county_page(
    kpis: Rows,
    standings: Rows,
    neighbours: Iterable[str],
    drafts: Rows,
    parts: list[Decomposition],
    files: Mapping[str, Row],
    la_name: str,
) -> CountyPage:
    """The county page.

    `kpis`: of `japr_kpis`, one LA's. `standings`: of `benchmarks`, every authority's rows of the KPIs' latest years.
    `neighbours`: LA codes. `drafts`: of `rayg_drafts`. `parts`: where the gaps lie.
    """
    sources = Sources(files)
    peers = _peers(standings)
    near = frozenset(neighbours)
    by_kpi: dict[str, Rows] = defaultdict(list)
    for row in kpis:
        by_kpi[row["kpi"]].append(row)
    by_priority: dict[str, dict[str, list[Kpi]]] = defaultdict(lambda: defaultdict(list))
    missing = []
    for rows in by_kpi.values():
        years = sorted(rows, key=lambda row: row["academic_year"])
        latest = latest_year(years)
        kpi = _kpi(years, latest, peers.get(_key(latest), []), near, sources, la_name)
        by_priority[latest["priority"]][_family(latest)].append(kpi)
        if years[-1]["status"] != "reported":
            missing.append((kpi.title, _why_missing(years[-1], latest)))
    families = [*FAMILIES.values(), OTHER_FAMILY]
    priorities = [
        Priority(
            title,
            [Family(_id(f"{title[:1]}-{name}"), name, found[name]) for name in families if name in found],
        )
        for title, found in sorted(by_priority.items())
    ]
    return CountyPage(priorities, missing, distribution(drafts), parts, sources.files)


def latest_year(years: Rows) -> dict[str, Any]:
    """The newest year with a value, else the newest. `years`: one KPI's rows, oldest first."""
    return next((row for row in reversed(years) if row["status"] == "reported"), years[-1])


def _key(row: Row) -> tuple[str, str, str, str]:
    return row["measure"], row["pupil_group"], str(row["basis"]), row["academic_year"]


def _peers(standings: Rows) -> dict[tuple[str, str, str, str], Rows]:
    peers: dict[tuple[str, str, str, str], Rows] = defaultdict(list)
    for row in standings:
        peers[_key(row)].append(row)
    return peers


def _id(text: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


def _family(row: Row) -> str:
    measure = measures().get(row["measure"])
    if measure is None:
        return OTHER_FAMILY
    return FAMILIES.get(measure.key_stage, FAMILIES.get(measure.domain, OTHER_FAMILY))


def _why_missing(newest: Row, latest: Row) -> str:
    why = absences().get(newest["status"], words(newest["status"]))
    if latest["status"] == "reported":
        return f"{newest['academic_year']}: {why}; the scorecard shows {latest['academic_year']}"
    return f"{newest['academic_year']}: {why}; no year has a value"


def _kpi(years: Rows, latest: Row, peers: Rows, near: frozenset[str], sources: Sources, la_name: str) -> Kpi:
    measure = measures().get(latest["measure"])
    unit, decimals = str(latest["unit"]), _decimals(measure, latest)
    value_unit = unit if unit == "pct" else ""

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
        unit_words=UNITS.get(unit, unit),
        is_gap=is_gap,
        is_all_pupils=latest["pupil_group"] == "all",
        chart=draw(latest["title"], value_unit, decimals, [_point(row) for row in years]),
        standing=_standing(latest, peers, near, value_unit, decimals, la_name),
        years=[_year(row, value_unit, decimals, sources) for row in years],
    )


def _decimals(measure: Measure | None, row: Row) -> int:
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
            written(row["value"], unit, decimals)
            if row["value"] is not None
            else absences().get(row["status"], words(row["status"]))
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
