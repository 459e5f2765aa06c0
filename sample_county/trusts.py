"""Multi-academy trusts' own tables at key stage 4 and 16 to 18: means over their academies' pupils.

Trusts of at least three academies with results; a group of few pupils is SUPPMAT, and was SUPPM in the layout of
2017/18. Text is cp1252, as published.
"""

from collections.abc import Callable, Sequence

import numpy as np

from sample_county.ks4_pupils import PILLARS, PROGRESS_SPREAD, Ks4Pupils
from sample_county.ks5_students import Students
from sample_county.schools import Register, School, results_day
from sample_county.tables import Cells, Numbers, counts, csv_text, decimals, header, put, ratio, texts, whole_percent

YEAR, YEAR_2018 = 2025, 2018
_LEAST_ACADEMIES, _LEAST_PUPILS = 3, 11
Rows = list[tuple[int, str, list[int]]]


def ks4_text(register: Register, schools: Sequence[School], sat: Ks4Pupils) -> str:
    """Key stage 4; `schools` are the entrants that the pupils' indices refer to."""
    trusts, total = _trusts(register, schools, sat.who.school_of, YEAR)
    columns = _identity(trusts, schools, register)
    everyone = np.ones(len(sat.who.school_of), dtype=bool)
    groups = {"": everyone, "_FSM6CLA1A": sat.who.disadvantaged, "_NFSM6CLA1A": ~sat.who.disadvantaged}
    all_pillars = np.logical_and.reduce([sat.entered[pillar] for pillar in PILLARS])
    basics = (sat.pillar["ENG"] >= 5) & (sat.pillar["MAT"] >= 5)
    columns["TPUP_MATPTINC"] = columns["TPUP_INMAT"] = counts(total(everyone))
    for ending, group in groups.items():
        pupils = total(group)
        few = pupils < _LEAST_PUPILS
        columns[f"ATT8SCR_WGTAVG{ending}"] = put(
            decimals(ratio(total(group * sat.attainment8), pupils), 1), few, "SUPPMAT"
        )
        columns[f"EBACCAPS_WGTAVG{ending}"] = put(
            decimals(ratio(total(group * sat.ebacc_points), pupils), 2), few, "SUPPMAT"
        )
        for stem, mask in (("PTL2BASICS_95", basics), ("PTEBACC_E_PTQ_EE", all_pillars)):
            columns[f"{stem}_WGTAVG{ending}"] = put(whole_percent(total(group & mask), pupils), few, "SUPPMAT")
        for name in ("P8MEACOV", "P8MEA_WGTAVG", "P8CILOW", "P8CIUPP"):
            columns[f"{name}{ending}"] = texts(["NA"] * len(trusts))
    return csv_text(header("ks4-mats_2021-22"), columns, is_cut=False)


def ks4_2018_text(register: Register, schools: Sequence[School], sat: Ks4Pupils) -> str:
    """Key stage 4 of 2017/18, with Progress 8 (no score so low that it is adjusted) and without Attainment 8."""
    trusts, total = _trusts(register, schools, sat.who.school_of, YEAR_2018)
    regions = {authority.code: authority.region for authority in register.authorities}
    everyone = np.ones(len(sat.who.school_of), dtype=bool)
    pupils = total(everyone)
    members = [[schools[n] for n in mine] for _, _, mine in trusts]
    columns = {
        "CHAINID": texts([f"TR{uid:05d}" for uid, _, _ in trusts]),
        "UID": texts([str(uid) for uid, _, _ in trusts]),
        "GROUP-TYPE": texts(["Multi-academy trust"] * len(trusts)),
        "CHAINNAME": texts([name.upper() for _, name, _ in trusts]),
        "LEADRSC": texts([regions[academies[0].la] for academies in members]),
        "SCHOOLS": texts([str(len(academies)) for academies in members]),
        "SCHOOLSDIS": texts([str(len(academies)) for academies in members]),
        "TPUP": counts(pupils),
        "PTFSM6CLA1A": decimals(100 * ratio(total(sat.who.disadvantaged), pupils), 1),
        "PTNOTFSM6CLA1A": decimals(100 * ratio(total(~sat.who.disadvantaged), pupils), 1),
        "SCHOOL-URNS": texts([", ".join(str(school.urn) for school in academies) for academies in members]),
    }
    entered = np.logical_and.reduce([sat.entered[pillar] for pillar in PILLARS])
    groups = {"": everyone, "_FSM6CLA1A": sat.who.disadvantaged, "_NOTFSM6CLA1A": ~sat.who.disadvantaged}
    for ending, group in groups.items():
        size = total(group)
        few = size < _LEAST_PUPILS
        score = ratio(total(group * sat.progress[""]), size)
        margin = 1.96 * PROGRESS_SPREAD / np.sqrt(np.maximum(size, 1))
        figures = {
            f"EBACC_E_PTQ_EE_WGTAVG{ending}": decimals(100 * ratio(total(group & entered), size), 1),
            f"EBACCAPS_WGTAVG{ending}": decimals(ratio(total(group * sat.ebacc_points), size), 2),
        }
        for stem in ("P8SCORE_ADJ", "P8SCORE_ORIG"):
            for end, value in (("WGTAVG", score), ("LOWER", score - margin), ("UPPER", score + margin)):
                figures[f"{stem}_{end}{ending}"] = decimals(value, 2)
        columns |= {name: put(cells, few, "SUPPM") for name, cells in figures.items()}
    return csv_text(header("ks4-mats_2017-18"), columns, absent="NA", is_cut=False)


