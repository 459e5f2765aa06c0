"""The performance tables' own register: school information of the newest year, and a spine, its forerunner.

Both hold the open schools and those closed since last time.
"""

from collections.abc import Sequence
from datetime import date

from sample_county.schools import School
from sample_county.tables import Cells, csv_text, header, texts
from sample_county.workbook import workbook

YEAR = 2025
_PREPARED = date(2026, 6, 1)
_LAST_TIME = date(2024, 12, 1)
_OPENINGS_FROM = date(2024, 9, 12)
SPINE_YEAR = 2018
_SPINE_PREPARED = date(2018, 7, 1)
_SPINE_OPENINGS_FROM = date(2016, 9, 12)
_SPINE_TYPES = {
    "ACC": "Academy - Converter mainstream",
    "AC": "Academy sponsor led mainstream",
    "F": "Free school - Mainstream",
    "ACCS": "Academy - Converter special school",
    "FE": "General further education college",
}


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


def spine(schools: Sequence[School]) -> bytes:
    """The workbook of 2017/18: every school then open but nursery schools and referral units; status is a code."""
    names = header("spine_2017-18")
    kept = [s for s in schools if s.kind not in ("nursery", "pru") and s.is_open(_SPINE_PREPARED)]
    rows = [_spine_row(school) for school in sorted(kept, key=lambda school: school.urn)]
    return workbook([("england", [names, *([row.get(name, "") for name in names] for row in rows)])])


def _spine_row(school: School) -> dict[str, str]:
    is_new = school.opened is not None and school.opened >= _SPINE_OPENINGS_FROM
    return {
        "URN": str(school.urn),
        "LA": str(school.la),
        "ESTAB": str(school.estab),
        "LAESTAB": f"{school.la}{school.estab}",
        "SCHNAME": school.name,
        "STREET": school.street,
        "LOCALITY": school.locality,
        "TOWN": school.town,
        "POSTCODE": school.postcode,
        "ICLOSE": "1",
        "OPENDATE": school.opened.isoformat() if is_new and school.opened else "",
        "ISNEW": _flag(is_new),
        "MINORGROUP": school.words.minor_group.title(),
        "NFTYPE": _SPINE_TYPES.get(school.nf_type, school.words.information),
        "ISPRIMARY": _flag(school.low < 11 and school.kind != "fe"),
        "ISSECONDARY": _flag(school.high > 12 and school.kind != "fe"),
        "ISPOST16": _flag(school.high >= 18),
        "AGEL": str(school.low),
        "AGEH": str(school.high),
        "GENDER": school.gender,
        "SIXFGENDER": school.gender if school.has_sixth_form else "",
        "RELDENOM": school.religion,
        "ADMPOL": "Not recorded",
        "NEWACFLAG": "6",
        "RE-BROKERED": "0",
    }


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
