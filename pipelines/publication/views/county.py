"""The county page: the scorecard of the joint annual performance review, trends, gaps, standing among authorities.

Pure: rows in, page data out. Each KPI's numbers and sentence stand in the mart `japr_kpis`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.publication.views.decomposition import Decomposition
from pipelines.publication.views.figures import measures
from pipelines.publication.views.kpi import Kpi, kpi_of, latest_year
from pipelines.publication.views.ratings import Distribution, distribution
from pipelines.publication.views.sources import CitedFile, Sources
from pipelines.publication.views.words import ABSENCES, words
from pipelines.seeds import in_force, seed

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


def neighbours_of(la_code: str, on: date | None) -> dict[str, str]:
    """The names of an authority's statistical neighbours by LA code: those of the list in force on the build's day,
    whose mean the KPIs print.
    """
    return {
        row["neighbour_la_code"]: row["neighbour_name"]
        for row in in_force(seed("statistical_neighbours"), on)
        if row["la_code"] == la_code
    }


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
        kpi = kpi_of(years, latest, peers.get(_key(latest), []), near, sources, la_name)
        by_priority[latest["priority"]][_family(latest)].append(kpi)
        if years[-1]["status"] != "reported":
            missing.append((kpi.title, _why_missing(years[-1], latest)))
    families = [*FAMILIES.values(), OTHER_FAMILY]
    priorities = [
        Priority(
            title,
            [Family(_id(f"{title[:1]}-{name}"), name, of_family[name]) for name in families if name in of_family],
        )
        for title, of_family in sorted(by_priority.items())
    ]
    return CountyPage(priorities, missing, distribution(drafts), parts, sources.files)


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
    why = ABSENCES.get(newest["status"], words(newest["status"]))
    if latest["status"] == "reported":
        return f"{newest['academic_year']}: {why}; the scorecard shows {latest['academic_year']}"
    return f"{newest['academic_year']}: {why}; no year has a value"
