"""Absence tables: England files (schools, then England by phase) and a single-authority file.

Only the single-authority file has rows for the authority; in all total rows the phase stands in ESTAB.
"""

from collections.abc import Iterator

from sample_county.county.absences import PHASES, TOO_FEW, YEARS, Absences
from sample_county.county.county import County
from sample_county.county.schools import COUNTY, year_folder
from sample_county.county.tables import File, csv_text, decimals, header, put, ratio, texts, utf8_bom

COUNTY_YEAR = YEARS[-2]


def files(county: County) -> Iterator[File]:
    for year in YEARS:
        yield utf8_bom(f"performance-tables/{year_folder(year)}/england_abs.csv", _text(county.absences(year)))
    own = _text(county.absences(COUNTY_YEAR), COUNTY)
    yield utf8_bom(f"performance-tables/{year_folder(COUNTY_YEAR)}/{COUNTY}_abs.csv", own)


def _text(absent: Absences, la: int | None = None) -> str:
    chosen = [n for n, school in enumerate(absent.schools) if la in (None, school.la)]
    kept = [absent.schools[n] for n in chosen]
    share = decimals(100 * ratio(absent.persistent[chosen], absent.enrolments[chosen]), 1)
    share = put(share, absent.persistent[chosen] <= TOO_FEW, "SUPP")
    areas = [la, None] if la is not None else [None]
    totals = [
        ("NAT" if area is None else str(area), phase, *absent.total(phase, area)) for area in areas for phase in PHASES
    ]
    names, phases, overall, persistent = map(list, zip(*totals, strict=True))
    columns = {
        "LA": texts([*(str(school.la) for school in kept), *names]),
        "ESTAB": texts([*(str(school.estab) for school in kept), *phases]),
        "URN": texts([*(str(school.urn) for school in kept), *[""] * len(totals)]),
        "PERCTOT": texts([*decimals(absent.overall[chosen], 1).tolist(), *overall]),
        "PPERSABS10": texts([*share.tolist(), *persistent]),
    }
    return csv_text(header("abs"), columns)
