"""The ratings of a school: the draft, what people made of it, why, the risk screen's line, the criteria card. A school
does not see what a draft or criterion owes to the authority's own returns and notes.

Pure: rows of `rayg_drafts`, `rayg_alternatives`, `rayg_criteria` and `risk_screen` in.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.publication.views.chance import chance_in_words
from pipelines.publication.views.figures import day, plain, verdicts_in_words
from pipelines.publication.views.handling import Audience, quotable
from pipelines.publication.views.words import AXES, COLOURS, PROVISIONS, RATINGS, axis_words, band_words, words
from pipelines.seeds import seed

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

# These axes are read from results, so they give away a draft that rests on the authority's own returns.
OUTCOME_AXES = ("outcomes", "trajectory")
CONSIDER_RED = "Consider red. "  # how the mart begins such a reason
NOT_VISIBLE = "Not visible in data."  # as the mart says of what only an adviser can judge
UNVALIDATED_DRAFT = "it rests on results that are not validated yet."
# the data have something to say
SEEN_STANDINGS = ("points_to", "points_against", "points_neither_way", "mixed", "nothing_found")


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

    @property
    def stage(self) -> str:
        """Whether people have decided, in one line."""
        if not self.is_moderated:
            return "A draft: people decide."
        was = f" The draft was {words(self.draft)}." if self.draft else ""
        return f"Moderated: {self.moderated}.{was}"


@dataclass(frozen=True)
class Criterion:
    """One bullet of the strategy's table, for the adviser to weigh. `is_seen`: whether the data have something to say.
    `question`: what only an adviser can answer.
    """

    wording: str
    is_seen: bool
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


def rating(draft: Row, alternatives: Rows, audience: Audience) -> Rating:
    """One draft with its moderation and alternatives. `draft`: of `rayg_drafts`; alternatives of all provisions.

    Who decided, and the value that a cusp hangs on, are for the internal audience alone.
    """
    is_internal = audience is Audience.INTERNAL
    is_withheld = _is_withheld(draft, audience)
    final = draft["final_rating"] or draft["draft_rating"]
    facts = [
        (title, axis_words(axis, draft[axis]))
        for axis, title in AXES.items()
        if not (is_withheld and axis in OUTCOME_AXES)
    ]
    if not is_withheld:
        facts += _outcome_facts(draft, is_internal)
    is_of_predecessor = bool(draft.get("is_previous_of_predecessor"))  # another establishment's: not for the school
    if draft["previous_rating"] and (is_internal or not is_of_predecessor):
        facts.append(("Last review", words(draft["previous_rating"]) + (" (predecessor)" if is_of_predecessor else "")))
    if draft.get("consider_red") and not draft["moderated_rating"] and is_internal:
        facts.insert(0, ("Consider red", "the data point that far, and only an adviser can say so"))
    if draft.get("open_matter") and not is_withheld:
        facts.append(("Ask about", str(draft["open_matter"])))
    facts.append(("Evidence stage", draft["evidence_stage"] or "no results of this review's year"))
    if draft["is_carried_forward"] and draft["domains_visible"]:
        facts.append(("Results", "this year's are not held: the newest earlier ones stand"))
    if draft["uses_predecessor_years"]:
        facts.append(("Predecessor", "results are wholly or partly those of the predecessor school"))
    if draft["selective_intake"]:
        facts.append(("Intake", words(draft["selective_intake"])))
    if draft.get("criteria_note"):
        facts.append(("Note", str(draft["criteria_note"])))
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
        reason=_why_withheld(moderated) if is_withheld else _reason(draft, is_internal),
        rule="" if is_withheld else str(draft.get("rule_sentence") or words(draft["rule"])),
        needs_adviser=bool(draft["needs_adviser_to_confirm"]) and not moderated and not is_withheld,
        alternatives=[
            (AXES[row["axis"]], row["plain_words"], row["would_be"])
            for row in alternatives
            if row["provision"] == draft["provision"] and not is_withheld
        ],
        not_visible=[part.strip() for part in str(draft["not_visible"] or "").split(";") if part.strip()],
    )


def _reason(draft: Row, is_internal: bool) -> str:
    """The draft's reason; that an adviser is asked to consider red is for the internal audience alone."""
    return str(draft["reason"]) if is_internal else str(draft["reason"]).removeprefix(CONSIDER_RED)


