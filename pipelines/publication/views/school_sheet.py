"""A school on one page: its colour and why, what is fine and what could not be seen, trends and subjects, what to ask,
who could help.

Pure: rows in, page data out. Figures, words and sentences are those of the mart `school_headlines`; what is drawn and
asked stands in the seeds `sheet_trends` and `visit_questions`; where it is drawn, in the template.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.publication.views.figures import day, group_titles, measures, shown, written
from pipelines.publication.views.handling import Audience
from pipelines.publication.views.inspections import last_in_words
from pipelines.publication.views.ratings import CONSIDER_RED
from pipelines.publication.views.school_list import Scatter, Spot
from pipelines.publication.views.words import ABSENCES, HEADLINE_WORDS, NOTHING, PROVISIONS, words
from pipelines.seeds import seed

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

DRAWN_TRENDS = 3
YEARS = 5  # newest, in a trend
FINE = 4  # lines of what is fine
ASKED = 4  # questions, and safeguarding
HELPERS = 3
SAFEGUARDING = "Is safeguarding effective? The data cannot show it."


@dataclass(frozen=True)
class TrendPoint:
    """One year. `year`: the calendar year the academic year begins in. None where there is no figure to show."""

    year: int
    value: float | None
    lower: float | None
    upper: float | None
    england: float | None
    similar: float | None
    text: str


@dataclass(frozen=True)
class Trend:
    """One measure over the years. `top`: where its axis ends. `says`: the same in words."""

    title: str
    unit: str
    top: float
    points: list[TrendPoint]
    says: str


@dataclass(frozen=True)
class Subject:
    """One share of pupils of the newest year, its interval, and England's; in per cent."""

    title: str
    value: float
    lower: float | None
    upper: float | None
    england: float | None
    is_below: bool
    text: str
    says: str


@dataclass(frozen=True)
class Helper:
    """A school that does well where this one does not."""

    urn: str
    name: str
    measure: str
    value: str
    fsm: str


@dataclass(frozen=True)
class Box:
    """The decision as it stands. `colour`: what stands now. `is_red_asked`: the data ask an adviser to consider red.
    `last`: the colour of the last review.
    """

    colour: str
    is_red_asked: bool
    is_agreed: bool
    stands: str
    last: str


@dataclass(frozen=True)
class SchoolSheet:
    """All that the page prints. `others`: early years and post-16 with their colours."""

    urn: str
    name: str
    facts: str
    box: Box | None
    no_colour: str
    others: list[tuple[str, str]]
    why: str
    rule: str
    matter: str
    fine: list[str]
    unseen: list[str]
    trends: list[Trend]
    subjects: list[Subject]
    scatter: Scatter | None
    own: Spot | None
    questions: list[str]
    helpers: list[Helper]
    no_helper: str
    year: str


def school_sheet(school: Row, rows: Mapping[str, Rows], scatters: list[Scatter], fsm: float | None) -> SchoolSheet:
    """One school's page, for the internal audience.

    `rows`: by mart, this school's own (`rayg_drafts`, `school_headlines`, `benchmarks`, `support_offer`,
    `inspections`). `scatters`: the pictures of the list, in one of which the school may stand. `fsm`: its share of
    pupils with free meals in six years.
    """
    drafts = {row["provision"]: row for row in rows["rayg_drafts"]}
    whole = drafts.get("whole_school")
    lines = [row for row in rows["school_headlines"] if _text(row)]
    asked = [row for row in lines if row["is_worse"]]
    own = next(((chart, spot) for chart in scatters for spot in chart.spots if spot.urn == school["urn"]), None)
    return SchoolSheet(
        urn=school["urn"],
        name=str(school["school_name"]),
        facts=_facts(school, last_in_words(rows["inspections"]), fsm),
        box=_box(whole) if whole else None,
        no_colour="" if whole else "No colour: only open state-funded schools are reviewed.",
        others=[
            (title, words(draft["final_rating"] or draft["draft_rating"]))
            for provision, title in PROVISIONS.items()
            if provision != "whole_school" and (draft := drafts.get(provision))
        ],
        why=str(whole["reason"]).removeprefix(CONSIDER_RED) if whole else "",
        rule=str(whole.get("rule_sentence") or "") if whole else "",
        matter=str(whole["open_matter"] or "") if whole else "",
        fine=_fine(lines),
        unseen=_unseen(rows["school_headlines"], whole),
        trends=_trends(rows["benchmarks"]),
        subjects=_subjects(lines),
        scatter=own[0] if own else None,
        own=own[1] if own else None,
        questions=_questions(asked),
        helpers=_helpers(rows["support_offer"]),
        no_helper=_no_helper(asked, lines),
        year=max((row["academic_year"] for row in lines), default=""),
    )


