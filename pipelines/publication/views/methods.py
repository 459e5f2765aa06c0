"""The methods page, generated from the seeds: what is judged, by which rule, on whose authority and which paragraph.

What a seed says stands in the seed; here only the order and the headings.
"""

from dataclasses import dataclass

from pipelines.publication.views.words import heading
from pipelines.seeds import seed, seed_names

# What a reader asks for first, under its heading. Every other seed with an authority follows under its own name.
FIRST = {
    "rayg_rules": "The decision table of the draft ratings",
    "rayg_axes": "The words of the four axes",
    "rayg_criteria_table": "The strategy's criteria",
    "indicators": "Indicators of the risk screen",
    "screen_bands": "Bands of the risk screen",
    "screen_chances": "Chances of the risk screen",
    "policy": "Single numbers of policy",
    "kpis": "Key performance indicators",
    "measures": "Measures",
    "school_kinds": "Which schools are compared with which",
    "group_pairs": "Pupil groups",
    "evidence_stages": "Stages of evidence",
    "inspection_frameworks": "Inspection regimes",
    "absence_states": "Words for an absence",
    "unpublished_years": "Years without results",
    "routes": "Routes by sector",
    "reconciliation_exceptions": "Figures that do not reconcile, and why",
}
AUTHORITY = "authority"


@dataclass(frozen=True)
class SeedTable:
    """One seed as a table."""

    id: str
    title: str
    columns: list[str]
    rows: list[list[str]]


def seed_tables() -> list[SeedTable]:
    """The seeds of FIRST that this version has, then every other that names an authority, by name."""
    names = seed_names()
    first = [name for name in FIRST if name in names]
    rest = [name for name in names if name not in FIRST and AUTHORITY in (seed(name) or [{}])[0]]
    return [_table(FIRST.get(name, heading(name)), name) for name in (*first, *rest)]


def _table(title: str, name: str) -> SeedTable:
    rows = seed(name)
    columns = list(rows[0]) if rows else []
    return SeedTable(
        id=name.replace("_", "-"),
        title=title,
        columns=[heading(column) for column in columns],
        rows=[[row[column] or "" for column in columns] for row in rows],
    )
