"""Destinations of 16 to 18 students and their progression to higher education: the newest folder, and 2017/18's.

The folder's year is not the leavers' year, and the two tables lag differently. Authority rows round the counts of
groups to the nearest five, as in the key stage 4 table.
"""

from collections.abc import Sequence

import numpy as np

from sample_county.identity import identity, record_types
from sample_county.ks5_students import Students
from sample_county.schools import COUNTY, Authority, School, results_day
from sample_county.streams import stream
from sample_county.tables import Cells, Numbers, counts, header, put, whole_percent
from sample_county.tally import ALL_SCHOOLS, Published, Tally

FOLDER_YEAR = 2025
LEAVERS, HE_LEAVERS = 2023, 2022
FOLDER_YEAR_2018, LEAVERS_2018 = 2018, 2016
Consortia = Sequence[tuple[School, Sequence[int]]]
_ROUTES = ("HE", "FE", "OTHER_EDU", "APPREN", "EMPLOYMENT", "NOT_CAPTURED", "NOT_SUSTAINED")
_OF_LEVEL_3 = np.cumsum([0.52, 0.06, 0.04, 0.06, 0.19, 0.05])
_OF_OTHERS = np.cumsum([0.03, 0.34, 0.10, 0.10, 0.20, 0.11])
_TOO_FEW = 5
_HE_SUBSETS = {"HE": 0.9, "APPREN": 0.07, "HTECH": 0.03, "TOP3RD": 0.3, "RUSSELL": 0.24, "OXBRIDGE": 0.015}


def destinations_text(
    schools: Sequence[School], authorities: Sequence[Authority], left: Students, seed: int, consortia: Consortia = ()
) -> str:
    """The England file of what the students who left in LEAVERS went on to, by level of study."""
    rng = stream(seed, "destinations 16 to 18", LEAVERS)
    level_3 = _is_level_3(left)
    went = _went(left, rng)
    entry = left.any_vocational & ~level_3
    levels = {"TOT": level_3 | ~level_3, "L3": level_3, "L2": entry, "LALLOTH": ~level_3 & ~entry}
    tally, columns = _rows(schools, authorities, left, (LEAVERS, FOLDER_YEAR), consortia)
    groups = {"": level_3 | ~level_3, "_DIS": left.disadvantaged, "_NONDIS": ~left.disadvantaged}
    for level, members in levels.items():
        for ending, group in groups.items():
            size = tally.count(members & group)
            few = tally.is_place & (size > 0) & (size <= _TOO_FEW)
            columns[f"{level}_COHORT{ending}"] = put(_rounded(size, tally, ending), few, "SUPP")
            for name, mask in went.items():
                number = tally.count(mask & members & group)
                share = put(whole_percent(number, size), size == 0, "NA")
                columns[f"{level}_{name}{ending}"] = put(_rounded(number, tally, ending), few, "SUPP")
                columns[f"{level}_{name}PER{ending}"] = put(share, few, "SUPP")
    return Published(header("ks5-studest_2021-22"), tally, columns, left_out=(ALL_SCHOOLS,)).text()


def he_text(
    schools: Sequence[School], authorities: Sequence[Authority], left: Students, seed: int, consortia: Consortia = ()
) -> str:
    """The England file of progression within two years by level 3 students who left in HE_LEAVERS."""
    rng = stream(seed, "higher education", HE_LEAVERS)
    level_3 = _is_level_3(left)
    luck = rng.random(len(left.school_of))
    went_on = level_3 & (luck < 0.68 - 0.08 * left.disadvantaged)
    tally, columns = _rows(schools, authorities, left, (HE_LEAVERS, FOLDER_YEAR), consortia)
    for stem, group in (("ALL", level_3), ("DIS", level_3 & left.disadvantaged)):
        size = tally.count(group)
        few = tally.is_place & (size <= _TOO_FEW)
        masks = {"PROGRESSED": went_on} | {
            name: went_on & (rng.random(len(luck)) < share) for name, share in _HE_SUBSETS.items()
        }
        for name, mask in masks.items():
            columns[f"{stem}_{name}"] = put(whole_percent(tally.count(mask & group), size), few, "SUPP")
        columns[f"{stem}_COHORT"] = put(counts(size), few, "SUPP")
    return Published(header("ks5-studest-he_2021-22"), tally, columns, left_out=(ALL_SCHOOLS,)).text()


