"""Destinations of 16 to 18 students and their progression to higher education: the newest folder, and 2017/18's.

The folder's year is not the leavers' year, and the two tables lag differently.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from sample_county.county.county import County
from sample_county.county.figures import COUNT, SHARE, Figure, Sheet, Sized, few
from sample_county.county.ks5_students import Students
from sample_county.county.schools import COUNTY, results_day, year_folder
from sample_county.county.streams import stream
from sample_county.county.tables import File, Numbers, header, utf8_bom, whole_percent
from sample_county.county.tally import ALL_SCHOOLS, Published, Tally
from sample_county.publishers.performance_tables.destinations import PARTS, RECORD_TYPES, rounded_for_areas
from sample_county.publishers.performance_tables.identity import identity

FOLDER_YEAR = 2025
LEAVERS, HE_LEAVERS = 2023, 2022
FOLDER_YEAR_2018, LEAVERS_2018 = 2018, 2016
_HE_OF_LEVEL_3, _HE_OF_OTHERS = 0.52, 0.03
_SUSTAINED_OF_LEVEL_3, _SUSTAINED_OF_OTHERS = 0.87, 0.77
_HE_SUBSETS = {"TOP3RD": 0.3, "RUSSELL": 0.24, "OXBRIDGE": 0.015}


def files(county: County) -> Iterator[File]:
    newest = f"performance-tables/{year_folder(FOLDER_YEAR)}"
    yield utf8_bom(f"{newest}/england_ks5-studest.csv", _destinations(county).text())
    yield utf8_bom(f"{newest}/england_ks5-studest-he.csv", _progression(county).text())
    then = f"performance-tables/{year_folder(FOLDER_YEAR_2018)}"
    yield utf8_bom(f"{then}/{COUNTY}_ks5-studest.csv", _county_2018(county).text(COUNTY))


def _destinations(county: County) -> Published:
    """The England file of what the students who left in LEAVERS went on to: all, and those at level 3."""
    left = county.ks5(LEAVERS)
    everyone = np.ones(len(left.school_of), dtype=bool)
    figures = [
        *_of_level("TOT_", everyone, _went(county, left, LEAVERS)),
        *_of_level("L3_", _is_level_3(left), _went(county, left, LEAVERS)),
    ]
    return _table(county, left, (LEAVERS, FOLDER_YEAR), "ks5-studest_2021-22", figures)


def _county_2018(county: County) -> Published:
    """The county's file of 2017/18: level 3 leavers of 2016 alone, whose earlier years nobody gives."""
    left = county.ks5(LEAVERS_2018)
    figures = _of_level("", _is_level_3(left), _went(county, left, LEAVERS_2018))
    return _table(county, left, (LEAVERS_2018, FOLDER_YEAR_2018), "ks5-studest_2017-18", figures, absent="NA")


def _progression(county: County) -> Published:
    """The England file of progression within two years by level 3 students who left in HE_LEAVERS."""
    left, rng = county.ks5(HE_LEAVERS), stream(county.seed, "higher education", HE_LEAVERS)
    luck = rng.random(len(left.school_of))
    went_on = luck < 0.68 - 0.08 * left.disadvantaged
    masks = {"PROGRESSED": went_on}
    masks |= {name: went_on & (rng.random(len(luck)) < share) for name, share in _HE_SUBSETS.items()}
    level_3 = _is_level_3(left)
    figures = [Figure("ALL_COHORT", COUNT, among=level_3)]
    for stem, part in (("ALL", ""), ("DIS", "_DIS")):
        figures += [Figure(f"{stem}_{name}", SHARE, mask, part, among=level_3) for name, mask in masks.items()]
    return _table(county, left, (HE_LEAVERS, FOLDER_YEAR), "ks5-studest-he_2021-22", figures)


def _of_level(stem: str, members: Numbers, went: dict[str, Numbers]) -> Iterator[Figure]:
    for part in ("", *PARTS):
        yield Figure(f"{stem}COHORT{part}", COUNT, None, part, among=members)
        for name, mask in went.items():
            yield Figure(f"{stem}{name}{part}", COUNT, mask, part, among=members)
            yield Figure(f"{stem}{name}PER{part}", SHARE, mask, part, among=members)


def _went(county: County, left: Students, year: int) -> dict[str, Numbers]:
    """Who went to higher education, who had any sustained destination."""
    rng, level_3 = stream(county.seed, "destinations 16 to 18", year), _is_level_3(left)
    luck = rng.random(len(left.school_of)) + 0.04 * left.disadvantaged
    return {
        "OVERALL": luck < np.where(level_3, _SUSTAINED_OF_LEVEL_3, _SUSTAINED_OF_OTHERS),
        "HE": luck < np.where(level_3, _HE_OF_LEVEL_3, _HE_OF_OTHERS),
    }


def _is_level_3(left: Students) -> Numbers:
    level_3: Numbers = np.logical_or.reduce(list(left.member.values()))
    return level_3


def _table(
    county: County,
    left: Students,
    years: tuple[int, int],
    layout: str,
    figures: Iterable[Figure],
    absent: str = "",
) -> Published:
    """Institutions funded by the state, whole percentages, SUPP for five or fewer. `years`: leavers' and folder's."""
    leavers, folder = years
    schools = county.ks5_schools
    listed = np.flatnonzero([s.is_state_funded and s.is_open(results_day(leavers)) for s in schools])
    consortia = () if folder == FOLDER_YEAR_2018 else county.register.consortia
    tally = Tally(schools, left.school_of, county.authorities, listed, consortia)
    sheet = Sheet(tally, {"_DIS": left.disadvantaged, "_NONDIS": ~left.disadvantaged}, whole_percent, tally)

    def marks(sized: Sized) -> Iterator[tuple[Numbers, str]]:
        if sized.figure.form == SHARE:
            yield sized.n == 0, "NA"
        yield tally.is_place & few(sized.n), "SUPP"

    columns = identity(tally, {school.urn: school for school in schools}, folder, RECORD_TYPES, "", "")
    columns |= rounded_for_areas(sheet.columns(figures, marks), tally)
    return Published(header(layout), tally, columns, absent=absent, left_out=(ALL_SCHOOLS,))
