"""`japr_pack.xlsx`: the county's indicators for the Joint Annual Performance Review. Which sheets it has and their
order; the sheets themselves are in `japr_sheets` and `japr_series`.
"""

from collections.abc import Mapping

from pipelines.publication.views.reading import Marts
from pipelines.publication.workbooks.held import RECONCILIATION, SOURCES
from pipelines.publication.workbooks.japr_series import SENTENCES, chart_data, charts, scorecard, series, years_of
from pipelines.publication.workbooks.japr_sheets import DISTRICTS, GAPS, INSPECTION, SCHOOLS_SHORT, STANDING, neighbours
from pipelines.publication.workbooks.sheets import About, Book

FILE = "japr_pack.xlsx"
TITLE = "Joint Annual Performance Review: the county's indicators"
SUBJECT = (
    "How the county stands on each indicator of the strategy: the latest figure, its course, England, its "
    "neighbours, the gaps, and what all of it rests on."
)
CORE = "japr_kpis"


def book(marts: Marts, about: About, beside: Mapping[str, str]) -> Book:
    """The pack's declaration for a build that has the mart `japr_kpis`. `beside`: the neighbours' names by LA code."""
    years = years_of(marts)
    data = chart_data(years)
    declared = (
        scorecard(years),
        SENTENCES,
        series(years),
        GAPS,
        SCHOOLS_SHORT,
        INSPECTION,
        STANDING,
        neighbours(beside),
        DISTRICTS,
        RECONCILIATION,
        SOURCES,
        data,
    )
    return Book(
        about,
        tuple(sheet for sheet in declared if marts.has(*sheet.marts)),
        charts(marts, data, about.county, years),
        tuple(sheet.name for sheet in declared if not marts.has(*sheet.marts)),
    )
