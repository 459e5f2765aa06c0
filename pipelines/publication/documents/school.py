"""A school's account as a document: the same account that its page prints, laid out for a terminal and for Markdown.

What is said stands in `views.school`; here it is only laid out.
"""

from pipelines.home import Home
from pipelines.publication.documents.document import Document, Line, Section, Table
from pipelines.publication.views.accounts import Accounts
from pipelines.publication.views.handling import HANDLING_NOTES, Audience
from pipelines.publication.views.inspections import Event
from pipelines.publication.views.ratings import Card, Rating
from pipelines.publication.views.reading import REQUIRED, Marts
from pipelines.publication.views.school import SchoolPage, Subject
from pipelines.publication.views.series import GapSeries, Series, YearLine
from pipelines.publication.views.words import GAP_KINDS, NOTHING, words

SAMPLE = Line(" SAMPLE DATA: an invented school ", "black on yellow")
YEARS = 3  # of a followed measure: the newest with a value
INDICATORS = ("Indicator", "State", "Points", "Evidence", "Paragraph", "Source")
RESULTS = ("Measure", "Year", "Value", "95% interval", "Pupils", "England", "Against England", "Note", "Source")
STYLES = {
    "dark_green": "bold green",
    "light_green": "green",
    "yellow": "yellow",
    "amber": "dark_orange",
    "red": "bold red",
}


def explain(home: Home, urn: str, provision: str | None) -> Document:
    """A school's account, of one provision or of all it has. What could not be seen is last, so that it stays in mind.

    Raises RaygError where nothing is built, or the current build has no such school or provision.
    """
    page = Accounts(Marts(home.current, REQUIRED)).school(urn, provision)
    return lay_out(page, is_sample=home.is_sample() is True)


def lay_out(page: SchoolPage, *, is_sample: bool) -> Document:
    """The account as sections: the same words as the page."""
    places = _places(page)
    sections = [
        _heading(page, is_sample),
        *map(_rating, page.ratings),
        *_judgements(page),
        *(
            Section("", table=Table(care.title, tuple(care.columns), [tuple(row) for row in care.rows]))
            for care in page.care
        ),
        *_indicators(page, places),
        *(_results(subject, places) for subject in page.subjects),
        *_gaps(page.gaps, places),
        _inspections(page.events, places),
        *map(_card, page.cards),
        _unseen(page),
    ]
    return Document(f"{page.name} (URN {page.urn})", HANDLING_NOTES[Audience.INTERNAL], sections, ".md or .html")


def _places(page: SchoolPage) -> dict[int | None, str]:
    """Each numbered source as a person would look it up."""
    return {
        cell.number: f"{file.name} ({file.academic_year}) {cell.place}" for file in page.files for cell in file.cells
    } | {None: "–"}


def _heading(page: SchoolPage, is_sample: bool) -> Section:
    lines = [Line(" · ".join(f"{title}: {value}" for title, value in page.identity))]
    if page.no_rating:
        lines.append(Line(page.no_rating))
    return Section("", [SAMPLE, *lines] if is_sample else lines)


def _rating(rating: Rating) -> Section:
    confirm = " Adviser to confirm." if rating.needs_adviser else ""
    facts = [("Rule", rating.rule or NOTHING), *rating.facts]
    changes = [Line(f"  {axis} {to}: {words(would_be)}") for axis, to, would_be in rating.alternatives]
    lines = [
        Line(f"{rating.title}: {words(rating.final)}", STYLES.get(rating.final, "")),
        Line(f"{rating.stage}{confirm}"),
        Line(rating.reason),
        *(Line(f"  {title}: {value}") for title, value in facts),
        *([Line("What would change it:"), *changes] if changes else []),
    ]
    return Section("", lines)


def _judgements(page: SchoolPage) -> list[Section]:
    """Where data and inspection disagree, and the school's line in the risk screen."""
    disagreements = [Line(f"Data and inspection disagree. {sentence}") for sentence in page.disagreements]
    screen = [Line(f"{title}: {value}") for title, value in page.screen]
    sections = [Section("", disagreements)] if disagreements else []
    return [*sections, Section("Risk screen", screen)] if screen else sections


def _indicators(page: SchoolPage, places: dict[int | None, str]) -> list[Section]:
    sections = []
    for domain, indicators in page.domains:
        rows = []
        for one in indicators:
            note = " Rests on the predecessor school." if one.is_predecessor else ""
            paragraph = f"{one.paragraph} {one.authority}".strip()
            rows.append((one.title, one.state_words, one.points, one.evidence + note, paragraph, places[one.source]))
        sections.append(Section("", table=Table(f"Indicators: {domain}", INDICATORS, rows)))
    return sections


def _results(subject: Subject, places: dict[int | None, str]) -> Section:
    rows = [_result(series.title, line, places) for series in subject.series for line in _newest(series)]
    rows += [_result(latest.title, latest.line, places) for latest in subject.others]
    return Section("", table=Table(subject.title, RESULTS, rows))


def _newest(series: Series) -> list[YearLine]:
    """The newest years with a value to show, and the newest year of all with the reason where it has none."""
    with_value = [line for line in series.lines if line.is_shown][-YEARS:]
    return with_value if series.lines[-1].is_shown else [*with_value, series.lines[-1]]


def _result(title: str, line: YearLine, places: dict[int | None, str]) -> tuple[str, ...]:
    figures = (line.value, line.interval, line.pupils, line.national, line.verdict)
    return (title, line.year, *figures, line.note, places[line.source])


def _gaps(gaps: list[GapSeries], places: dict[int | None, str]) -> list[Section]:
    """The newest year of each gap."""
    if not gaps:
        return []
    columns = ("Gap", "Year", "Pupils", *(f"Gap {kind}" for kind in GAP_KINDS.values()), "Source")
    newest = [(gap.title, gap.lines[-1]) for gap in gaps]
    rows = [(title, line.year, line.pupils, *line.gaps, places[line.source]) for title, line in newest]
    return [Section("", table=Table("Gaps of disadvantaged pupils, latest year", columns, rows))]


def _inspections(events: list[Event], places: dict[int | None, str]) -> Section:
    if not events:
        return Section("Inspections", [Line("The files held show no inspection of this school.")])
    rows = []
    for event in events:
        who = f"predecessor {event.of}: context only" if event.of else "this school"
        judgements = [f"{what}: {grade}" for what, grade in event.judgements]
        outcome = "; ".join((event.outcome, *judgements))
        rows.append((event.on, who, f"{event.kind} ({event.framework})", outcome, places[event.source]))
    return Section("", table=Table("Inspections, newest first", ("Date", "Of", "Kind", "Outcome", "Source"), rows))


def _card(card: Card) -> Section:
    """The criteria that the data speak to as a table, then the questions left to the adviser."""
    rows = [
        (one.wording, words(colour), one.standing, one.evidence)
        for colour, criteria in card.colours
        for one in criteria
        if one.is_seen
    ]
    questions = dict.fromkeys(one.question for _, criteria in card.colours for one in criteria if one.question)
    table = Table(f"Criteria card: {card.title}", ("Criterion", "Colour", "In the data", "Evidence"), rows)
    return Section("", [Line("For the adviser to judge: " + " ".join(questions))], table if rows else None)


def _unseen(page: SchoolPage) -> Section:
    lines = [Line(f"{rating.title}: {'; '.join(rating.not_visible)}.") for rating in page.ratings if rating.not_visible]
    lines += [Line(f"  {line}") for line in page.unseen]
    return Section("What was not visible", [*lines, Line("No verdict never means that nothing is wrong.")])