def _facts(school: Row, inspected: str, fsm: float | None) -> str:
    ages = f"{school['age_low']} to {school['age_high']}" if school["age_low"] is not None else ""
    sector, kind = words(school["sector"]), words(school["school_kind"]) if school["school_kind"] else ""
    parts = [
        school["urn"],
        sector if sector.endswith(kind) else f"{sector} {kind}",
        ages,
        f"{school['pupils_n']} pupils" if school["pupils_n"] is not None else "",
        f"{written(fsm, 'pct')} with free meals in six years" if fsm is not None else "",
        school["trust_name"] if school["trust_name"] != school["school_name"] else "",
        school["district"] or (f"{school['constituency']} constituency" if school["constituency"] else ""),
        inspected,
    ]
    return " · ".join(part for part in parts if part)


def _box(draft: Row) -> Box:
    moderated = draft["moderated_rating"]
    last = words(draft["previous_rating"]) if draft["previous_rating"] else "none held"
    stands = f"agreed on {day(draft['moderated_on'])}" if moderated else "draft, to be confirmed on the visit"
    is_red_asked = bool(draft["consider_red"]) and not moderated
    return Box(words(draft["final_rating"] or draft["draft_rating"]), is_red_asked, bool(moderated), stands, last)


def _text(row: Row) -> str:
    """A headline's value as it is written; nothing where there is none or it is of too few pupils."""
    measure = measures()[row["measure"]]
    value = shown(row, measure, Audience.INTERNAL)
    return "" if value is None else written(value, measure.unit, measure.decimals)


def _england(row: Row) -> str:
    measure = measures()[row["measure"]]
    return "" if row["national_value"] is None else written(row["national_value"], measure.unit, measure.decimals)


def _fine(lines: Rows) -> list[str]:
    """What is clearly better than England first, then what is about the same."""
    today = [row for row in lines if not row["is_history"]]
    better = [row for row in today if row["is_exception"] and not row["is_worse"]]
    same = [row for row in today if row["word"] == "about_the_same"]
    return [
        f"{_short(row)} {_text(row)} ({row['academic_year']}): {HEADLINE_WORDS[row['word']]} England ({_england(row)})"
        for row in [*sorted(better, key=lambda row: -(row["weight"] or 0)), *same][:FINE]
    ]