def county_2018_text(schools: Sequence[School], authorities: Sequence[Authority], left: Students, seed: int) -> str:
    """The county's file of 2017/18: level 3 leavers of 2016 alone, whose earlier years nobody gives."""
    rng = stream(seed, "destinations 16 to 18", LEAVERS_2018)
    level_3 = _is_level_3(left)
    went = _went(left, rng)
    for name in ("TOP_3RD", "RUSSELL", "OXBRIDGE"):
        went[name] = went["HE"] & (rng.random(len(level_3)) < _HE_SUBSETS[name.replace("_", "")])
    went["OTHERHE"] = went["HE"] & ~went["TOP_3RD"]
    tally, columns = _rows(schools, authorities, left, (LEAVERS_2018, FOLDER_YEAR_2018), ())
    groups = {"": level_3, "_DIS": level_3 & left.disadvantaged, "_NONDIS": level_3 & ~left.disadvantaged}
    for ending, group in groups.items():
        size = tally.count(group)
        few = tally.is_place & (size > 0) & (size <= _TOO_FEW)
        columns[f"COHORT{ending}"] = put(_rounded(size, tally, ending), few, "SUPP")
        for name, mask in went.items():
            number = tally.count(mask & group)
            share = put(whole_percent(number, size), size == 0, "NA")
            columns[f"{name}{ending}"] = put(_rounded(number, tally, ending), few, "SUPP")
            columns[f"{name}PER{ending}"] = put(share, few, "SUPP")
    names = header("ks5-studest_2017-18")
    return Published(names, tally, columns, absent="NA", left_out=(ALL_SCHOOLS,)).text(COUNTY)


def _went(left: Students, rng: np.random.Generator) -> dict[str, Numbers]:
    """Who took each route, who stayed in education, who had any sustained destination."""
    luck = rng.random(len(left.school_of)) + 0.04 * left.disadvantaged
    of_others = np.searchsorted(_OF_OTHERS, luck, "right")
    route = np.where(_is_level_3(left), np.searchsorted(_OF_LEVEL_3, luck, "right"), of_others)
    went = {name: route == at for at, name in enumerate(_ROUTES)}
    went["EDUCATION"] = went["HE"] | went["FE"] | went["OTHER_EDU"]
    went["OVERALL"] = went["EDUCATION"] | went["APPREN"] | went["EMPLOYMENT"]
    return went


def _is_level_3(left: Students) -> Numbers:
    level_3: Numbers = left.member["ALEV"] | left.member["ACAD"] | left.member["AGEN"] | left.member["TLEV"]
    return level_3


def _rows(
    schools: Sequence[School],
    authorities: Sequence[Authority],
    left: Students,
    years: tuple[int, int],
    consortia: Consortia,
) -> tuple[Tally, dict[str, Cells]]:
    """Who has a row, and its identifying cells; institutions funded by the state. `years`: leavers' and folder's."""
    leavers, folder = years
    listed = np.flatnonzero([s.is_state_funded and s.is_open(results_day(leavers)) for s in schools])
    tally = Tally(schools, left.school_of, authorities, listed, consortia)
    columns = identity(tally, {school.urn: school for school in schools}, folder, "", "")
    columns["RECTYPE"] = record_types(tally, "LA", "", "NAT")
    columns["FEEDER"] = put(tally.cells(["0"] * len(tally.places), "", ""), tally.is_la, "")
    return tally, columns


def _rounded(numbers: Numbers, tally: Tally, ending: str) -> Cells:
    """Groups' counts in authority rows are to the nearest five."""
    if not ending:
        return counts(numbers)
    return np.where(tally.is_la, counts(5 * np.floor(numbers / 5 + 0.5)), counts(numbers))
