"""The performance tables' own register: school information of the newest year, and a spine, its forerunner.

Both hold the open schools and those closed since last time.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from sample_county.county.county import County
from sample_county.county.schools import School, year_folder
from sample_county.county.tables import File, header, rows_text, utf8_bom
from sample_county.county.workbook import workbook

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


def files(county: County) -> Iterator[File]:
    rows = [_row(school, county) for school in _listed(county.schools) if not _is_gone(school)]
    information = rows_text(header("school_information_2024-25"), rows, is_cut=True)
    yield utf8_bom(f"performance-tables/{year_folder(YEAR)}/england_school_information.csv", information)
    yield File(f"performance-tables/{year_folder(SPINE_YEAR)}/england_spine.xlsx", _spine(county.schools))


def _listed(schools: Iterable[School]) -> list[School]:
    """Every school but nursery schools and referral units, which the real tables leave out as well."""
    return sorted((s for s in schools if s.kind not in ("nursery", "pru")), key=lambda school: school.urn)


def _is_gone(school: School) -> bool:
    """Closed before last time, or not open yet."""
    return bool((school.closed and school.closed < _LAST_TIME) or (school.opened and school.opened > _PREPARED))


def _about(school: School) -> dict[str, str]:
    """What both tables say."""
    return {
        "URN": str(school.urn),
        "LA": str(school.la),
        "ESTAB": str(school.estab),
        "LAESTAB": f"{school.la}{school.estab}",
        "SCHNAME": school.name,
        "TOWN": school.town,
        "POSTCODE": school.postcode,
        "ISPRIMARY": _flag(school.low < 11 and school.kind != "fe"),
        "ISSECONDARY": _flag(school.high > 12 and school.kind != "fe"),
        "ISPOST16": _flag(school.high >= 18),
    }


def _row(school: School, county: County) -> dict[str, str]:
    gone = school.closed is not None and school.closed <= _PREPARED
    return _about(school) | {
        "LANAME": county.authority_of[school.la].name,
        "SCHSTATUS": "Closed" if gone else "Open",
        "OPENDATE": _day(school.opened if school.opened and school.opened >= _OPENINGS_FROM else None),
        "CLOSEDATE": _day(school.closed if gone else None),
        "MINORGROUP": school.words.minor_group,
        "SCHOOLTYPE": school.words.information,
        "AGELOW": str(school.low),
        "AGEHIGH": str(school.high),
        "RELCHAR": school.religion,
        "ADMPOL": _admissions(school),
    }


def _spine(schools: Iterable[School]) -> bytes:
    """The workbook of 2017/18: every school then open; status is a code."""
    names = header("spine_2017-18")
    rows = [_spine_row(school) for school in _listed(schools) if school.is_open(_SPINE_PREPARED)]
    return workbook([("england", [names, *([row.get(name, "") for name in names] for row in rows)])])


def _spine_row(school: School) -> dict[str, str]:
    is_new = school.opened is not None and school.opened >= _SPINE_OPENINGS_FROM
    return _about(school) | {
        "ICLOSE": "1",
        "OPENDATE": school.opened.isoformat() if is_new and school.opened else "",
        "MINORGROUP": school.words.minor_group.title(),
        "NFTYPE": _SPINE_TYPES.get(school.nf_type, school.words.information),
        "AGEL": str(school.low),
        "AGEH": str(school.high),
        "RELDENOM": school.religion,
        "ADMPOL": "Not recorded",
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
