"""Says in words why a school has its draft rating: reads the published marts into a document, nothing is computed here.

What a mart means stands in the dbt project; which build is current stands in `builds`; how a document looks in a
terminal, as Markdown and as a page stands in `document`.
"""

from collections.abc import Sequence
from typing import Any

import duckdb

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.builds import current_build, published_file
from pipelines.publication.documents.document import Document, Line, Section, Table
from pipelines.publication.views.chance import chance_in_words
from pipelines.publication.views.figures import day, evidence_text, measures, plain, words
from pipelines.publication.views.handling import HANDLING_NOTES, TOO_FEW, Audience, counted_pupils, is_shown
from pipelines.publication.views.indicators import STATES, indicator_units
from pipelines.publication.views.ratings import AXES, PROVISIONS

Row = dict[str, Any]

COLOURS = {
    "dark_green": "bold green",
    "light_green": "green",
    "yellow": "yellow",
    "amber": "dark_orange",
    "red": "bold red",
    "insufficient_evidence": "dim",
}
VERDICTS = {"below": "worse than England", "above": "better than England"}
STANDINGS = {
    "supported": "supported",
    "contradicted": "contradicted",
    "mixed": "mixed",
    "nothing_found": "nothing found",
    "not_visible": "not visible",
    "adviser_to_judge": "adviser to judge",
}


class Marts:
    """The published marts of one build, read as rows."""

    def __init__(self, home: Home) -> None:
        self.folder, _ = current_build(home)
        self.connection = duckdb.connect()

    def rows(self, mart: str, where: str, values: Sequence[Any], order: str) -> list[Row]:
        """Rows of a mart as dictionaries; `where` and `order` are SQL, `values` its parameters."""
        path = str(published_file(self.folder, f"{mart}.parquet"))
        relation = self.connection.execute(
            f"select * from read_parquet(?) where {where} order by {order}", [path, *values]
        )
        names = [column[0] for column in relation.description]
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def explain(home: Home, urn: str, provision: str | None) -> Document:
    """A school's draft rating, its rule, what would change it, indicators, criteria, results and inspections with their
    sources, and last what could not be seen.

    `urn`: six digits. `provision`: one of PROVISIONS, or None for all the school has. Raises RaygError where
    the school or the provision is not in the current build.
    """
    marts = Marts(home)
    found = marts.rows("schools", "urn = ?", [urn], "urn")
    if not found:
        raise RaygError(
            f"No school with URN {urn} in the current build: check the number, or build its authority with --la."
        )
    school = found[0]
    of_provision = "urn = ? and (? is null or provision = ?)"
    drafts = marts.rows("rayg_drafts", of_provision, [urn, provision, provision], "provision desc")
    files = {row["file_id"]: row for row in marts.rows("held_files", "true", [], "file_id")}
    indicators = marts.rows("risk_indicators", of_provision, [urn, provision, provision], "domain, indicator")
    sections = [heading(school, home.is_sample() is True)]
    if not drafts:
        sections.append(Section("", [Line(no_draft(school, provision))]))
    for draft in drafts:
        moves = marts.rows(
            "rayg_alternatives", "urn = ? and provision = ?", [urn, draft["provision"]], "axis, would_be, to_value"
        )
        sections.append(rating(draft, moves))
    if provision in (None, "whole_school"):
        sections += [risk(row) for row in marts.rows("risk_screen", "urn = ?", [urn], "urn")]
    sections += indicator_sections(indicators, files)
    criteria = marts.rows("rayg_criteria", of_provision, [urn, provision, provision], "provision desc, criterion")
    hidden = [row["evidence"] for row in indicators if evidence_of(row, files) != row["evidence"]]
    sections += [criteria_section(criteria, draft["provision"], hidden) for draft in drafts]
    results = marts.rows(
        "benchmarks",
        "urn = ? and status = 'reported' and pupil_group in ('all', 'disadvantaged') and is_headline",
        [urn],
        "measure, pupil_group, academic_year",
    )
    if results:
        sections.append(result_section(results, files))
    inspections = marts.rows("inspections", "urn = ?", [urn], "inspected_on desc")
    if inspections:
        sections.append(inspection_section(inspections, files))
    if drafts:
        sections.append(unseen(drafts, indicators))
    title = f"{school['school_name']} (URN {urn})"
    return Document(title, HANDLING_NOTES[Audience.INTERNAL], sections)


def heading(school: Row, is_sample: bool) -> Section:
    """Who the school is."""
    line = " · ".join(
        words(part)
        for part in (
            school["school_kind"],
            school["establishment_type"],
            school["sector"],
            school["trust_name"],
            school["religious_character"],
            school["status"],
        )
        if part
    )
    lines = [Line(line)]
    if school["predecessor_urns"]:
        lines.append(Line(f"Earlier establishments: {school['predecessor_urns']}"))
    if is_sample:
        lines.insert(0, Line(" SAMPLE DATA: an invented school ", "black on yellow"))
    return Section("", lines)


