"""The school information table as published for the newest year: open schools and those closed since last time."""

from collections.abc import Sequence
from datetime import date

from pipelines.sample.schools import School
from pipelines.sample.tables import Cells, csv_text, header, texts

YEAR = 2025
_PREPARED = date(2026, 6, 1)
_LAST_TIME = date(2024, 12, 1)
_OPENINGS_FROM = date(2024, 9, 12)


def text(schools: Sequence[School], la_names: dict[int, str]) -> str:
    """Every school but nursery schools and referral units, which the real table leaves out as well."""
    kept = [
        school
        for school in sorted(schools, key=lambda school: school.urn)
        if school.kind not in ("nursery", "pru")
        and (school.closed is None or school.closed >= _LAST_TIME)
        and (school.opened is None or school.opened <= _PREPARED)
    ]
    closed = [school.closed is not None and school.closed <= _PREPARED for school in kept]

    def column(values: list[str]) -> Cells:
        return texts(values)

    columns = {
        "URN": column([str(s.urn) for s in kept]),
        "LANAME": column([la_names[s.la] for s in kept]),
        "LA": column([str(s.la) for s in kept]),
        "ESTAB": column([str(s.estab) for s in kept]),
        "LAESTAB": column([f"{s.la}{s.estab}" for s in kept]),
        "SCHNAME": column([s.name for s in kept]),
        "STREET": column([s.street for s in kept]),
        "LOCALITY": column([s.locality for s in kept]),
        "TOWN": column([s.town for s in kept]),
        "POSTCODE": column([s.postcode for s in kept]),
        "SCHSTATUS": column(["Closed" if gone else "Open" for gone in closed]),
        "OPENDATE": column([_day(s.opened if s.opened and s.opened >= _OPENINGS_FROM else None) for s in kept]),
        "CLOSEDATE": column([_day(s.closed if gone else None) for s, gone in zip(kept, closed, strict=True)]),
        "MINORGROUP": column([s.words.minor_group for s in kept]),
        "SCHOOLTYPE": column([s.words.information for s in kept]),
        "ISPRIMARY": column([_flag(s.low < 11 and s.kind != "fe") for s in kept]),
        "ISSECONDARY": column([_flag(s.high > 12 and s.kind != "fe") for s in kept]),
        "ISPOST16": column([_flag(s.high >= 18) for s in kept]),
        "AGELOW": column([str(s.low) for s in kept]),
        "AGEHIGH": column([str(s.high) for s in kept]),
        "GENDER": column([s.gender for s in kept]),
        "RELCHAR": column([s.religion for s in kept]),
        "ADMPOL": column([_admissions(s) for s in kept]),
    }
    return csv_text(header("school_information_2024-25"), columns)


def _day(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _admissions(school: School) -> str:
    if school.opened and school.opened >= _OPENINGS_FROM:
        return ""
    if school.phase == "SEC":
        return "Non-selective"
    return "Selective" if school.kind == "independent" and school.urn % 2 else "Not applicable"
