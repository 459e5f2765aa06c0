"""Ratings as a page prints them: the draft, what people made of it, why, the risk screen's line, the criteria card.
What a draft or criterion owes to the authority's own returns and notes is kept from a school.

Pure: rows of `rayg_drafts`, `rayg_alternatives`, `rayg_criteria` and `risk_screen` in.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.publication.views.chance import chance_in_words
from pipelines.publication.views.figures import NOT_SHOWN, day, plain, words
from pipelines.publication.views.handling import Audience
from pipelines.publication.views.summary import RATINGS
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
# What an axis sees of results; a draft made of the authority's own returns tells them through these.
OUTCOME_AXES = ("outcomes", "trajectory")
NOT_VISIBLE = "Not visible in data."  # as the mart says of what only an adviser can judge
UNVALIDATED_DRAFT = "it rests on results that are not validated yet."
COLOURS = ("dark_green", "light_green", "yellow", "amber", "red")


@dataclass(frozen=True)
class Rating:
    """One provision's rating: the draft, what people made of it, why, and what would change it.

    `draft`, `rule`: empty where the audience may not see them; `final`, too, where nobody has moderated it.
    """

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
    is_withheld = _is_withheld(draft, audience)
    final = draft["final_rating"] or draft["draft_rating"]
    facts = [
        (title, _axis_words().get((axis, draft[axis]), words(draft[axis])))
        for axis, title in AXES.items()
        if not (is_withheld and axis in OUTCOME_AXES)
    ]
    cusp = words(draft["cusp_with"]) if draft["cusp_with"] else "no other colour is one pupil away"
    if draft["cusp_with"] and draft.get("cusp_case") and is_internal:
        cusp += f": {words(draft['cusp_case'])}"
    if not is_withheld:
        facts += [("Confidence", words(draft["confidence"])), ("Cusp", cusp)]
    is_of_predecessor = bool(draft.get("is_previous_of_predecessor"))  # another establishment's: not for the school
    if draft["previous_rating"] and (is_internal or not is_of_predecessor):
        facts.append(("Last review", words(draft["previous_rating"]) + (" (predecessor)" if is_of_predecessor else "")))
    facts.append(("Evidence stage", str(draft["evidence_stage"])))
    if draft["is_carried_forward"] and draft["domains_visible"]:
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
        draft="" if is_withheld else draft["draft_rating"],
        final="" if is_withheld and not moderated else final,
        is_moderated=bool(draft["moderated_rating"]),
        moderated=moderated,
        facts=facts,
        reason=_why_withheld(moderated) if is_withheld else str(draft["reason"]),
        rule="" if is_withheld else str(draft["rule"]),
        needs_adviser=bool(draft["needs_adviser_to_confirm"]) and not moderated and not is_withheld,
        alternatives=[
            (AXES[row["axis"]], row["plain_words"], row["would_be"])
            for row in alternatives
            if row["provision"] == draft["provision"] and not is_withheld
        ],
        not_visible=[part.strip() for part in str(draft["not_visible"] or "").split(";") if part.strip()],
    )


def _is_withheld(draft: Row, audience: Audience) -> bool:
    """Whether the draft was decided from the authority's own returns, and so is not for this audience."""
    return bool(draft["rests_on_returns"]) and audience is not Audience.INTERNAL


def _why_withheld(moderated: str) -> str:
    return f"The draft is not shown: {UNVALIDATED_DRAFT}" if moderated else f"Not shown: {UNVALIDATED_DRAFT}"


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
    yield "Chance", chance_in_words(row)
    yield "Order to look", plain(row["rank"])
    yield "Route", str(row["route"] or "not set for this sector")


def withheld_criteria(drafts: Rows, kept_back: Container[str], audience: Audience) -> frozenset[str]:
    """The criteria whose standing would tell the audience what it may not know: what the authority noted or was told,
    or results that are not validated. `kept_back`: indicators that rest on these for this school.
    """
    withheld = {draft["provision"] for draft in drafts if _is_withheld(draft, audience)}
    return frozenset(
        row["criterion"]
        for row in seed("rayg_criteria_table")
        if any(indicator in kept_back for indicator in row["indicators"].split())
        or (row["provision"] in withheld and row["axis"] in OUTCOME_AXES)
    )


def criteria_cards(rows: Rows, hidden: list[str], withheld: Container[str] = ()) -> list[Card]:
    """The criteria card of each provision. `rows`: of `rayg_criteria`; `hidden`: sentences that may not be shown.

    `withheld`: criteria that stand as those do which no data can see: for these the adviser's question alone is left.
    """
    by_provision: dict[str, dict[str, list[Criterion]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        standing, evidence = row["standing"], str(row["evidence"] or "")
        if row["criterion"] in withheld:
            standing, evidence = "adviser_to_judge", NOT_VISIBLE
        elif any(sentence in evidence for sentence in hidden):
            evidence = f"{NOT_SHOWN.capitalize()}."
        by_provision[row["provision"]][row["colour"]].append(
            Criterion(
                wording=str(row["wording"]),
                paragraph=str(row["strategy_paragraph"] or ""),
                standing=words(standing),
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