def ks5_text(register: Register, schools: Sequence[School], sat: Students) -> str:
    """16 to 18; `schools` are the entrants that the students' indices refer to."""
    trusts, total = _trusts(register, schools, sat.school_of, YEAR)
    columns = _identity(trusts, schools, register)
    everyone = np.ones(len(sat.school_of), dtype=bool)
    groups = {"": everyone, "_DIS": sat.disadvantaged, "_NOTDIS": ~sat.disadvantaged}
    for ending, group in groups.items():
        for cohort, stem in (("ACAD", "ACAD_1618"), ("AGEN", "AGEN")):
            students = total(group & sat.member[cohort])
            entries = total(group * sat.entries[cohort])
            few = students < _LEAST_PUPILS
            points = ratio(total(group * sat.points[cohort]), entries)
            columns[f"TALLPUP_{cohort}{ending}_MATPTINC"] = put(counts(students), few, "SUPPMAT")
            columns[f"TALLPPE_{stem}{ending}"] = put(decimals(points, 2), few, "SUPPMAT")
    return csv_text(header("ks5-mats_2021-22"), columns, is_cut=False)


def _trusts(
    register: Register, schools: Sequence[School], school_of: Numbers, year: int
) -> tuple[Rows, Callable[[Numbers], Numbers]]:
    """The trusts that have a row (number, name, schools' indices), and how a pupil's figure is added up for each."""
    held: Rows = []
    for at, (uid, name) in enumerate(register.trusts):
        mine = [n for n, school in enumerate(schools) if school.trust == at and school.is_open(results_day(year))]
        if len(mine) >= _LEAST_ACADEMIES:
            held.append((uid, name, mine))

    def total(values: Numbers) -> Numbers:
        by_school = np.bincount(school_of, weights=values, minlength=len(schools))
        return np.array([by_school[mine].sum() for _, _, mine in held])

    return held, total


def _identity(trusts: Rows, schools: Sequence[School], register: Register) -> dict[str, Cells]:
    regions = {authority.code: authority.region for authority in register.authorities}
    members = texts([";".join(str(schools[n].urn) for n in mine) for _, _, mine in trusts])
    return {
        "TIME_PERIOD": texts([f"{YEAR - 1}{YEAR % 100}"] * len(trusts)),
        "TIME_IDENTIFIER": texts(["AcademicYear"] * len(trusts)),
        "TRUST_GROUP_TYPE": texts(["Multi-academy trust"] * len(trusts)),
        "TRUST_NAME": texts([name.upper() for _, name, _ in trusts]),
        "TRUST_UID": texts([str(uid) for uid, _, _ in trusts]),
        "TRUST_ID": texts([f"TR{uid:05d}" for uid, _, _ in trusts]),
        "TRUST_LEADREGION": texts([regions[schools[mine[0]].la] for _, _, mine in trusts]),
        "INSTITUTIONS_MATPTINC": members,
        "NUMINST_MATPTINC": texts([str(len(mine)) for _, _, mine in trusts]),
        "INSTITUTIONS_INMAT": members,
        "NUMINST_INMAT": texts([str(len(mine)) for _, _, mine in trusts]),
    }
