"""The school workforce: the table of 2020/21 with England's rows by phase, that of 2014/15, and the ratio by school.

Teachers, assistants, ratio and pay, drawn once for a year and told in each layout of that year.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sample_county.county.county import County
from sample_county.county.schools import COUNTY, year_folder
from sample_county.county.streams import stream
from sample_county.county.tables import (
    Cells,
    File,
    Numbers,
    counts,
    csv_text,
    decimal,
    decimals,
    half_up,
    header,
    put,
    ratio,
    texts,
    utf8,
    utf8_bom,
)
from sample_county.publishers.explore_education_statistics.long_text import Row, long_text, school_row

YEAR, FIRST_YEAR = 2021, 2015
_PHASES = {"PRI": "Primary", "SEC": "Secondary"}
_PUPILS_PER_TEACHER = {"PRI": 20.6, "SEC": 16.6, "SPE": 6.2}
_ASSISTANTS = 0.8
"""Of the teachers."""
_TOO_FEW = 3.0


@dataclass(frozen=True)
class _Staff:
    """The schools with staff (by their place in the list), their pupils, teachers and pay."""

    chosen: list[int]
    pupils: Numbers
    teachers: Numbers
    salary: Numbers


def _draw(county: County, year: int) -> _Staff:
    schools, on_roll, seed = county.schools, county.rolls(year), county.seed
    rng = stream(seed, "workforce", year)
    noise, pay = rng.normal(1, 0.07, len(schools)), rng.normal(41500, 2600, len(schools))
    chosen = [n for n, school in enumerate(schools) if school.phase and school.is_state_funded and on_roll.is_open[n]]
    pupils = np.array([on_roll.pupils[n] for n in chosen])
    each = np.array([_PUPILS_PER_TEACHER[schools[n].phase] * noise[n] for n in chosen])
    teachers = np.maximum(half_up(pupils / each, 1) / 10, 1.0)
    return _Staff(chosen, pupils, teachers, np.array([pay[n] for n in chosen]))


def files(county: County) -> Iterator[File]:
    yield utf8_bom(f"performance-tables/{year_folder(YEAR)}/england_swf.csv", _england(county))
    yield utf8_bom(f"performance-tables/{year_folder(FIRST_YEAR)}/{COUNTY}_swf.csv", _county_2015(county))
    ratios = f"explore-education-statistics/{year_folder(YEAR)}/workforce_ptrs_2020_21_sch.csv"
    yield utf8(ratios, long_text("swf_ees_schools", _ratios(county)))


def _england(county: County) -> str:
    """The England file of 2020/21, schools first; England's rows hold the phase in place of a number."""
    schools, staff = county.schools, county.once(_draw, YEAR)
    chosen, pupils, teachers, salary = staff.chosen, staff.pupils, staff.teachers, staff.salary
    groups = [np.array([at]) for at in range(len(chosen))]
    groups += [np.flatnonzero([schools[n].phase == phase for n in chosen]) for phase in _PHASES]
    total = np.array([teachers[group].sum() for group in groups])
    rolls = np.array([pupils[group].sum() for group in groups])
    mean_pay = np.array([np.dot(teachers[group], salary[group]) / teachers[group].sum() for group in groups])
    columns = {
        "LA Number": texts([*(str(schools[n].la) for n in chosen), *["NAT"] * len(_PHASES)]),
        "Establishment Number": texts([*(str(schools[n].estab) for n in chosen), *_PHASES]),
        "URN": texts([*(str(schools[n].urn) for n in chosen), *[""] * len(_PHASES)]),
        "Total Number of Teachers (Full-Time Equivalent)": _tenths(total),
        "Total Number of Teaching Assistants (Full-time Equivalent)": _tenths(_ASSISTANTS * total),
        "Pupil:     Teacher Ratio": _tenths(ratio(rolls, total)),
        "Mean Gross FTE Salary of All Teachers (£s)": texts([f"£{pay:,.0f}" for pay in mean_pay.tolist()]),
    }
    return csv_text(header("swf_2020-21"), columns)


def _county_2015(county: County) -> str:
    """The county's file of 2014/15: short names, plain numbers; pay of fewer than three teachers is hidden."""
    staff = county.once(_draw, FIRST_YEAR)
    at = np.array([n for n, place in enumerate(staff.chosen) if county.schools[place].la == COUNTY])
    here = [county.schools[staff.chosen[n]] for n in at.tolist()]
    teachers = staff.teachers[at]
    columns = {
        "LA": texts([str(school.la) for school in here]),
        "URN": texts([str(school.urn) for school in here]),
        "NFTETEA": decimals(teachers, 1, keep_zeros=True),
        "NFTETEAAS": decimals(_ASSISTANTS * teachers, 1, keep_zeros=True),
        "RATPUPTEA": decimals(ratio(staff.pupils[at], teachers), 1, keep_zeros=True),
        "SALARY": put(counts(half_up(staff.salary[at])), teachers < _TOO_FEW, "SUPP"),
    }
    return csv_text(header("swf_2014-15"), columns)


def _ratios(county: County) -> Iterator[Row]:
    """The county's ratios of the table's year as the long file has them; hidden for fewer than three teachers."""
    staff = county.once(_draw, YEAR)
    for at, pupils, teachers in zip(staff.chosen, staff.pupils.tolist(), staff.teachers.tolist(), strict=True):
        school = county.schools[at]
        if school.la != COUNTY:
            continue
        few = teachers < _TOO_FEW
        yield school_row(school, YEAR) | {
            "pupils_fte": f"{pupils:.1f}",
            "teachers_fte": "c" if few else f"{teachers:.1f}",
            "pupil_to_qual_unqual_teacher_ratio": "c" if few else decimal(pupils / teachers, 1, keep_zeros=True),
        }


def _tenths(values: Numbers) -> Cells:
    return texts([f"{units / 10:,.1f}" for units in half_up(values, 1).tolist()])