def _outcome_facts(draft: Row, is_internal: bool) -> Iterable[tuple[str, str]]:
    """What the draft's outcomes were read from, how sure it is, and how near another colour."""
    if draft.get("outcome_detail"):
        yield "Outcomes read from", verdicts_in_words(draft["outcome_detail"])
    if draft.get("similar_schools_fifth"):
        yield "Among similar schools", f"fifth {draft['similar_schools_fifth']} of 5, three years together (1 highest)"
    yield "Confidence", words(draft["confidence"])
    if draft["cusp_with"]:
        case = f": {words(draft['cusp_case'])}" if draft.get("cusp_case") and is_internal else ""
        yield "Cusp", f"{words(draft['cusp_with'])}{case}"


def _is_withheld(draft: Row, audience: Audience) -> bool:
    """Whether the draft was decided from the authority's own returns, and so is not for this audience."""
    return bool(draft["rests_on_returns"]) and audience is not Audience.INTERNAL


def _why_withheld(moderated: str) -> str:
    return f"The draft is not shown: {UNVALIDATED_DRAFT}" if moderated else f"Not shown: {UNVALIDATED_DRAFT}"


def screen_facts(screen: Rows) -> list[tuple[str, str]]:
    """The school's line in the risk screen. `screen`: its one row, or none."""
    return [fact for row in screen for fact in _screen_line(row)]


def _screen_line(row: Row) -> Iterable[tuple[str, str]]:
    yield "Band", band_words(row["band"], row["unscreened_reason"])
    if row["points"] is not None:
        seen, possible = plain(row["points_seen"]), plain(row["points_possible"])
        yield "Points", f"{plain(row['points'])} of {seen} that could be seen ({possible} possible)"
    if row["coverage_pct"] is not None:
        yield "Outcomes covered", f"{row['coverage_pct']:.0f}%"
    yield "Chance", chance_in_words(row)
    yield "Order to look", plain(row["rank"])
    yield "Route", str(row["route"] or "not set for this sector")


def withheld_criteria(drafts: Rows, kept_back: Container[str], audience: Audience) -> frozenset[str]:
    """The criteria whose standing would tell the audience what it may not know: what the authority noted or heard,
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

    `withheld`: criteria that this audience sees as if no data could see them: only the adviser's question is left.
    """
    by_provision: dict[str, dict[str, list[Criterion]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        standing, evidence = row["standing"], quotable(str(row["evidence"] or ""), hidden)
        if row["criterion"] in withheld:
            standing, evidence = "adviser_to_judge", NOT_VISIBLE
        by_provision[row["provision"]][row["colour"]].append(
            Criterion(
                wording=str(row["wording"]),
                is_seen=standing in SEEN_STANDINGS,
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


def _colours(criteria: Mapping[str, Any]) -> list[str]:
    return [colour for colour in COLOURS if colour in criteria] + sorted(set(criteria) - set(COLOURS))


@dataclass(frozen=True)
class Distribution:
    """How many schools have each rating, by provision."""

    ratings: list[str]
    lines: list[tuple[str, list[int]]]


def distribution(drafts: Rows) -> Distribution:
    """How many schools have each rating. `drafts`: of `rayg_drafts`."""
    lines = []
    for provision, title in PROVISIONS.items():
        ratings = [row["final_rating"] or row["draft_rating"] for row in drafts if row["provision"] == provision]
        if ratings:
            lines.append((title, [ratings.count(one) for one in RATINGS]))
    return Distribution(list(RATINGS), lines)