def no_draft(school: Row, provision: str | None) -> str:
    """Why no draft rating is shown."""
    if provision is not None:
        return f"No {words(provision)} rating: the files held show no such provision here."
    what = f"{school['status']}, {words(school['sector'])}"
    return f"No draft rating: only open state-funded schools are reviewed; this one is {what}."


def rating(draft: Row, moves: list[Row]) -> Section:
    """One provision's draft: colour in words, rule, reason, axes, cusp and what would change it; and what people
    decided."""
    lines = [
        Line(
            f"Draft rating: {words(draft['draft_rating'])} (a proposal; people decide)", COLOURS[draft["draft_rating"]]
        )
    ]
    if draft["moderated_rating"]:
        when = day(draft["moderated_on"])
        lines.append(Line(f"Moderated: {words(draft['moderated_rating'])} on {when}; that stands.", "bold"))
    lines += [
        Line(draft["reason"]),
        Line(
            f"Rule {draft['rule']} · confidence {words(draft['confidence'])} · evidence stage {draft['evidence_stage']}"
        ),
    ]
    lines += [Line(f"  {label}: {words(draft[axis])}") for axis, label in AXES.items()]
    if draft["similar_schools_fifth"]:
        place = f"fifth {draft['similar_schools_fifth']} of 5 (1 the highest)"
        lines.append(Line(f"  Among similar schools, three years together: {place}"))
    if draft["outcome_detail"]:
        lines.append(Line(f"  Decided from: {words(draft['outcome_detail'])}"))
    if draft["cusp_with"]:
        lines.append(
            Line(f"On the cusp of {words(draft['cusp_with'])}: one pupil would do it ({words(draft['cusp_case'])}).")
        )
    if draft["is_carried_forward"]:
        lines.append(Line("  This year's results are not held; the newest earlier ones stand."))
    if draft["criteria_note"]:
        lines.append(Line(f"  Note: {draft['criteria_note']}."))
    if moves:
        lines.append(Line("What would change it:"))
        for axis, colour_then in dict.fromkeys((row["axis"], row["would_be"]) for row in moves):
            ways = [row["plain_words"] for row in moves if (row["axis"], row["would_be"]) == (axis, colour_then)]
            lines.append(Line(f"  {words(colour_then)}, if {AXES[axis].lower()} were: {'; or '.join(ways)}"))
    return Section(PROVISIONS[draft["provision"]], lines)


def risk(screen: Row) -> Section:
    """The school's line in the risk screen."""
    reason = f" ({words(screen['unscreened_reason'])})" if screen["unscreened_reason"] else ""
    counted = f"{plain(screen['points'])} points of {plain(screen['points_seen'])} that could be seen"
    possible = f"({plain(screen['points_possible'])} possible)"
    coverage = f"outcome coverage {plain(screen['coverage_pct'])} %"
    return Section(
        "Risk screen",
        [
            Line(f"Band {words(screen['band'])}{reason} · {counted} {possible} · {coverage} · rank {screen['rank']}"),
            Line(f"Chance: {chance_in_words(screen)}"),
            Line(f"Route: {screen['route'] or 'not set for this sector'}"),
        ],
    )


def source_of(row: Row, files: dict[str, Row]) -> str:
    """File, line and column of a value, as a person would look it up."""
    if row["file_id"] not in files:
        return "–"
    held = files[row["file_id"]]
    return f"{name_of(held)} ({held['academic_year']}) line {row['line']}, {row['source_column']}"


def name_of(held: Row) -> str:
    """What a file is called before others: a published file by its name, one of the authority's own by what it is."""
    return str(held["title"] if held["source"].startswith("local_") else held["file_name"])


def indicator_sections(indicators: list[Row], files: dict[str, Row]) -> list[Section]:
    """Every indicator that applies, with its evidence and source, a section for each domain."""
    sections = []
    for domain in dict.fromkeys(row["domain"] for row in indicators):
        rows = [
            (
                STATES[row["state"]],
                f"{plain(row['points'])} of {plain(row['points_at_stake'])}",
                evidence_of(row, files),
                source_of(row, files),
            )
            for row in indicators
            if row["domain"] == domain and row["state"] != "not_applicable"
        ]
        if rows:
            table = Table(f"Indicators: {words(domain)}", ("State", "Points", "Evidence", "Source"), rows)
            sections.append(Section("", table=table))
    return sections


