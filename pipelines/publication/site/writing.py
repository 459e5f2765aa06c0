"""Writes the site: renders each page with Jinja, and puts the stylesheet, scripts and chart kinds beside them.

What a page says is its own module's; here stand which pages there are, for which audience, and where they link.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from pipelines.errors import RaygError
from pipelines.publication.builds import BuildFacts, require_intact, whole_build
from pipelines.publication.views import backtest as backtest_view
from pipelines.publication.views import charts, county, figures, methods, quality, screen, trusts
from pipelines.publication.views.decomposition import decompositions
from pipelines.publication.views.handling import HANDLING_NOTES, Audience
from pipelines.publication.views.reading import Marts, Row
from pipelines.publication.views.school import SCHOOL_MARTS, school_page
from pipelines.publication.views.series import GAP_KINDS
from pipelines.seeds import policy, seed

BATCH = 200  # schools read from the marts at a time, so that memory does not grow with the country
ASSETS = ("site.css", "charts.js", "screen.js")
SCHOOL_ASSETS = ("site.css", "charts.js")
PAGES = (
    ("index.html", "County"),
    ("screen.html", "Schools"),
    ("methods.html", "Methods"),
    ("backtest.html", "Back-test"),
    ("data-quality.html", "Data quality"),
)
GAP_GROUP = "disadvantaged"
SHOWN_GROUPS = ("all", "disadvantaged", "fsm")


@dataclass(frozen=True)
class SiteFacts:
    """What stands on every page of one site."""

    is_sample: bool
    handling: str
    la_name: str
    review: str
    as_at: str
    newest: str
    version: str
    least: int
    pages: list[dict[str, str]]


class Writer:
    """Renders pages of one build for one audience into a folder."""

    def __init__(self, marts: Marts, facts: BuildFacts, to: Path, audience: Audience) -> None:
        self.marts, self.facts, self.to, self.audience = marts, facts, to, audience
        self.files = {row["file_id"]: row for row in marts.rows("held_files")}
        self.schools = {row["urn"]: row for row in marts.rows("schools")}
        newest = max((row["published_on"] for row in self.files.values()), default=None)
        as_at = date.fromisoformat(facts.as_at) if facts.as_at else None
        self.on = as_at or newest
        self.la_name = self._la_name()
        self.site = SiteFacts(
            is_sample=facts.is_sample,
            handling=HANDLING_NOTES[audience],
            la_name=self.la_name,
            review=f"{facts.review_year - 1}/{facts.review_year % 100:02d}",
            as_at=figures.day(as_at) if as_at else "",
            newest=figures.day(newest) if newest else "",
            version=facts.code_version.split("+")[0],
            least=int(policy("shown_above_n")),
            pages=[{"path": path, "title": title} for path, title in PAGES] if audience is Audience.INTERNAL else [],
        )
        self.templates = _templates()

    def write_all(self, progress: Callable[[str], None]) -> None:
        """Every page of the internal audience."""
        self._assets(ASSETS)
        progress("pages: county, schools, methods, data quality")
        self._county()
        drafts = self.marts.rows("rayg_drafts")
        reviewed = self.marts.rows("risk_screen")
        self._page("screen.html", "screen.html", bands=screen.bands(reviewed))
        self._page("methods.html", "methods.html", tables=methods.seed_tables())
        self._page("backtest.html", "backtest.html", page=backtest_view.view(self.marts.rows("backtest")))
        if self.on is not None:
            held = list(self.files.values())
            self._page(
                "data-quality.html",
                "quality.html",
                page=quality.quality_page(held, self.marts.rows("data_quality"), self.on),
            )
        urns = [row["urn"] for row in reviewed]
        progress(f"pages: trusts of {len(urns)} schools")
        trust_ids = self._trusts(urns, drafts, reviewed)
        data = screen.screen_data(reviewed, drafts, self.schools, trust_ids)
        (self.to / "assets" / "screen-data.js").write_text(screen.screen_script(data), encoding="utf-8")
        progress(f"pages: {len(urns)} schools")
        self._school_pages(urns, trust_ids)

    def write_school(self, urn: str) -> None:
        """One school's page, and what it needs to be read. Raises RaygError where the build has no such school."""
        if urn not in self.schools:
            raise RaygError(
                f"No school with URN {urn} in the current build: check the number, or build its authority with --la."
            )
        self._assets(SCHOOL_ASSETS)
        self._school_pages([urn], frozenset())

    def _la_name(self) -> str:
        names = [row["la_name"] for row in self.schools.values() if row["la_code"] == self.facts.la_code]
        return next((str(name) for name in names if name), "" if self.facts.la_code == "all" else "the authority")

    def _county(self) -> None:
        la = self.facts.la_code
        kpis = self.marts.rows("japr_kpis", "la_code = ?", [la])
        measures = sorted({row["measure"] for row in kpis})
        standings = self.marts.rows(
            "benchmarks",
            "entity_type = 'la' and pupil_group = 'all' and value is not null and list_contains(?, measure)",
            [measures],
            "measure, pupil_group, basis, academic_year, entity_code, value",
        )
        neighbours = [
            row["neighbour_la_code"]
            for row in seed("statistical_neighbours")
            if row["la_code"] == la and self._now(row)
        ]
        parts = decompositions(self.marts.rows("gap_decomposition", "la_code = ?", [la]), self.schools)
        drafts = self.marts.rows("rayg_drafts")
        page = county.county_page(kpis, standings, neighbours, drafts, parts, self.files, self.la_name)
        linked = frozenset(row["urn"] for row in self.marts.rows("risk_screen"))
        self._page("index.html", "county.html", page=page, linked=linked)

    def _now(self, row: dict[str, str]) -> bool:
        """Whether a dated row of a seed counts on the build's day."""
        on = self.on.isoformat() if self.on else ""
        return row["valid_from"] <= on <= (row["valid_to"] or "9999-12-31")

    def _trusts(self, urns: Sequence[str], drafts: list[Row], reviewed: list[Row]) -> frozenset[str]:
        """Writes a page for each trust of the reviewed schools; returns their numbers."""
        linked = frozenset(urns)
        members: dict[str, list[Row]] = {}
        for urn in urns:
            school = self.schools.get(urn)
            if school and str(school["trust_id"] or "").isalnum():  # it becomes a file's name
                members.setdefault(str(school["trust_id"]), []).append(school)
        all_urns = [school["urn"] for schools in members.values() for school in schools]
        results = self.marts.by_school(
            "benchmarks", all_urns, "entity_type = 'school' and is_headline and pupil_group = 'all'"
        )
        own = self.marts.rows(
            "benchmarks", "entity_type = 'trust' and list_contains(?, entity_code)", [sorted(members)]
        )
        draft_of, screen_of = _grouped(drafts), _grouped(reviewed)
        for trust_id in sorted(members):
            of_it = [school["urn"] for school in members[trust_id]]
            page = trusts.trust_page(
                members[trust_id],
                [row for urn in of_it for row in screen_of.get(urn, [])],
                [row for urn in of_it for row in draft_of.get(urn, [])],
                [row for urn in of_it for row in results[urn]],
                [row for row in own if row["entity_code"] == trust_id],
                self.files,
            )
            self._page(f"trusts/{trust_id}.html", "trust.html", page=page, linked=linked)
        return frozenset(members)

    def _school_pages(self, urns: Sequence[str], trust_ids: frozenset[str]) -> None:
        for batch in _batches(urns):
            rows = {mart: self.marts.by_school(mart, batch) for mart in SCHOOL_MARTS}
            rows["benchmarks"] = self.marts.by_school(
                "benchmarks", batch, "entity_type = 'school' and list_contains(?, pupil_group)", [list(SHOWN_GROUPS)]
            )
            rows["gaps"] = self.marts.by_school(
                "gaps",
                batch,
                "entity_type = 'school' and pupil_group = ? and measure in"
                " (select measure from read_parquet(?) where is_headline)",
                [GAP_GROUP, str(self.marts.folder / "benchmarks.parquet")],
            )
            for urn in batch:
                school = self.schools[urn]
                page = school_page(
                    school,
                    {mart: by_urn[urn] for mart, by_urn in rows.items()},
                    self.files,
                    self.audience,
                    links_trust=str(school["trust_id"]) in trust_ids,
                )
                self._page(f"schools/{urn}.html", "school.html", page=page)

    def _assets(self, names: Sequence[str]) -> None:
        folder = self.to / "assets"
        folder.mkdir(parents=True, exist_ok=True)
        own = resources.files("pipelines.publication.site").joinpath("assets")
        for name in names:
            (folder / name).write_text(own.joinpath(name).read_text(encoding="utf-8"), encoding="utf-8")
        (folder / "vega.js").write_text(charts.runtime(), encoding="utf-8")
        kinds = json.dumps(charts.vega_specs(), separators=(",", ":"), sort_keys=True)
        (folder / "chart-kinds.js").write_text(f"window.raygCharts={kinds};\n", encoding="utf-8")

    def _page(self, path: str, template: str, **data: Any) -> None:
        root = "../" * path.count("/")
        text = self.templates.get_template(template).render(site=self.site, root=root, here=path, **data)
        file = self.to / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def write_site(
    folder: Path,
    facts: BuildFacts,
    to: Path,
    audience: Audience = Audience.INTERNAL,
    urn: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the pages of the marts in `folder` into `to`, an empty or new folder.

    The school audience needs a URN and gets that school's page alone; with a URN the internal audience does too. Raises
    RaygError where the URN is missing or unknown, a mart is not there, or `to` holds files.
    """
    if audience is Audience.SCHOOL and urn is None:
        raise RaygError("A school's pages need a school: name it with --urn.")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise RaygError(f"{to} is not an empty folder: name another with --to, so that it holds no other pages.")
    writer = Writer(Marts(folder), facts, to, audience)
    if urn is None:
        writer.write_all(progress)
    else:
        writer.write_school(urn)


def write_published(folder: Path, to: Path, audience: Audience, urn: str | None) -> None:
    """Write the pages of the published build in `folder`, as `write_site` does.

    Raises RaygError where there is none, or one of its marts is damaged.
    """
    facts = whole_build(folder)
    require_intact(folder, ".parquet")
    write_site(folder, facts, to, audience, urn)


def _grouped(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["urn"], []).append(row)
    return grouped


def _batches(urns: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(urns), BATCH):
        yield urns[start : start + BATCH]


def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipelines.publication.site"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["gap_kinds"] = list(GAP_KINDS.values())
    environment.filters["words"] = figures.words
    environment.filters["day"] = figures.day
    environment.filters["unit"] = lambda unit: figures.UNITS.get(unit, unit)
    return environment
