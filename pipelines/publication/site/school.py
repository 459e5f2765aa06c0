"""One school's page: its rows from the marts turned into what the template prints, for one audience.

Pure: rows in, page data out. Which rows a school has is fetched in `writing`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.publication.handling import Audience
from pipelines.publication.site.care import CARE_MARTS, CareTable, care_tables
from pipelines.publication.site.figures import NOT_SHOWN, UNVALIDATED, day, evidence_text, measures, plain, words
from pipelines.publication.site.inspections import Event, timeline
from pipelines.publication.site.series import GapSeries, Latest, Series, all_series, gap_series, latest_values
from pipelines.publication.site.sources import CitedFile, Sources
from pipelines.seeds import seed

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

PROVISIONS = {"whole_school": "Whole school", "early_years": "Early years", "post_16": "Post-16"}
AXES = {
    "inspection_standing": "Inspection",
    "outcomes": "Outcomes",
    "attendance": "Attendance",
    "trajectory": "Trajectory",
}
STATES = {
    "triggered": "concern",
    "clear": "clear",
    "too_small": "too small",
    "suppressed": "suppressed",
    "not_published": "not published",
    "no_data": "not visible",
}
SHOWN_STATES = ("triggered", "clear")
COLOURS = ("dark_green", "light_green", "yellow", "amber", "red")
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
# What the marts hold of a school, each as its rows. A page of a build without one of the later ones says nothing of it.
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
class Indicator:
    """One indicator as the page prints it."""

    title: str
    state: str
    state_words: str
    evidence: str
    paragraph: str
    authority: str
    points: str
    is_predecessor: bool
    source: int | None


@dataclass(frozen=True)
class Rating:
    """One provision's rating: the draft, what people made of it, why, and what would change it."""

    provision: str
    title: str
    draft: str
    final: str
    is_moderated: bool
    moderated: str
    facts: list[tuple[str, str]]
    reason: str
    sentence: str
    rule: str
    needs_adviser: bool
    alternatives: list[tuple[str, str, str]]
    not_visible: list[str]


@dataclass(frozen=True)
class Criterion:
    """One bullet of the strategy's table, for the adviser to weigh. `question`: what only an adviser can answer."""

    wording: str
    paragraph: str
    standing: str
    evidence: str
    question: str


