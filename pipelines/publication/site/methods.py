"""The methods page, generated from the seeds: what is judged, by which rule, on whose authority and which paragraph.

A seed's description stands in the dbt project; here only which seeds are shown, under which heading, and their columns.
"""

from dataclasses import dataclass

from pipelines.publication.site.figures import words
from pipelines.seeds import seed

# Heading and seed.
SECTIONS = (
    ("The decision table of the draft ratings", "rayg_rules"),
    ("The words of the four axes", "rayg_axes"),
    ("Indicators of the risk screen", "indicators"),
    ("Bands of the risk screen", "screen_bands"),
    ("Single numbers of policy", "policy"),
    ("Key performance indicators", "kpis"),
    ("Measures", "measures"),
    ("Which schools are compared with which", "school_kinds"),
    ("Pupil groups", "group_pairs"),
    ("Stages of evidence", "evidence_stages"),
    ("Inspection regimes", "inspection_frameworks"),
    ("What an ungraded inspection's wording is taken to show", "ungraded_outcomes"),
    ("What a report card's grades are taken to show", "report_card_standings"),
    ("Words for an absence", "absence_states"),
    ("Years without results", "unpublished_years"),
    ("Routes by sector", "routes"),
    ("Statistical neighbours", "statistical_neighbours"),
    ("Figures that do not reconcile, and why", "reconciliation_exceptions"),
)


@dataclass(frozen=True)
class SeedTable:
    """One seed as a table."""

    id: str
    title: str
    columns: list[str]
    rows: list[list[str]]


def seed_tables() -> list[SeedTable]:
    """Every seed of SECTIONS with its rows as text."""
    return [_table(title, name) for title, name in SECTIONS]


def _table(title: str, name: str) -> SeedTable:
    rows = seed(name)
    columns = list(rows[0]) if rows else []
    return SeedTable(
        id=name.replace("_", "-"),
        title=title,
        columns=[words(column).capitalize() for column in columns],
        rows=[[row[column] or "" for column in columns] for row in rows],
    )
