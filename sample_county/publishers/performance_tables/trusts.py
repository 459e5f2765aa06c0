"""Multi-academy trusts' own tables at key stage 4 and 16 to 18: means over their academies' pupils.

Trusts of at least three academies with results; a group of few pupils is SUPPMAT, and was SUPPM in the layout of
2017/18. Text is cp1252, as published.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.county.county import County
from sample_county.county.figures import COUNT, MEAN, SHARE, Figure, Sheet, Sized, interval
from sample_county.county.ks4_pupils import PILLARS, PROGRESS_SPREAD
from sample_county.county.schools import School, results_day, year_folder
from sample_county.county.tables import (
    Cells,
    File,
    Numbers,
    cp1252,
    csv_text,
    decimals,
    header,
    ratio,
    texts,
    whole_percent,
)

YEAR, YEAR_2018 = 2025, 2018
_LEAST_ACADEMIES, _LEAST_PUPILS = 3, 11


@dataclass
class _Trusts:
    """The trusts that have a row, and how a pupil's figure is added up for each."""

    schools: Sequence[School]
    school_of: Numbers
    rows: list[tuple[int, str, list[int]]]
    """Number, name, and where its academies stand in `schools`."""

    def total(self, values: Numbers, chosen: Numbers | None = None) -> Numbers:
        where = self.school_of if chosen is None else self.school_of[chosen]
        weights = values if chosen is None else values[chosen]
        by_school = np.bincount(where, weights=weights, minlength=len(self.schools))
        return np.array([by_school[mine].sum() for _, _, mine in self.rows])

    def count(self, chosen: Numbers | None = None) -> Numbers:
        return self.total(np.ones(len(self.school_of)), chosen)

    def urns(self, between: str) -> Cells:
        return texts([between.join(str(self.schools[n].urn) for n in mine) for _, _, mine in self.rows])


def files(county: County) -> Iterator[File]:
    newest, then = (f"performance-tables/{year_folder(year)}" for year in (YEAR, YEAR_2018))
    yield cp1252(f"{newest}/england_ks4-mats-performance.csv", _ks4(county))
    yield cp1252(f"{newest}/england_ks5-mats-performance.csv", _ks5(county))
    yield cp1252(f"{then}/england_ks4-mats-performance.csv", _ks4_2018(county))


def _ks4(county: County) -> str:
    sat = county.ks4(YEAR)
    trusts = _trusts(county, county.ks4_schools, sat.who.school_of, YEAR)
    entered = np.logical_and.reduce([sat.entered[pillar] for pillar in PILLARS])
    basics = (sat.pillar["ENG"] >= 5) & (sat.pillar["MAT"] >= 5)
    figures = [Figure("TPUP_MATPTINC", COUNT)]
    for part in ("", "_FSM6CLA1A", "_NFSM6CLA1A"):
        figures += [
            Figure(f"ATT8SCR_WGTAVG{part}", MEAN, sat.attainment8, part, 1),
            Figure(f"EBACCAPS_WGTAVG{part}", MEAN, sat.ebacc_points, part, 2),
            Figure(f"PTL2BASICS_95_WGTAVG{part}", SHARE, basics, part),
            Figure(f"PTEBACC_E_PTQ_EE_WGTAVG{part}", SHARE, entered, part),
        ]
    parts = {"_FSM6CLA1A": sat.who.disadvantaged, "_NFSM6CLA1A": ~sat.who.disadvantaged}
    sheet = Sheet(trusts, parts, whole_percent)
    return _text("ks4-mats_2021-22", _identity(trusts) | _hidden(sheet, figures, "SUPPMAT"))


def _ks5(county: County) -> str:
    sat = county.ks5(YEAR)
    trusts = _trusts(county, county.ks5_schools, sat.school_of, YEAR)
    figures = []
    for part in ("", "_DIS", "_NOTDIS"):
        for cohort, stem in (("ACAD", "ACAD_1618"), ("AGEN", "AGEN")):
            members, points, entries = sat.member[cohort], sat.points[cohort], sat.entries[cohort]
            figures += [
                Figure(f"TALLPUP_{cohort}{part}_MATPTINC", COUNT, None, part, among=members),
                Figure(f"TALLPPE_{stem}{part}", MEAN, points, part, 2, members, entries),
            ]
    sheet = Sheet(trusts, {"_DIS": sat.disadvantaged, "_NOTDIS": ~sat.disadvantaged}, whole_percent)
    return _text("ks5-mats_2021-22", _identity(trusts) | _hidden(sheet, figures, "SUPPMAT"))


def _ks4_2018(county: County) -> str:
    """Key stage 4 of 2017/18, with Progress 8 (no score so low that it is adjusted) and without Attainment 8."""
    sat = county.ks4(YEAR_2018)
    trusts = _trusts(county, county.ks4_schools, sat.who.school_of, YEAR_2018)
    entered = np.logical_and.reduce([sat.entered[pillar] for pillar in PILLARS])
    figures = [Figure("TPUP", COUNT)]
    for part in ("", "_FSM6CLA1A", "_NOTFSM6CLA1A"):
        names = [f"P8SCORE_ADJ_{end}{part}" for end in ("LOWER", "WGTAVG", "UPPER")]
        figures += [
            Figure(f"EBACC_E_PTQ_EE_WGTAVG{part}", SHARE, entered, part),
            Figure(f"EBACCAPS_WGTAVG{part}", MEAN, sat.ebacc_points, part, 2),
            *interval(names, PROGRESS_SPREAD, Figure("", MEAN, sat.progress, part, 2)),
        ]
    parts = {"_FSM6CLA1A": sat.who.disadvantaged, "_NOTFSM6CLA1A": ~sat.who.disadvantaged}
    sheet = Sheet(trusts, parts, lambda part, whole: decimals(100 * ratio(part, whole), 1))
    identity = {
        "UID": texts([str(uid) for uid, _, _ in trusts.rows]),
        "GROUP-TYPE": texts(["Multi-academy trust"] * len(trusts.rows)),
        "SCHOOL-URNS": trusts.urns(", "),
    }
    return _text("ks4-mats_2017-18", identity | _hidden(sheet, figures, "SUPPM"), absent="NA")


def _trusts(county: County, schools: Sequence[School], school_of: Numbers, year: int) -> _Trusts:
    held = []
    for at, (uid, name) in enumerate(county.register.trusts):
        mine = [n for n, school in enumerate(schools) if school.trust == at and school.is_open(results_day(year))]
        if len(mine) >= _LEAST_ACADEMIES:
            held.append((uid, name, mine))
    return _Trusts(schools, school_of, held)


def _hidden(sheet: Sheet, figures: Iterable[Figure], token: str) -> dict[str, Cells]:
    """A group of few pupils is hidden; how many a trust has in all is not."""

    def marks(sized: Sized) -> list[tuple[Numbers, str]]:
        return [] if sized.figure.name.startswith("TPUP") else [(sized.n < _LEAST_PUPILS, token)]

    return sheet.columns(figures, marks)


def _identity(trusts: _Trusts) -> dict[str, Cells]:
    return {
        "TIME_PERIOD": texts([f"{YEAR - 1}{YEAR % 100}"] * len(trusts.rows)),
        "TRUST_NAME": texts([name.upper() for _, name, _ in trusts.rows]),
        "TRUST_UID": texts([str(uid) for uid, _, _ in trusts.rows]),
        "INSTITUTIONS_INMAT": trusts.urns(";"),
    }


def _text(layout: str, columns: dict[str, Cells], absent: str = "") -> str:
    return csv_text(header(layout), columns, absent=absent, is_cut=False)