@dataclass(frozen=True)
class Card:
    """The criteria of one provision, by the colour they belong to."""

    provision: str
    title: str
    colours: list[tuple[str, list[Criterion]]]


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
    school: Row, rows: Mapping[str, Rows], files: Mapping[str, Row], audience: Audience, *, links_trust: bool
) -> SchoolPage:
    """The page of one school.

    `rows`: by mart, this school's own (SCHOOL_MARTS, `benchmarks`, `gaps`). `files`: held files by `file_id`.
    `links_trust`: whether the trust has a page to link to.
    """
    sources = Sources(files)
    is_internal = audience is Audience.INTERNAL
    drafts = sorted(rows["rayg_drafts"], key=lambda row: list(PROVISIONS).index(row["provision"]))
    ratings = [rating(draft, rows["rayg_alternatives"], audience) for draft in drafts]
    hidden = _hidden_sentences(rows["risk_indicators"], sources, audience)
    domains = indicators_by_domain(rows["risk_indicators"], sources, audience)
    return SchoolPage(
        urn=school["urn"],
        name=str(school["school_name"]),
        identity=identity(school, audience),
        trust_id=str(school["trust_id"]) if links_trust and school["trust_id"] else "",
        ratings=ratings,
        no_rating="" if ratings else _no_rating(school),
        disagreements=[str(row["sentence"]) for row in rows["inspection_disagreements"] if is_internal],
        screen=screen_facts(rows["risk_screen"]) if is_internal else [],
        care=care_tables(rows, hidden) if is_internal else [],
        domains=domains,
        subjects=subjects(rows["benchmarks"], sources, audience),
        gaps=gap_series(rows["gaps"], sources, audience),
        events=timeline(rows["inspections"], sources),
        cards=criteria_cards(rows["rayg_criteria"], hidden),
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
    found = []
    for name, title, domains in SUBJECTS:
        of_it = [row for row in rows if measures()[row["measure"]].domain in domains]
        followed = [row for row in of_it if (row["measure"], row["pupil_group"]) in _followed()]
        others = [row for row in of_it if (row["measure"], row["pupil_group"]) not in _followed()]
        subject = Subject(
            name, title, all_series(followed, sources, audience), latest_values(others, sources, audience)
        )
        if subject.series or subject.others:
            found.append(subject)
    return found


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


def _no_rating(school: Row) -> str:
    what = f"{school['status']}, {words(school['sector'])}"
    return f"No draft rating: only open state-funded schools are reviewed; this one is {what}."


@cache
def _sentences() -> dict[str, str]:
    return {row["rule"]: row["sentence"] for row in seed("rayg_rules")}


@cache
def _axis_words() -> dict[tuple[str, str], str]:
    return {(row["axis"], row["value"]): row["plain_words"] for row in seed("rayg_axes")}


def rating(draft: Row, alternatives: Rows, audience: Audience) -> Rating:
    """One draft with its moderation and alternatives. `draft`: of `rayg_drafts`; alternatives of all provisions.

    Who decided, and the value that a cusp hangs on, are for the internal audience alone.
    """
    is_internal = audience is Audience.INTERNAL
    final = draft["final_rating"] or draft["draft_rating"]
    facts = [(title, _axis_words().get((axis, draft[axis]), words(draft[axis]))) for axis, title in AXES.items()]
    facts.append(("Confidence", words(draft["confidence"])))
    cusp = words(draft["cusp_with"]) if draft["cusp_with"] else "no other colour is one pupil away"
    if draft["cusp_with"] and draft.get("cusp_case") and is_internal:
        cusp += f": {words(draft['cusp_case'])}"
    facts.append(("Cusp", cusp))
    if draft["previous_rating"]:
        facts.append(("Last review", words(draft["previous_rating"])))
    facts.append(("Evidence stage", str(draft["evidence_stage"])))
    if draft["is_carried_forward"]:
        facts.append(("Results", "this year's are not held: the newest earlier ones stand"))
    if draft["uses_predecessor_years"]:
        facts.append(("Predecessor", "results are wholly or partly those of the predecessor school"))
    if draft["selective_intake"]:
        facts.append(("Intake", words(draft["selective_intake"])))
    moderated = ""
    if draft["moderated_rating"]:
        by = f" by {draft['moderated_by']}" if draft["moderated_by"] and is_internal else ""
        on = f" on {day(draft['moderated_on'])}" if draft["moderated_on"] else ""
        moderated = f"{words(draft['moderated_rating'])}{by}{on}"
    return Rating(
        provision=draft["provision"],
        title=PROVISIONS[draft["provision"]],
        draft=draft["draft_rating"],
        final=final,
        is_moderated=bool(draft["moderated_rating"]),
        moderated=moderated,
        facts=facts,
        reason=str(draft["reason"]),
        sentence=_sentences().get(draft["rule"], ""),
        rule=str(draft["rule"]),
        needs_adviser=bool(draft["needs_adviser_to_confirm"]),
        alternatives=[
            (AXES[row["axis"]], row["plain_words"], row["would_be"])
            for row in alternatives
            if row["provision"] == draft["provision"]
        ],
        not_visible=[part.strip() for part in str(draft["not_visible"] or "").split(";") if part.strip()],
    )


def screen_facts(screen: Rows) -> list[tuple[str, str]]:
    """The school's line in the risk screen. `screen`: its one row, or none."""
    return [fact for row in screen for fact in _screen_line(row)]


def _screen_line(row: Row) -> Iterable[tuple[str, str]]:
    why = f" ({words(row['unscreened_reason'])})" if row["unscreened_reason"] else ""
    yield "Band", words(row["band"]) + why
    if row["points"] is not None:
        seen, possible = plain(row["points_seen"]), plain(row["points_possible"])
        yield "Points", f"{plain(row['points'])} of {seen} that could be seen ({possible} possible)"
    if row["coverage_pct"] is not None:
        yield "Outcomes covered", f"{row['coverage_pct']:.0f}%"
    yield "Rank", plain(row["rank"])
    yield "Route", str(row["route"] or "not set for this sector")


@cache
def _indicator_units() -> dict[str, str]:
    known = measures()
    return {
        row["indicator"]: known[row["measure"]].unit if row["measure"] in known else "" for row in seed("indicators")
    }


def _is_the_authoritys(row: Row, sources: Sources) -> bool:
    """Whether an indicator rests on what the authority itself noted or was told, which no school is shown."""
    return bool(row["domain"] == "local" or sources.is_local(row))


def _evidence(row: Row, sources: Sources, audience: Audience) -> str:
    if audience is not Audience.INTERNAL and _is_the_authoritys(row, sources):
        return f"{UNVALIDATED.capitalize()}."
    unit = _indicator_units().get(row["indicator"], "")
    return evidence_text(row, sources.release(row), unit, audience)


def indicators_by_domain(rows: Rows, sources: Sources, audience: Audience) -> list[tuple[str, list[Indicator]]]:
    """Every indicator that applies, concerns first, by domain in the order of the domains' concerns."""
    by_domain: dict[str, list[tuple[int, Indicator]]] = defaultdict(list)
    states = list(STATES)
    for row in rows:
        if row["state"] not in STATES:  # what does not apply to the kind of school is not listed
            continue
        is_seen = row["state"] in SHOWN_STATES
        is_hidden = audience is not Audience.INTERNAL and _is_the_authoritys(row, sources)
        if is_hidden and row["domain"] == "local":
            continue
        state = "no_data" if is_hidden else row["state"]
        indicator = Indicator(
            title=row["title"],
            state=state,
            state_words=STATES[state],
            evidence=_evidence(row, sources, audience),
            paragraph=str(row["strategy_paragraph"] or ""),
            authority=str(row["authority"]),
            points=f"{plain(row['points'])} of {plain(row['points_at_stake'])}" if is_seen and not is_hidden else "",
            is_predecessor=bool(row["is_predecessor"]),
            source=None if is_hidden else sources.cite(row),
        )
        by_domain[row["domain"]].append((states.index(state), indicator))
    found = {domain: [one for _, one in sorted(pairs, key=lambda pair: pair[0])] for domain, pairs in by_domain.items()}
    return [(words(domain).capitalize(), found[domain]) for domain in _domain_order() if domain in found]


@cache
def _domain_order() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row["domain"] for row in seed("indicators")))


