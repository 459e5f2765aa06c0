"""What the authority itself keeps about a school: registers, circumstances for a letter, interventions, offers of
support. For the internal audience alone. Each table prints the columns below where the build's mart has them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.publication.views.figures import day, may_show, measures, plain
from pipelines.publication.views.handling import LOCAL_RELEASE, TOO_FEW, Audience, of_returns, quotable
from pipelines.publication.views.words import NOTHING, words

Row = Mapping[str, Any]


@dataclass(frozen=True)
class CareTable:
    """One table: headings, and rows as text."""

    id: str
    title: str
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class _Care:
    """A mart and what is printed of it. `figures`: columns of the values in the row's sentence, where the row has
    them all, each with the column of its pupils.
    """

    title: str
    columns: Mapping[str, str]
    is_listed: Callable[[Row], bool] = lambda row: True
    figures: tuple[tuple[str, str], ...] = ()


CARE = {
    "registers": _Care(
        "Registers",
        {
            "register": "Register",
            "entered_on": "Entered",
            "reason": "Reason",
            "reviewed_on": "Last review",
            "removed_on": "Removed",
            "months_on_register": "Months",
            "is_over_18_months": "Longer than expected",
        },
    ),
    "concern_triggers": _Care(
        "Circumstances for a letter of concern",
        {
            "title": "Circumstance",
            "state": "State",
            "evidence": "Evidence",
            "calls_for": "Calls for",
            "due_on": "Due",
            "route": "Route",
            "strategy_paragraph": "Paragraph",
        },
        lambda row: row["state"] in ("met", "adviser_to_confirm"),
    ),
    "interventions": _Care(
        "Interventions",
        {
            "intervention": "Intervention",
            "started_on": "Started",
            "ended_on": "Ended",
            "paid_by": "Paid by",
            "measure_title": "Looked at",
            "evidence": "Before and after",
        },
        figures=(("before_value", "before_n"), ("after_value", "after_n")),
    ),
    "support_offer": _Care(
        "Schools that could support it",
        {
            "offering_school_name": "School",
            "offering_urn": "URN",
            "offering_trust_name": "Trust",
            "measure_title": "In",
            "note": "Why",
        },
        lambda row: bool(row["offering_urn"]),
    ),
}
CARE_MARTS = tuple(CARE)
SENTENCES = ("evidence", "note")


def care_tables(rows: Mapping[str, list[dict[str, Any]]], hidden: list[str]) -> list[CareTable]:
    """The tables that have rows. `rows`: by mart, this school's; `hidden`: sentences that may not be shown."""
    tables = []
    for mart, care in CARE.items():
        listed = [row for row in rows[mart] if care.is_listed(row)]
        if listed:
            columns = [column for column in care.columns if column in listed[0]]
            texts = [[_text(row, column, care, hidden) for column in columns] for row in listed]
            tables.append(CareTable(mart.replace("_", "-"), care.title, [care.columns[one] for one in columns], texts))
    return tables


def _may_print(row: Row, care: _Care) -> bool:
    """Whether the figures of a row's sentence are of enough pupils. These marts do not say which release a figure
    comes from, so the stricter rule holds for every measure that the authority's own returns give.
    """
    if not care.figures or any(row[value] is None for value, _ in care.figures):
        return True
    release = LOCAL_RELEASE if row["measure"] in of_returns() else None
    return all(
        may_show(
            {"release": release, "cohort_n": row[pupils], "value": row[value]},
            measures()[row["measure"]],
            Audience.INTERNAL,
        )
        for value, pupils in care.figures
    )


def _text(row: Row, column: str, care: _Care, hidden: list[str]) -> str:
    value = row[column]
    if value is None or value == "":
        return NOTHING
    if column in SENTENCES:
        if not _may_print(row, care):
            return f"{TOO_FEW.capitalize()}."
        return quotable(str(value), hidden)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    return words(value) if column in ("register", "state") else plain(value) if isinstance(value, float) else str(value)
