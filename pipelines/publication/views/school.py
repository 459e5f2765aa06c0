"""One school's account for one audience: its rows from the marts turned into what pages and terminal print.

Pure: rows in, page data out. Which rows a school has is read in `accounts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.publication.views.care import CARE_MARTS, CareTable, care_tables
from pipelines.publication.views.figures import measures
from pipelines.publication.views.handling import Audience
from pipelines.publication.views.indicators import Indicator, hidden_sentences, indicators_by_domain, kept_back, unseen
from pipelines.publication.views.inspections import Event, timeline
from pipelines.publication.views.ratings import (
    Card,
    Rating,
    criteria_cards,
    rating,
    screen_facts,
    withheld_criteria,
)
from pipelines.publication.views.series import GapSeries, Latest, Series, all_series, gap_series, latest_values
from pipelines.publication.views.sources import CitedFile, Sources
from pipelines.publication.views.words import PROVISIONS, words
from pipelines.seeds import seed

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

SUBJECTS = (
    (
        "results",
        "Results over time",
        ("early_years", "attainment", "progress", "post_16", "destinations", "disadvantaged"),
    ),
    ("attendance", "Attendance and behaviour", ("attendance", "behaviour")),
    ("finance", "Finance", ("finance",)),
    ("context", "The cohort", ("context",)),
)
# The marts that have rows for a school. A build of an earlier version lacks some; its pages leave their subject out.
SCHOOL_MARTS = (
    "rayg_drafts",
    "rayg_alternatives",
    "rayg_criteria",
    "risk_indicators",
    "risk_screen",
    "inspections",
    "inspection_disagreements",
    *CARE_MARTS,
)


@dataclass(frozen=True)
class Subject:
    """What is known of one subject: the followed measures over the years, of the others the newest value."""

    id: str
    title: str
    series: list[Series]
    others: list[Latest]


@dataclass(frozen=True)
class SchoolPage:
    """All that a school's page prints."""

    urn: str
    name: str
    identity: list[tuple[str, str]]
    trust_id: str
    ratings: list[Rating]
    no_rating: str
    disagreements: list[str]
    screen: list[tuple[str, str]]
    care: list[CareTable]
    domains: list[tuple[str, list[Indicator]]]
    subjects: list[Subject]
    gaps: list[GapSeries]
    events: list[Event]
    cards: list[Card]
    unseen: list[str]
    files: list[CitedFile]


def school_page(
    school: Row,
    rows: Mapping[str, Rows],
    files: Mapping[str, Row],
    audience: Audience,
    *,
    links_trust: bool,
    provision: str | None = None,
) -> SchoolPage:
    """The page of one school.

    `rows`: by mart, this school's own (SCHOOL_MARTS, `benchmarks`, `gaps`). `files`: held files by `file_id`.
    `links_trust`: whether the trust has a page to link to. `provision`: the one that the rows were asked for, if one.
    """
    sources = Sources(files)
    is_internal = audience is Audience.INTERNAL
    drafts = sorted(rows["rayg_drafts"], key=lambda row: list(PROVISIONS).index(row["provision"]))
    ratings = [rating(draft, rows["rayg_alternatives"], audience) for draft in drafts]
    hidden = hidden_sentences(rows["risk_indicators"], sources, audience)
    withheld = withheld_criteria(drafts, kept_back(rows["risk_indicators"], sources, audience), audience)
    domains = indicators_by_domain(rows["risk_indicators"], sources, audience)
    return SchoolPage(
        urn=school["urn"],
        name=str(school["school_name"]),
        identity=identity(school, audience),
        trust_id=str(school["trust_id"]) if links_trust and school["trust_id"] else "",
        ratings=ratings,
        no_rating="" if ratings else _no_rating(school, provision),
        disagreements=[str(row["sentence"]) for row in rows["inspection_disagreements"] if is_internal],
        screen=screen_facts(rows["risk_screen"]) if is_internal else [],
        care=care_tables(rows, hidden) if is_internal else [],
        domains=domains,
        subjects=subjects(rows["benchmarks"], sources, audience),
        gaps=gap_series(rows["gaps"], sources, audience),
        events=timeline(rows["inspections"], sources),
        cards=criteria_cards(rows["rayg_criteria"], hidden, withheld),
        unseen=unseen(rows["risk_indicators"], audience),
        files=sources.files,
    )


@cache
def _followed() -> frozenset[tuple[str, str]]:
    """The measures and groups drawn over the years: headlines, what the county's KPIs follow and indicators judge."""
    headlines = {(measure.name, "all") for measure in measures().values() if measure.is_headline}
    kpis = {(row["measure"], row["pupil_group"]) for row in seed("kpis") if not row["gap_type"]}
    judged = {(row["measure"], row["pupil_group"] or "all") for row in seed("indicators")}
    return frozenset(headlines | kpis | judged)


def subjects(rows: Rows, sources: Sources, audience: Audience) -> list[Subject]:
    """What is known by subject. `rows`: of `benchmarks`, this school's."""
    known = []
    for name, title, domains in SUBJECTS:
        own = [row for row in rows if measures()[row["measure"]].domain in domains]
        followed = [row for row in own if (row["measure"], row["pupil_group"]) in _followed()]
        others = [row for row in own if (row["measure"], row["pupil_group"]) not in _followed()]
        subject = Subject(
            name, title, all_series(followed, sources, audience), latest_values(others, sources, audience)
        )
        if subject.series or subject.others:
            known.append(subject)
    return known


def identity(school: Row, audience: Audience) -> list[tuple[str, str]]:
    """Who the school is, in the order an adviser asks."""
    ages = f"{school['age_low']} to {school['age_high']}" if school["age_low"] is not None else ""
    facts = [
        ("URN", school["urn"]),
        ("LAESTAB", school["laestab"]),
        ("Kind", words(school["school_kind"]) if school["school_kind"] else ""),
        ("Sector", words(school["sector"])),
        ("Type", school["establishment_type"]),
        ("Ages", ages),
        ("Pupils", str(school["pupils_n"]) if school["pupils_n"] is not None else ""),
        ("District", school["district"]),
        ("Trust", school["trust_name"]),
        ("Federation", school["federation_name"]),
        ("Religious character", school["religious_character"]),
        ("Diocese", school["diocese"]),
        ("Earlier establishments", school["predecessor_urns"]),
        ("Status", school["status"] if school["status"] != "open" else ""),
    ]
    return [(title, str(value)) for title, value in facts if value]


def _no_rating(school: Row, provision: str | None) -> str:
    if provision is not None:
        return f"No {words(provision)} rating: the files held show no such provision here."
    what = f"{school['status']}, {words(school['sector'])}"
    return f"No draft rating: only open state-funded schools are reviewed; this one is {what}."
