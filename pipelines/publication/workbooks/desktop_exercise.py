"""`desktop_exercise.xlsx`: what an adviser works from, school by school. Which sheets it has and their order; the
sheets themselves are in `desktop_sheets` and `desktop_results`.
"""

from collections.abc import Mapping

from pipelines.publication.workbooks import whole_marts
from pipelines.publication.workbooks.desktop_overview import counts, overview
from pipelines.publication.workbooks.desktop_results import FINANCE_SHEET, GAPS, results
from pipelines.publication.workbooks.desktop_sheets import (
    BEHIND,
    INSPECTION,
    RATINGS,
    SCHOOLS,
    SCREEN,
    TRIGGERED,
    UNSEEN,
    decisions,
)
from pipelines.publication.workbooks.held import SOURCES
from pipelines.publication.workbooks.marts import Marts
from pipelines.publication.workbooks.sheets import About, Book
from pipelines.publication.workbooks.whole_marts import Whole

FILE = "desktop_exercise.xlsx"
TITLE = "Desktop exercise: every school of the review"
SUBJECT = (
    "What is published about each school, what the risk screen and the draft ratings make of it, and room for the "
    "decisions of people."
)
CORE = "desktop_exercise"
WHOLE = (
    Whole("rayg_criteria", "Criteria", "Criteria to judge", "Every criterion of the strategy's table for each "
    "rating: what the data show, and what only an adviser can judge."),
    Whole("rayg_overrides", "Overrides", "Where people decided otherwise", "Decisions that differ from the "
    "draft, by rule: what people saw that the data did not."),
    Whole("registers", "Registers", "Keys to success and schools causing concern", "Every entry of the "
    "registers, with its reviews and the time since it was made."),
    Whole("concern_triggers", "Concerns", "Circumstances for a letter of concern", "Every circumstance of the "
    "strategy that the files show, with its evidence and the lawful route for the school's sector. None drafts "
    "a letter by itself."),
    Whole("interventions", "Interventions", "Interventions, before and after", "Support given, and how results "
    "moved beside similar schools that had none."),
    Whole("support_offer", "Support offer", "Who could help whom", "Strong, sustained schools matched to "
    "schools with a need."),
    Whole("academy_screen", "Academies", "Academies and free schools", "The list for the termly exercise on "
    "academies and free schools."),
    Whole("regions_group_list", "For the Department", "To raise with the Department", "Academies whose evidence "
    "the authority takes to the Department's regions group."),
    Whole("district_pack", "District pack", "For the district meetings", "What each district's meeting looks at."),
)  # fmt: skip


def book(marts: Marts, about: About, descriptions: Mapping[str, Mapping[str, str]]) -> Book:
    """The book's declaration for a build that has the mart `desktop_exercise`."""
    declared = (
        SCHOOLS,
        RATINGS,
        BEHIND,
        decisions(),
        SCREEN,
        TRIGGERED,
        UNSEEN,
        *results(marts),
        GAPS,
        INSPECTION,
        FINANCE_SHEET,
    )
    held = [sheet for sheet in declared if marts.has(*sheet.marts)]
    held += [whole_marts.sheet(marts, whole, descriptions) for whole in WHOLE if marts.has(whole.mart)]
    lacking = [sheet.name for sheet in declared if not marts.has(*sheet.marts)]
    lacking += [whole.name for whole in WHOLE if not marts.has(whole.mart)]
    data = counts()
    charts = overview(marts, data) if marts.has(*data.marts) else ()
    return Book(about, (*held, SOURCES, *([data] if charts else [])), charts, tuple(lacking))
