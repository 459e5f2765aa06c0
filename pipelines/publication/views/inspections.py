"""The inspection timeline of a school: each event in words, its own apart from a predecessor's.

No grade is converted into another regime's; what a regime is called stands in a seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.publication.views.figures import day
from pipelines.publication.views.sources import Sources
from pipelines.publication.views.words import GRADES, heading, words
from pipelines.seeds import seed

Row = Mapping[str, Any]

CARD = "card_"


@dataclass(frozen=True)
class Event:
    """One inspection. `of`: empty for the school itself, else the predecessor's URN: context, never a verdict."""

    on: str
    published_on: str
    kind: str
    framework: str
    outcome: str
    judgements: list[tuple[str, str]]
    of: str
    source: int | None


def last_in_words(rows: list[dict[str, Any]]) -> str:
    """The school's own last inspection in a few words. `rows`: of the mart `inspections`."""
    own = [row for row in rows if not row["is_predecessor"]]
    if not own:
        return "not inspected yet"
    last = max(own, key=lambda row: (str(row["inspected_on"]), str(row["inspection_number"])))
    graded = GRADES.get(last["overall_grade"], "") if last["overall_grade"] is not None else ""
    outcome = graded or str(last["outcome_text"] or "inspected")
    return f"Ofsted: {outcome}, {last['inspected_on']:%B %Y}"


def timeline(rows: list[dict[str, Any]], sources: Sources) -> list[Event]:
    """The events, newest first. `rows`: of the mart `inspections`."""
    newest = sorted(rows, key=lambda row: (str(row["inspected_on"]), str(row["inspection_number"])), reverse=True)
    return [_event(row, sources) for row in newest]


def _event(row: Row, sources: Sources) -> Event:
    outcome = [part for part in (row["outcome_text"], row["category_of_concern"]) if part]
    if row["overall_grade"] is not None:
        outcome.insert(0, f"Overall effectiveness: {grade(row['overall_grade'])}")
    return Event(
        on=day(row["inspected_on"]),
        published_on=day(row["published_on"]) if row["published_on"] else "",
        kind=str(row["inspection_type"] or f"{heading(row['event_kind'])} inspection"),
        framework=_frameworks().get(row["framework"], words(row["framework"])),
        outcome="; ".join(outcome) or "No overall judgement is given in the files held",
        judgements=_judgements(row),
        of=row["urn_inspected"] if row["is_predecessor"] else "",
        source=sources.cite(row),
    )


def _judgements(row: Row) -> list[tuple[str, str]]:
    """Every judgement of the event: grades by number, a report card's areas in their own words."""
    judgements = []
    for column, value in row.items():
        if value is None or column in ("overall_grade", "line"):
            continue
        if column.startswith(CARD):
            judgements.append((heading(column.removeprefix(CARD)), str(value)))
        elif column == "is_safeguarding_effective":
            judgements.append(("Safeguarding", "effective" if value else "not effective"))
        elif isinstance(value, int) and not isinstance(value, bool):
            judgements.append((heading(column), grade(value)))
    return judgements


def grade(number: int) -> str:
    """A grade of the four-point scale with its number: `Good (2)`."""
    return f"{GRADES[number]} ({number})" if number in GRADES else str(number)


@cache
def _frameworks() -> dict[str, str]:
    return {row["framework"]: row["title"] for row in seed("inspection_frameworks")}
