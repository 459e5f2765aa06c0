"""The indicators of a school: state, evidence where it may be shown, and what could not be judged.

Pure: rows of `risk_indicators` in.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.publication.views.figures import plain
from pipelines.publication.views.handling import UNVALIDATED, Audience, evidence_text
from pipelines.publication.views.sources import Sources
from pipelines.publication.views.words import JUDGED_STATES, STATES, heading
from pipelines.seeds import seed

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]


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


@cache
def _measure_of() -> dict[str, str]:
    """The measure that each indicator asks of; empty where it asks of none."""
    return {row["indicator"]: row["measure"] for row in seed("indicators")}


def _is_the_authoritys(row: Row, sources: Sources) -> bool:
    """Whether an indicator rests on what the authority itself noted or heard, which no school is shown."""
    return bool(row["domain"] == "local" or sources.is_local(row))


def _evidence(row: Row, sources: Sources, audience: Audience) -> str:
    if audience is not Audience.INTERNAL and _is_the_authoritys(row, sources):
        return f"{UNVALIDATED.capitalize()}."
    return evidence_text(row, sources.release(row), _measure_of().get(row["indicator"]), audience)


def indicators_by_domain(rows: Rows, sources: Sources, audience: Audience) -> list[tuple[str, list[Indicator]]]:
    """Every indicator that applies, concerns first, by domain in the order of the domains' concerns."""
    by_domain: dict[str, list[tuple[int, Indicator]]] = defaultdict(list)
    states = list(STATES)
    for row in rows:
        if row["state"] not in STATES:  # what does not apply to the kind of school is not listed
            continue
        is_seen = row["state"] in JUDGED_STATES
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
            points=_points(row) if is_seen and not is_hidden else "",
            is_predecessor=bool(row["is_predecessor"]),
            source=None if is_hidden else sources.cite(row),
        )
        by_domain[row["domain"]].append((states.index(state), indicator))
    return [
        (heading(domain), [one for _, one in sorted(by_domain[domain], key=lambda pair: pair[0])])
        for domain in _domain_order()
        if domain in by_domain
    ]


def _points(row: Row) -> str:
    """The points given of those at stake; nothing for an indicator that is noted and not scored."""
    return f"{plain(row['points'])} of {plain(row['points_at_stake'])}" if row["points_at_stake"] else ""


@cache
def _domain_order() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row["domain"] for row in seed("indicators")))


def kept_back(rows: Rows, sources: Sources, audience: Audience) -> frozenset[str]:
    """The indicators whose state the audience may not know. `rows`: of one school. What the authority notes is kept
    back of every school, since "looked for and not found" tells as much.
    """
    if audience is Audience.INTERNAL:
        return frozenset()
    noted = {row["indicator"] for row in seed("indicators") if row["domain"] == "local"}
    return frozenset(noted | {row["indicator"] for row in rows if _is_the_authoritys(row, sources)})


def hidden_sentences(rows: Rows, sources: Sources, audience: Audience) -> list[str]:
    """The evidence of indicators that may not be shown: it may stand in other texts about the school."""
    return [row["evidence"] for row in rows if row["evidence"] and _evidence(row, sources, audience) != row["evidence"]]


def unseen(rows: Rows, audience: Audience) -> list[str]:
    """The indicators that could not be judged, each with why."""
    return [
        f"{row['title']}: {STATES[row['state']]}."
        for row in rows
        if row["state"] in STATES
        and row["state"] not in JUDGED_STATES
        and (row["domain"] != "local" or audience is Audience.INTERNAL)
    ]