def _hidden_sentences(rows: Rows, sources: Sources, audience: Audience) -> list[str]:
    """The evidence of indicators that may not be shown: it may stand in other texts about the school."""
    return [row["evidence"] for row in rows if row["evidence"] and _evidence(row, sources, audience) != row["evidence"]]


def criteria_cards(rows: Rows, hidden: list[str]) -> list[Card]:
    """The criteria card of each provision. `rows`: of `rayg_criteria`; `hidden`: sentences that may not be shown."""
    by_provision: dict[str, dict[str, list[Criterion]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        evidence = str(row["evidence"] or "")
        if any(sentence in evidence for sentence in hidden):
            evidence = f"{NOT_SHOWN.capitalize()}."
        by_provision[row["provision"]][row["colour"]].append(
            Criterion(
                wording=str(row["wording"]),
                paragraph=str(row["strategy_paragraph"] or ""),
                standing=words(row["standing"]),
                evidence=evidence,
                question=str(row["adviser_to_judge"] or ""),
            )
        )
    return [
        Card(
            provision,
            title,
            [(colour, by_provision[provision][colour]) for colour in _colours(by_provision[provision])],
        )
        for provision, title in PROVISIONS.items()
        if provision in by_provision
    ]


def _colours(found: Mapping[str, Any]) -> list[str]:
    return [colour for colour in COLOURS if colour in found] + sorted(set(found) - set(COLOURS))


def unseen(rows: Rows, audience: Audience) -> list[str]:
    """The indicators that could not be judged, each with why."""
    return [
        f"{row['title']}: {STATES[row['state']]}."
        for row in rows
        if row["state"] in STATES
        and row["state"] not in SHOWN_STATES
        and (row["domain"] != "local" or audience is Audience.INTERNAL)
    ]
