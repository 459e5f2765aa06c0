"""Ratings as a page prints them: the draft, what people made of it, why, the risk screen's line, the criteria card.

Pure: rows of `rayg_drafts`, `rayg_alternatives`, `rayg_criteria` and `risk_screen` in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.publication.handling import Audience
from pipelines.publication.site.figures import NOT_SHOWN, day, plain, words
from pipelines.publication.summary import RATINGS
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
COLOURS = ("dark_green", "light_green", "yellow", "amber", "red")


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


@dataclass(frozen=True)
class Distribution:
    """How many schools have each rating, by provision."""

    ratings: list[str]
    lines: list[tuple[str, list[int]]]


def distribution(drafts: Rows) -> Distribution:
    """How many schools have each rating. `drafts`: of `rayg_drafts`."""
    lines = []
    for provision, title in PROVISIONS.items():
        of_it = [row["final_rating"] or row["draft_rating"] for row in drafts if row["provision"] == provision]
        if of_it:
            lines.append((title, [of_it.count(one) for one in RATINGS]))
    return Distribution(list(RATINGS), lines)
