"""The same inspections in the layouts of other years: the workbooks of 2015 and 2018, the files of 2021 and 2026.

Each file shows what was known on its day: a school's last graded inspections then, of the establishment that was open.
An older one than the newest file shows is made up here, by rule and not by chance, so that history adds up across the
files. Report cards since November 2025 are given to some schools that bring no story of their own.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sample_county.county.county import County
from sample_county.county.schools import COUNTY, Inspection, School
from sample_county.county.tables import File, cp1252, header, rows_text
from sample_county.county.workbook import Cell, workbook
from sample_county.publishers.ofsted import inspections
from sample_county.publishers.ofsted.inspections import day_text

WORKBOOK_AS_AT = date(2015, 5, 31)
WORKBOOK = "Maintained_schools_External_Management_Information___31_May_2015.xlsx"
SECTION_8_AS_AT = date(2021, 8, 31)
SECTION_8 = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2021.csv"
REPORT_CARDS_AS_AT = date(2026, 2, 28)
REPORT_CARDS = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_28_Feb_2026.csv"
TABLES_AS_AT = date(2018, 7, 31)
TABLES_WORKBOOK = "england_ofsted-schools.xlsx"
FRAMEWORK_OF_2019 = date(2019, 9, 1)
_ONE_IN = 17
"""One school in so many without a planted story has a report card."""
_AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Leadership and governance",
)
_GRADES = (
    "Expected standard",
    "Strong standard",
    "Expected standard",
    "Needs attention",
    "Exceptional",
    "Strong standard",
)


@dataclass(frozen=True)
class Graded:
    """One graded inspection: of which URN, when, what it found and where the newest file counts it."""

    urn: int
    on: date
    published: date
    number: str
    overall: str
    judgements: tuple[str, str, str, str]
    category: str
    safeguarding: str
    early_years: str
    sixth_form: str
    grouping: str


@dataclass(frozen=True)
class Ungraded:
    """One ungraded inspection."""

    urn: int
    on: date
    published: date
    number: str
    outcome: str


class History:
    """Every graded and ungraded inspection by the URN that was inspected, oldest first."""

    def __init__(self, county: County) -> None:
        self.by_urn = county.by_urn
        self.graded: dict[int, list[Graded]] = defaultdict(list)
        self.ungraded: dict[int, list[Ungraded]] = defaultdict(list)
        for urn, seen in county.once(inspections.draw).items():
            for event in _graded(self.by_urn[urn], seen):
                if event.on not in {other.on for other in self.graded[event.urn]}:
                    self.graded[event.urn].append(event)
            if seen.ungraded_on:
                on = seen.ungraded_on
                number = inspections.number(urn, 3, on)
                self.ungraded[urn].append(Ungraded(urn, on, on + timedelta(34), number, seen.ungraded_outcome))
        for events in self.graded.values():
            events.sort(key=lambda event: event.on)

    def known(self, school: School, day: date, since: date = date.min) -> list[Graded]:
        """What was published by a day of a school or of those before it, newest first."""
        events: list[Graded] = []
        line: School | None = school
        while line:
            events += self.graded[line.urn]
            line = self.by_urn.get(line.predecessor)
        return sorted(
            (event for event in events if event.published <= day and event.on >= since),
            key=lambda event: event.on,
            reverse=True,
        )

    def since(self, school: School, day: date) -> Ungraded | None:
        """The ungraded inspection published by a day."""
        return next((event for event in self.ungraded[school.urn] if event.published <= day), None)


def _graded(school: School, seen: Inspection) -> list[Graded]:
    """The two that the newest file shows, and one before them."""
    on = seen.inspected_on
    events = [
        Graded(
            seen.urn,
            on,
            on + timedelta(41),
            inspections.number(school.urn, 1, on),
            seen.overall,
            seen.judgements,
            seen.category,
            seen.safeguarding,
            seen.early_years,
            seen.sixth_form,
            seen.grouping,
        )
    ]
    if seen.previous_on is None:
        return events
    on, grade, urn = seen.previous_on, seen.previous_overall, seen.previous_urn
    has_key = on >= FRAMEWORK_OF_2019
    key = grade if has_key else "9"
    before = replace(
        events[0],
        urn=urn,
        on=on,
        published=on + timedelta(38),
        number=inspections.number(school.urn, 2, on),
        overall=grade,
        judgements=(key, key, key, grade),
        category="SM" if grade == "4" else "",
        safeguarding="Yes" if has_key else "9",
        early_years=grade if school.has_early_years else "9",
        sixth_form=grade if school.has_sixth_form else "9",
        grouping="S5 Inspection",
    )
    on -= timedelta(1100 + urn % 400)
    grade = "2231"[urn % 4]
    first = replace(
        before,
        on=on,
        published=on + timedelta(36),
        number=inspections.number(school.urn, 4, on),
        overall=grade,
        judgements=("9", "9", "9", grade),
        category="",
        safeguarding="9",
        early_years=grade if school.has_early_years else "9",
        sixth_form=grade if school.has_sixth_form else "9",
    )
    return [*events, before, first] if on < FRAMEWORK_OF_2019 else [*events, before]


def files(county: County) -> Iterator[File]:
    history = History(county)
    tables = f"performance-tables/{TABLES_AS_AT.year - 1}-{TABLES_AS_AT.year}"
    yield File(f"ofsted/2014-2015/{WORKBOOK}", _workbook_2015(county, history))
    yield File(f"{tables}/{TABLES_WORKBOOK}", _tables_2018(county, history))
    section_8 = rows_text(header("ofsted_2021-08"), _section_8(county, history))
    yield cp1252(f"ofsted/2020-2021/{SECTION_8}", section_8)
    cards = rows_text(header("ofsted_2026-02"), _report_cards(county, history), absent="NULL")
    yield cp1252(f"ofsted/2025-2026/{REPORT_CARDS}", cards)


def _section_8(county: County, history: History) -> Iterator[dict[str, str]]:
    """The file of August 2021: 'full' and 'section 8' inspections, with their last days."""
    for school in inspections.inspected(county.schools, SECTION_8_AS_AT):
        row = inspections.identity(school, county)
        known = history.known(school, SECTION_8_AS_AT)
        for event, latest in zip(known[:2], (True, False), strict=False):
            row |= _section_5(school, event, is_latest=latest)
        yield row


def _section_5(school: School, event: Graded, *, is_latest: bool) -> dict[str, str]:
    which = "latest" if is_latest else "previous"

    def named(name: str) -> str:
        return name if is_latest else f"Previous {name[0].lower()}{name[1:]}"

    row = {
        named("Inspection start date"): day_text(event.on),
        named("Inspection end date"): day_text(event.on + timedelta(1)),
        named("Publication date"): day_text(event.published),
        f"Does the {which} full inspection relate to the URN of the current school?": (
            inspections.yes_or_no(event.urn == school.urn)
        ),
        f"URN at time of {which} full inspection": str(event.urn),
        named("Category of concern"): event.category,
        **inspections.judged("{}" if is_latest else "Previous {}", event.judgements),
        named("Safeguarding is effective?"): event.safeguarding,
        named("Early years provision (where applicable)"): event.early_years,
        named("Sixth form provision (where applicable)"): event.sixth_form,
    }
    if not is_latest:
        return row | {
            "Previous full inspection number": event.number,
            "Previous full inspection overall effectiveness": event.overall,
        }
    return row | {
        "Inspection number of latest full inspection": event.number,
        "Inspection type": event.grouping,
        "Inspection type grouping": event.grouping,
        "Overall effectiveness": event.overall,
    }


def _report_cards(county: County, history: History) -> Iterator[dict[str, str]]:
    """The file of February 2026: report cards, the latest grades under the framework of 2019, NULL for a blank."""
    for school in inspections.inspected(county.schools, REPORT_CARDS_AS_AT):
        row = {name: text or "NULL" for name, text in inspections.identity(school, county).items()}
        row |= _card(school)
        if graded := history.known(school, REPORT_CARDS_AS_AT, FRAMEWORK_OF_2019):
            row |= _latest_oeif(school, graded[0])
        if seen := history.since(school, REPORT_CARDS_AS_AT):
            row |= {
                "Latest ungraded inspection number": seen.number,
                "Date of latest ungraded inspection": day_text(seen.on),
                "Ungraded inspection publication date": day_text(seen.published),
                "Does the ungraded inspection relate to the URN of the current school?": "Yes",
                "URN at time of the ungraded inspection": str(seen.urn),
                "Ungraded inspection overall outcome": seen.outcome,
            }
        yield row


def _card(school: School) -> dict[str, str]:
    if school.planted or school.urn % _ONE_IN or (school.opened and school.opened >= date(2024, 1, 1)):
        return {}
    on = date(2025, 11, 18) + timedelta(7 * (school.urn % 8))
    return {
        "Inspection number of latest full inspection": inspections.number(school.urn, 5, on),
        "Inspection type": "S5 Inspection",
        "Inspection start date": day_text(on),
        "Publication date": day_text(on + timedelta(36)),
        "Does the latest full inspection relate to the URN of the current school?": "Yes",
        "URN at time of latest full inspection": str(school.urn),
        "Category of concern": "",
        "Safeguarding standards": "Met",
        **{area: _GRADES[(school.urn // _ONE_IN + at) % len(_GRADES)] for at, area in enumerate(_AREAS)},
        "Early years (where applicable)": "Expected standard" if school.has_early_years else "Not applicable",
        "Post-16 provision (where applicable)": "Strong standard" if school.has_sixth_form else "Not applicable",
    }


def _latest_oeif(school: School, event: Graded) -> dict[str, str]:
    return {
        "Inspection number of latest OEIF graded inspection": event.number,
        "Inspection type of latest OEIF graded inspection": event.grouping,
        "Inspection start date of latest OEIF graded inspection": day_text(event.on),
        "Publication date of latest OEIF graded inspection": day_text(event.published),
        "Does the latest OEIF graded inspection relate to the URN of the current school?": (
            inspections.yes_or_no(event.urn == school.urn)
        ),
        "URN at time of latest OEIF graded inspection": str(event.urn),
        "Latest OEIF category of concern": event.category,
        "Latest OEIF overall effectiveness": event.overall,
        **inspections.judged("Latest OEIF {}", event.judgements),
        "Latest OEIF  safeguarding is effective?": event.safeguarding,
        "Latest OEIF early years provision (where applicable)": event.early_years,
        "Latest OEIF sixth form provision (where applicable)": event.sixth_form,
    }


def _workbook_2015(county: County, history: History) -> bytes:
    """The workbook of May 2015: schools inspected by then, with the last days of their last two inspections."""
    names = header("ofsted_2015-05")
    rows: list[list[Cell]] = [list(names)]
    for school in inspections.inspected(county.schools, WORKBOOK_AS_AT):
        known = history.known(school, WORKBOOK_AS_AT)
        if not known:
            continue
        seen, latest = inspections.identity(school, county), known[0]
        row: dict[str, Cell] = {
            "URN": school.urn,
            "Laestab": int(seen["LAESTAB"]),
            "School name": school.name,
            "Local Authority": seen["Local authority"],
            "Type of school": seen["Type of education"],
            "Ofsted Phase": seen["Ofsted phase"],
            "Total pupils": int(seen["Total number of pupils"]),
            "Latest inspection date": latest.on + timedelta(1),
            "Overall effectiveness: how good is the school": latest.overall,
            "Effectiveness of the sixth form provision": int(latest.sixth_form),
            "Effectiveness of the Early Years provision": int(latest.early_years),
            "Achievement of pupils": int(latest.overall),
            "How well do learners achieve?": 9,
            "The quality of teaching": int(latest.overall),
            "Behaviour and safety of pupils": max(1, int(latest.overall) - 1),
            "Leadership and management": int(latest.judgements[3]),
            "Category": f"{latest.category} " if latest.category == "SM" else latest.category,
        }
        if len(known) > 1:
            row |= {
                "Previous inspection date": known[1].on + timedelta(1),
                "previous overall effectiveness": known[1].overall,
            }
        rows.append([row.get(name, "") for name in names])
    cover: list[list[Cell]] = [["Management information"], ["Coverage:", "Sample county and its neighbours"]]
    return workbook([("Cover", cover), ("Provider Level Data", rows)])


def _tables_2018(county: County, history: History) -> bytes:
    """The performance tables' workbook: the last overall grade by then of each of the county's schools."""
    rows: list[list[Cell]] = [
        ["URN", "School name", "Ofsted phase", "Inspection date", "Publication date", "Overall effectiveness"]
    ]
    for school in inspections.inspected(county.schools, TABLES_AS_AT):
        own = [event for event in history.graded[school.urn] if event.published <= TABLES_AS_AT]
        if school.la == COUNTY and own:
            latest = own[-1]
            phase = inspections.identity(school, county)["Ofsted phase"]
            ended = latest.on + timedelta(1)
            rows.append([school.urn, school.name, phase, ended, latest.published, int(latest.overall)])
    return workbook([(f"DFE_data_{TABLES_AS_AT:%d_%B_%Y}_SON", rows)])