def evidence_of(indicator: Row, files: dict[str, Row]) -> str:
    """The evidence as a sentence, unless it would show a handful of pupils, by the rule that the pages keep."""
    held = files.get(indicator["file_id"])
    release = held["release"] if held else None
    return evidence_text(indicator, release, indicator_units()[indicator["indicator"]], Audience.INTERNAL)


def criteria_section(criteria: list[Row], provision: str, hidden: list[str]) -> Section:
    """The strategy's criteria: what the evidence says of each, then the questions left to an adviser.

    `hidden`: sentences of few pupils, which no criterion repeats.
    """
    of_provision = [row for row in criteria if row["provision"] == provision]
    rows = [
        (words(row["colour"]), row["wording"], STANDINGS[row["standing"]], without_hidden(row["evidence"], hidden))
        for row in of_provision
        if row["standing"] not in ("adviser_to_judge", "not_applicable", "not_visible")
    ]
    table = Table(
        f"Criteria that the evidence touches: {words(provision)}", ("Colour", "Criterion", "Standing", "Evidence"), rows
    )
    questions = dict.fromkeys(row["adviser_to_judge"] for row in of_provision if row["adviser_to_judge"])
    return Section("", [Line("For the adviser to judge: " + " ".join(questions))], table if rows else None)


def without_hidden(evidence: str, hidden: list[str]) -> str:
    """Evidence without the sentences that may not be shown."""
    for sentence in hidden:
        evidence = evidence.replace(sentence, f"{TOO_FEW.capitalize()}.")
    return evidence


def result_section(results: list[Row], files: dict[str, Row]) -> Section:
    """The last three years of every measure with a value, its interval and England's."""
    columns = ("Measure", "Pupils", "Year", "Value", "95 % interval", "n", "England", "Verdict", "Source")
    rows = []
    by_measure: dict[tuple[str, str], list[Row]] = {}
    for row in results:
        by_measure.setdefault((row["measure"], row["pupil_group"]), []).append(row)
    for (_, group), years in by_measure.items():
        for row in years[-3:]:
            counted = counted_pupils(measures()[row["measure"]].unit, row["value"], row["cohort_n"])
            shown = is_shown(row["release"], row["cohort_n"], counted, Audience.INTERNAL)
            interval = "–" if row["lower_ci"] is None else f"{plain(row['lower_ci'])} to {plain(row['upper_ci'])}"
            note = " (predecessor)" if row["is_predecessor"] else ""
            rows.append(
                (
                    row["measure_title"],
                    group,
                    row["academic_year"] + note,
                    plain(row["value"]) if shown else TOO_FEW,
                    interval if shown else "–",
                    plain(row["cohort_n"]) if shown else "–",
                    plain(row["national_value"]),
                    words(VERDICTS.get(row["verdict"], row["verdict"])),
                    source_of(row, files),
                )
            )
    return Section("", table=Table("Results (last three published years)", columns, rows))


def inspection_section(inspections: list[Row], files: dict[str, Row]) -> Section:
    """Inspections through predecessors, newest first; a predecessor's is context, not a verdict."""
    rows = []
    for row in inspections:
        grades = [
            f"{label} {row[column]}"
            for column, label in (
                ("overall_grade", "overall"),
                ("quality_of_education", "quality of education"),
                ("behaviour_and_attitudes", "behaviour"),
                ("personal_development", "personal development"),
                ("leadership", "leadership"),
                ("early_years", "early years"),
                ("sixth_form", "sixth form"),
            )
            if row[column] is not None
        ]
        areas = [
            f"{column.removeprefix('card_').replace('_', ' ')} {value.lower()}"
            for column, value in row.items()
            if column.startswith("card_") and value
        ]
        found = (row["outcome_text"], ", ".join(grades), ", ".join(areas), row["category_of_concern"])
        rows.append(
            (
                day(row["inspected_on"]),
                f"predecessor {row['urn_inspected']} (context only)" if row["is_predecessor"] else "this school",
                row["event_kind"],
                "; ".join(part for part in found if part) or "–",
                f"{name_of(files[row['file_id']])} line {row['line']}",
            )
        )
    return Section("", table=Table("Inspections", ("Date", "Of", "Kind", "Outcome", "Source"), rows))


def unseen(drafts: list[Row], indicators: list[Row]) -> Section:
    """What the ratings could not see: said last, so that it is what stays in mind."""
    lines = [Line(f"{PROVISIONS[draft['provision']]}: {draft['not_visible']}.") for draft in drafts]
    hidden = [row for row in indicators if row["state"] in ("suppressed", "too_small", "no_data", "not_published")]
    lines += [Line(f"  {row['title']}: {STATES[row['state']]}.") for row in hidden]
    return Section("What was not visible", lines)
