"""Writes the site: renders each page with Jinja, and puts the stylesheet, scripts and chart kinds beside them.

What a page says comes from `views.accounts`; here stand which pages there are, for which audience, and their files.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from pipelines.errors import RaygError
from pipelines.publication.builds import BuildFacts, whole_build
from pipelines.publication.site import chart_kinds
from pipelines.publication.views import figures, methods, school_list
from pipelines.publication.views.accounts import Accounts
from pipelines.publication.views.handling import HANDLING_NOTES, Audience
from pipelines.publication.views.reading import ALL, REQUIRED, Marts
from pipelines.publication.views.words import GAP_KINDS, UNITS, words
from pipelines.seeds import policy

ASSETS = ("site.css", "charts.js", "schools.js")
SCHOOL_ASSETS = ("site.css", "charts.js")
PAGES = (
    ("index.html", "County"),
    ("indicators.html", "Indicators"),
    ("schools.html", "Schools"),
    ("methods.html", "Methods"),
    ("backtest.html", "Back-test"),
    ("data-quality.html", "Data quality"),
)


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
    """Renders pages of one build for one audience into a folder. `is_whole`: all of them, so that they may link."""

    def __init__(
        self, accounts: Accounts, facts: BuildFacts, to: Path, audience: Audience, *, is_whole: bool = False
    ) -> None:
        self.accounts, self.to, self.la_code, self.audience = accounts, to, facts.la_code, audience
        as_at = date.fromisoformat(facts.as_at) if facts.as_at else None
        self.on = facts.day(accounts.newest_on)
        self.site = SiteFacts(
            is_sample=facts.is_sample,
            handling=HANDLING_NOTES[audience],
            la_name=accounts.la_name(facts.la_code),
            review=f"{facts.review_year - 1}/{facts.review_year % 100:02d}",
            as_at=figures.day(as_at) if as_at else "",
            newest=figures.day(accounts.newest_on) if accounts.newest_on else "",
            version=facts.code_version.split("+")[0],
            least=int(policy("shown_above_n")),
            pages=[{"path": path, "title": title} for path, title in PAGES] if is_whole else [],
        )
        self.templates = _templates()

    def write_all(self, progress: Callable[[str], None]) -> None:
        """Every page of the internal audience."""
        self._assets(ASSETS)
        progress("pages: county, indicators, schools, methods, data quality")
        urns = [row["urn"] for row in self.accounts.reviewed]
        linked = frozenset(urns)
        county_sheet = self.accounts.county_sheet(self.la_code, self.site.review)
        self._page("index.html", "county_sheet.html", page=county_sheet, linked=linked)
        county = self.accounts.county(self.la_code, self.on)
        self._page("indicators.html", "indicators.html", page=county, linked=linked)
        self._page("methods.html", "methods.html", tables=methods.seed_tables())
        self._page("backtest.html", "backtest.html", page=self.accounts.backtest())
        if self.on is not None:
            self._page("data-quality.html", "quality.html", page=self.accounts.quality(self.on))
        progress(f"pages: trusts of {len(urns)} schools")
        trust_ids = set()
        for trust in self.accounts.trusts(urns):
            self._page(f"trusts/{trust.trust_id}.html", "trust.html", page=trust, linked=linked)
            trust_ids.add(trust.trust_id)
        listed = self.accounts.school_list(frozenset(trust_ids))
        self._page("schools.html", "school_list.html", page=listed)
        self._page("screen.html", "moved.html", to="schools.html", title="Schools")
        script = school_list.list_script(listed.data)
        (self.to / "assets" / "schools-data.js").write_text(script, encoding="utf-8")
        progress(f"pages: {len(urns)} schools")
        for page, sheet in self.accounts.school_pages(urns, frozenset(trust_ids), listed.scatters):
            self._page(f"schools/{page.urn}.html", "school_sheet.html", page=sheet, linked=linked)
            self._page(f"evidence/{page.urn}.html", "evidence.html", page=page)

    def write_school(self, urn: str) -> None:
        """One school's pages, and what they need to be read: its evidence, and for the internal audience the one page
        before it. Raises RaygError where the build has no such school.
        """
        page = self.accounts.school(urn)
        self._assets(SCHOOL_ASSETS)
        if self.audience is Audience.SCHOOL:
            self._page(f"schools/{urn}.html", "evidence.html", page=page)
            return
        ((page, sheet),) = self.accounts.school_pages([urn], frozenset(), [])
        self._page(f"schools/{urn}.html", "school_sheet.html", page=sheet, linked=frozenset())
        self._page(f"evidence/{urn}.html", "evidence.html", page=page)

    def write_single(self, urn: str, provision: str | None) -> None:
        """The same page as one file that carries its style and scripts within it."""
        page = self.accounts.school(urn, provision)
        within = {name: _inline(text) for name, text in _asset_texts(SCHOOL_ASSETS).items()}
        text = self._text(f"schools/{urn}.html", "evidence.html", page=page, within=within)
        self.to.write_text(text, encoding="utf-8")

    def _assets(self, names: Sequence[str]) -> None:
        folder = self.to / "assets"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in _asset_texts(names).items():
            (folder / name).write_text(text, encoding="utf-8")

    def _page(self, path: str, template: str, **data: Any) -> None:
        file = self.to / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self._text(path, template, **data), encoding="utf-8")

    def _text(self, path: str, template: str, **data: Any) -> str:
        """The page at that path of a site. `within`: the texts of its assets, for a page that stands alone."""
        root = "../" * path.count("/")
        given = {"site": self.site, "root": root, "here": path, "within": None} | data
        return self.templates.get_template(template).render(given)


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
    marts = Marts(folder, REQUIRED, facts.la_code if urn is None else ALL)
    writer = Writer(Accounts(marts, audience), facts, to, audience, is_whole=urn is None)
    if urn is None:
        writer.write_all(progress)
    else:
        writer.write_school(urn)


def write_published(folder: Path, to: Path, audience: Audience, urn: str | None) -> None:
    """Write the pages of the published build in `folder`, as `write_site` does.

    Raises RaygError where there is none, or one of its marts is damaged.
    """
    write_site(folder, whole_build(folder), to, audience, urn)


def write_single(folder: Path, urn: str, provision: str | None, to: Path) -> None:
    """Write the page of one school, of one provision or of all it has, as a file that needs no other.

    Raises RaygError where nothing is built, or the build has no such school.
    """
    accounts = Accounts(Marts(folder, REQUIRED))
    Writer(accounts, whole_build(folder), to, Audience.INTERNAL).write_single(urn, provision)


def _asset_texts(names: Sequence[str]) -> dict[str, str]:
    """The stylesheet and scripts by file name: our own of these names, the runtime of charts and their kinds."""
    own = resources.files("pipelines.publication.site").joinpath("assets")
    kinds = json.dumps(chart_kinds.vega_specs(), separators=(",", ":"), sort_keys=True)
    return {
        **{name: own.joinpath(name).read_text(encoding="utf-8") for name in names},
        "vega.js": chart_kinds.runtime(),
        "chart-kinds.js": f"window.raygCharts={kinds};\n",
    }


def _inline(text: str) -> str:
    """A stylesheet or script that cannot end the element it stands in."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipelines.publication.site"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["gap_kinds"] = list(GAP_KINDS.values())
    environment.filters["words"] = words
    environment.filters["day"] = figures.day
    environment.filters["unit"] = lambda unit: UNITS.get(unit, unit)
    return environment
