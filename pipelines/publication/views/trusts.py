"""A trust's page: its schools in this authority with their ratings and latest results, and the trust's own results.

Pure: rows in, page data out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.publication.views.figures import measures, value_text
from pipelines.publication.views.handling import Audience
from pipelines.publication.views.series import Latest, Series, all_series, latest_values
from pipelines.publication.views.sources import CitedFile, Sources
from pipelines.publication.views.words import NOTHING, RATINGS, words

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Member:
    """A school of the trust. `results`: one text per measure of the page's columns."""

    urn: str
    name: str
    kind: str
    status: str
    rating: str
    band: str
    reasons: str
    results: list[str]


@dataclass(frozen=True)
class TrustPage:
    """All that a trust's page prints. `columns`: measure titles of the members' results."""

    trust_id: str
    name: str
    columns: list[str]
    members: list[Member]
    ratings: list[tuple[str, int]]
    results: list[Series]
    others: list[Latest]
    files: list[CitedFile]


def trust_page(
    members: Rows, screen: Rows, drafts: Rows, results: Rows, own: Rows, files: Mapping[str, Row]
) -> TrustPage:
    """The page of one trust.

    `members`: its rows of `schools`, at least one. `screen`, `drafts`: of its schools. `results`: headline rows of
    `benchmarks` of its schools; `own`: the trust's own rows of `benchmarks`.
    """
    sources = Sources(files)
    bands = {row["urn"]: row for row in screen}
    ratings = {row["urn"]: row["final_rating"] or row["draft_rating"] for row in drafts if _is_whole(row)}
    latest = _latest(results)
    known = [name for name, measure in measures().items() if measure.is_headline]
    columns = [name for name in known if any(name == measure for _, measure in latest)]
    lines = [
        _member(school, bands.get(school["urn"]), ratings.get(school["urn"], ""), latest, columns)
        for school in sorted(members, key=lambda row: (row["status"] != "open", str(row["school_name"]), row["urn"]))
    ]
    counted = [line.rating for line in lines if line.rating]
    return TrustPage(
        trust_id=str(members[0]["trust_id"]),
        name=str(members[0]["trust_name"]),
        columns=[measures()[name].title for name in columns],
        members=lines,
        ratings=[(rating, counted.count(rating)) for rating in RATINGS if rating in counted],
        results=all_series([row for row in own if _is_drawn(row)], sources, Audience.INTERNAL),
        others=latest_values([row for row in own if not _is_drawn(row)], sources, Audience.INTERNAL),
        files=sources.files,
    )


def _is_drawn(row: Row) -> bool:
    return bool(row["is_headline"] and row["pupil_group"] in ("all", "disadvantaged"))


def _is_whole(row: Row) -> bool:
    return bool(row["provision"] == "whole_school")


def _latest(results: Rows) -> dict[tuple[str, str], Row]:
    """The newest reported row of each school and measure, of all pupils."""
    newest: dict[tuple[str, str], Row] = {}
    for row in sorted(results, key=lambda row: row["academic_year"]):
        if row["status"] == "reported" and row["pupil_group"] == "all":
            newest[(row["urn"], row["measure"])] = row
    return newest


def _member(
    school: Row, screen: Row | None, rating: str, latest: Mapping[tuple[str, str], Row], columns: list[str]
) -> Member:
    texts = []
    for name in columns:
        row = latest.get((school["urn"], name))
        text = value_text(row, measures()[name], Audience.INTERNAL) if row else NOTHING
        texts.append(f"{text} ({row['academic_year'][2:]})" if row else text)
    return Member(
        urn=school["urn"],
        name=str(school["school_name"]),
        kind=words(school["school_kind"]),
        status=str(school["status"]),
        rating=rating,
        band=words(screen["band"]) if screen else NOTHING,
        reasons=str(screen["top_reasons"] or "") if screen else "",
        results=texts,
    )