def _unseen(rows: Rows, draft: Row | None) -> list[str]:
    """What has no figure and why, one line for each reason, and what the draft could not see."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        if row["is_history"] or _text(row):
            continue
        why = "of too few pupils" if row["status"] == "reported" else ABSENCES.get(row["status"], words(row["status"]))
        by_reason.setdefault(why, []).append(_short(row))
    lines = [f"{why[:1].upper()}{why[1:]}: {'; '.join(titles)}" for why, titles in by_reason.items()]
    told = [part.strip() for part in str(draft["not_visible"] or "").split(";")] if draft else []
    return lines + [f"Not seen: {part}" for part in told if part]


def _trends(rows: Rows) -> list[Trend]:
    by_key: dict[tuple[str, str], Rows] = {}
    for row in rows:
        by_key.setdefault((row["measure"], row["pupil_group"]), []).append(row)
    drawn: list[Trend] = []
    always: list[Trend] = []
    for line in sorted(seed("sheet_trends"), key=lambda line: int(line["place"])):
        trend = _trend(line, by_key.get((line["measure"], line["pupil_group"]), []))
        if trend is not None:
            (always if line["is_always_drawn"] == "true" else drawn).append(trend)
    return drawn[:DRAWN_TRENDS] + always


def _trend(line: Mapping[str, str], rows: Rows) -> Trend | None:
    measure = measures()[line["measure"]]
    points: list[TrendPoint] = []
    for row in sorted(rows, key=lambda row: row["academic_year"]):
        value = shown(row, measure, Audience.INTERNAL)
        is_compared = bool(row["is_set_against_national"])
        points.append(
            TrendPoint(
                year=int(row["academic_year"][:4]),
                value=value,
                lower=row["lower_ci"] if value is not None else None,
                upper=row["upper_ci"] if value is not None else None,
                england=row["national_value"] if is_compared else None,
                similar=row["similar_schools_value"],
                text=written(value, measure.unit, 0 if measure.unit == "pct" else measure.decimals),
            )
        )
    with_value = [point.year for point in points if point.value is not None]
    if not with_value:
        return None
    first = min((year for year in with_value if year > points[-1].year - YEARS), default=with_value[-1])
    points = [point for point in points if point.year >= first]
    told = [f"{point.text} in {point.year}/{(point.year + 1) % 100:02d}" for point in points if point.value is not None]
    top = float(line["axis_top"])
    return Trend(line["title"], measure.unit, top, points, f"{line['title']}: {', '.join(told)}.")


def _subjects(lines: Rows) -> list[Subject]:
    """The shares of pupils at the end of the key stage, of the newest year that any of them has."""
    shares = [
        row
        for row in lines
        if measures()[row["measure"]].unit == "pct"
        and measures()[row["measure"]].domain == "attainment"
        and row["pupil_group"] == "all"
        and row["provision"] == "whole_school"
    ]
    return [
        Subject(
            title=_short(row),
            value=row["value"],
            lower=row["lower_ci"],
            upper=row["upper_ci"],
            england=row["national_value"],
            is_below=bool(row["is_worse"]),
            text=_text(row),
            says=f"{_short(row)} {_text(row)}" + (f", England {_england(row)}" if _england(row) else ""),
        )
        for row in shares
    ]


def _short(row: Row) -> str:
    """A headline's short name, with its group where that is not all pupils."""
    group = row["pupil_group"]
    short = next(line["short_title"] for line in seed("headline_measures") if line["measure"] == row["measure"])
    return short if group == "all" else f"{short} ({group_titles().get(group, words(group))})"


def _questions(asked: Rows) -> list[str]:
    texts = {(line["measure"], line["pupil_group"]): line["question"] for line in seed("visit_questions")}
    questions = [
        texts[key].format(value=_text(row), england=_england(row))
        for row in sorted(asked, key=lambda row: -(row["weight"] or 0))
        if (key := (row["measure"], row["pupil_group"])) in texts
    ]
    return [*questions[:ASKED], SAFEGUARDING]


def _no_helper(asked: Rows, lines: Rows) -> str:
    """Why no school is named that could help."""
    if asked:
        return "No strong school was found that is alike enough."
    results = [row for row in lines if measures()[row["measure"]].domain == "attainment"]
    if any(row["national_value"] is not None for row in results):
        return "Nothing here is clearly worse than in England."
    return "No result here is set against England’s, so that nobody is matched."


def _helpers(rows: Rows) -> list[Helper]:
    """The first offers, each school once."""
    helpers: dict[str, Helper] = {}
    for row in sorted((row for row in rows if row["offering_urn"]), key=lambda row: row["place"]):
        measure = measures()[row["measure"]]
        helpers.setdefault(
            row["offering_urn"],
            Helper(
                urn=row["offering_urn"],
                name=str(row["offering_school_name"]),
                measure=str(row["measure_title"]),
                value=written(row["offering_value"], measure.unit, measure.decimals),
                fsm=NOTHING if row["offering_fsm6_pct"] is None else written(row["offering_fsm6_pct"], "pct"),
            ),
        )
    return list(helpers.values())[:HELPERS]
