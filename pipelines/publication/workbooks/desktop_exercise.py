"""`desktop_exercise.xlsx`: what an adviser works from, school by school. Which sheets it has and their order; the
sheets themselves are in `desktop_sheets` and `desktop_results`.
"""

from collections.abc import Mapping

from pipelines.publication.views.reading import Marts
from pipelines.publication.workbooks import whole_marts
from pipelines.publication.workbooks.desktop_indicators import TRIGGERED, UNSEEN, UNTESTED
from pipelines.publication.workbooks.desktop_overview import counts, overview
from pipelines.publication.workbooks.desktop_people import CRITERIA, QUESTIONS, WHOLE
from pipelines.publication.workbooks.desktop_results import FINANCE_SHEET, GAPS, results
from pipelines.publication.workbooks.desktop_sheets import (
    BEHIND,
    INSPECTION,
    RATINGS,
    SCHOOLS,
    SCREEN,
    decisions,
)
from pipelines.publication.workbooks.held import SOURCES
from pipelines.publication.workbooks.sheets import About, Book

FILE = "desktop_exercise.xlsx"
TITLE = "Desktop exercise: every school of the review"
SUBJECT = (
    "What is published about each school, what the risk screen and the draft ratings make of it, and room for the "
    "decisions of people."
)
CORE = "desktop_exercise"


def book(marts: Marts, about: About, descriptions: Mapping[str, Mapping[str, str]]) -> Book:
    """The book's declaration for a build that has the mart `desktop_exercise`."""
    declared = (
        SCHOOLS,
        RATINGS,
        BEHIND,
        CRITERIA,
        QUESTIONS,
        decisions(),
        SCREEN,
        TRIGGERED,
        UNSEEN,
        UNTESTED,
        *results(marts),
        GAPS,
        INSPECTION,
        FINANCE_SHEET,
    )
    held = [sheet for sheet in declared if marts.has(*sheet.marts)]
    held += [whole_marts.sheet(marts, whole, descriptions) for whole in WHOLE if marts.has(*whole.marts)]
    lacking = [sheet.name for sheet in declared if not marts.has(*sheet.marts)]
    lacking += [whole.name for whole in WHOLE if not marts.has(*whole.marts)]
    data = counts()
    charts = overview(marts, data) if marts.has(*data.marts) else ()
    return Book(about, (*held, SOURCES, *([data] if charts else [])), charts, tuple(lacking))
