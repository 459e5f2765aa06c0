"""Childcare and early-years providers of the sample's authorities, in the layouts of 2025 and 2026.

Both files tell of the same providers; some have a report
card by the second.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sample_county.county.county import County
from sample_county.county.schools import Authority
from sample_county.county.tables import File, cp1252, header, rows_text

UNTIL_2025 = (
    "Management_information_-_childcare_providers_and_inspections_-_"
    "most_recent_inspections_data_as_at_31_August_2025.csv"
)
SINCE_2026 = "Childcare_provider_data_as_at_31_March_2026.csv"
PER_AUTHORITY = 30
_TITLES = {
    UNTIL_2025: "Latest inspections of all registered providers as at 31 August 2025",
    SINCE_2026: "Registered childcare providers as at 31 March 2026",
}
_KINDS = (
    "Childminder",
    "Childcare on non-domestic premises",
    "Childcare on non-domestic premises",
    "Home childcarer",
    "Childcare on domestic premises",
)
_AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Behaviour, attitudes and establishing routines",
    "Children's welfare and wellbeing",
    "Leadership and governance",
)
_GRADES = ("Expected standard", "Strong standard", "Needs attention", "Expected standard")
_REPORT_CARD = "EYR REIF: Most recent: "


def files(county: County) -> Iterator[File]:
    for year, name in (("2024-2025", UNTIL_2025), ("2025-2026", SINCE_2026)):
        yield cp1252(f"ofsted/{year}/{name}", _text(county, name))


def _text(county: County, name: str) -> str:
    """One of the two files: two title lines, then a row per provider."""
    is_new = name == SINCE_2026
    layout = header("ofsted_early_years_2026-03" if is_new else "ofsted_early_years_2025-08")
    rows = [
        _provider(authority, at, county.seed, is_new=is_new)
        for authority in county.authorities
        for at in range(PER_AUTHORITY)
    ]
    spelled = {column.lower(): column for column in layout}
    rows = [{spelled.get(key.lower(), key): cell for key, cell in row.items()} for row in rows]
    blanks = "," * (len(layout) - 1)
    titles = f"{_TITLES[name]}{blanks}\r\nThis worksheet contains one table.{blanks}\r\n"
    return titles + rows_text(layout, rows)


def _provider(authority: Authority, at: int, seed: int, *, is_new: bool) -> dict[str, str]:
    number = authority.code * 100 + at + seed
    kind = _KINDS[number % len(_KINDS)]
    on_register = kind != "Home childcarer"
    grade = ("1", "2", "2", "Met", "2", "", "3", "2", "2", "4" if number % 19 == 0 else "2")[number % 10]
    inspected = date(2021, 10, 5) + timedelta(17 * (number % 60))
    has_card = is_new and on_register and number % 7 == 0
    row = {
        "Provider URN": f"EY{900_000 + number}",
        "Provider type": kind,
        "Provider status": "Resigned" if number % 23 == 0 else "Active",
        "Provider Early Years Register flag": "Y" if on_register else "N",
        "Local authority": authority.name,
    }
    if on_register:
        row |= {
            "Most Recent Full: Overall Effectiveness": grade,
            "Most Recent Full: Inspection Date": f"{inspected:%d/%m/%Y}" if grade else "",
            "EYR OEIF/CIF: Most recent: Overall effectiveness": grade,
            "EYR OEIF: Most recent: Full inspection date": f"{inspected:%d/%m/%Y}" if grade else "",
        }
    if has_card:
        row |= {f"{_REPORT_CARD}{area}": _GRADES[(number + n) % len(_GRADES)] for n, area in enumerate(_AREAS)}
        row |= {
            f"{_REPORT_CARD}Inspection date": "13/01/2026",
            f"{_REPORT_CARD}Safeguarding standards met?": "Met",
        }
    return row
