"""A KPI's account as a document: its years, what each is set beside, the cells behind both, the newest year by area.

What is said stands in `views.kpi`; here it is only laid out. Schools are `school`.
"""

from pipelines.home import Home
from pipelines.publication.documents.document import Document, Line, Section, Table
from pipelines.publication.views.accounts import KPI_MARTS, Accounts
from pipelines.publication.views.handling import HANDLING_NOTES, Audience
from pipelines.publication.views.kpi import KpiAccount
from pipelines.publication.views.reading import Marts

PREFIX = "kpi:"
YEARS = ("Year", "Value", "England", "Neighbours", "Rank", "Release")
AREAS = ("Area", "Value", "Pupils", "Schools", "Not shown", "Basis")


def explain(home: Home, name: str) -> Document:
    """Every year of one KPI (`name` with or without `kpi:`) with the cells it rests on.

    Raises RaygError where the current build has no such KPI.
    """
    accounts = Accounts(Marts(home.current, KPI_MARTS)).kpi(name.removeprefix(PREFIX))
    sections = [section for account in accounts for section in _sections(account)]
    return Document(accounts[0].kpi.title, HANDLING_NOTES[Audience.INTERNAL], sections)


def _sections(account: KpiAccount) -> list[Section]:
    kpi = account.kpi
    lines = [Line(f"{account.priority}; paragraph {kpi.paragraph or '–'}; in {kpi.unit_words}", "dim")]
    if kpi.target_words != "no target":
        lines.append(Line(f"Target: {kpi.target}, {kpi.target_words}"))
    rows = [
        (line.year, line.value, line.national, line.neighbours, line.rank, line.release)
        for line in (trail.line for trail in account.years)
    ]
    sections = [Section("", lines, Table("Years", YEARS, rows))]
    trail = [line for year in account.years for line in (Line(year.sentence), *_indented(year.cells))]
    sections.append(Section("Where each year comes from", trail))
    if account.areas:
        areas = [
            (area.area, area.value, area.pupils, area.schools, area.not_shown, area.basis) for area in account.areas
        ]
        table = Table(f"By area, {account.areas_year}", AREAS, areas)
        sections.append(Section("", table=table))
        sections.append(Section("Where the areas come from", list(_indented(account.areas_cells))))
    return sections


def _indented(lines: list[str]) -> list[Line]:
    return [Line(f"    {line}", "dim") for line in lines]
