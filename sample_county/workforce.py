"""The school workforce: the table of 2020/21 with England's rows by phase, that of 2014/15, and the ratio by school.

Teachers, assistants, ratio and pay, drawn once for a year and told in each layout of that year.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.long_text import long_text, place
from sample_county.rolls import Rolls
from sample_county.schools import COUNTY, Authority, School
from sample_county.streams import stream
from sample_county.tables import Cells, Numbers, counts, csv_text, decimals, half_up, header, put, ratio, texts

YEAR, FIRST_YEAR = 2021, 2015
RATIOS = "workforce_ptrs_2020_21_sch.csv"
_PHASES = {"PRI": "Primary", "SEC": "Secondary"}
_PUPILS_PER_TEACHER = {"PRI": 20.6, "SEC": 16.6, "SPE": 6.2}
_TEACHERS, _ASSISTANTS, _STAFF = (
    "Total Number of Teachers",
    "Total Number of Teaching Assistants",
    ("Total Number of Non Classroom-based School Support Staff, Excluding Auxiliary Staff"),
)


_SHARES = {"TEA": 1.0, "TEAAS": 0.8, "NONTEA": 0.27}
"""Of the teachers: they themselves, assistants, other staff."""
_HEADS, _TOO_FEW = 1.13, 3.0


@dataclass(frozen=True)
class _Staff:
    """The schools with staff (by their place in the list), their pupils, teachers and pay."""

    chosen: list[int]
    pupils: Numbers
    teachers: Numbers
    salary: Numbers


def _draw(schools: Sequence[School], on_roll: Rolls, seed: int, year: int) -> _Staff:
    rng = stream(seed, "workforce", year)
    noise, pay = rng.normal(1, 0.07, len(schools)), rng.normal(41500, 2600, len(schools))
    chosen = [n for n, school in enumerate(schools) if school.phase and school.is_state_funded and on_roll.is_open[n]]
    pupils = np.array([on_roll.pupils[n] for n in chosen])
    each = np.array([_PUPILS_PER_TEACHER[schools[n].phase] * noise[n] for n in chosen])
    teachers = np.maximum(half_up(pupils / each, 1) / 10, 1.0)
    return _Staff(chosen, pupils, teachers, np.array([pay[n] for n in chosen]))


def text(schools: Sequence[School], on_roll: Rolls, seed: int) -> str:
    """The England file of 2020/21, schools first; England's rows hold the phase in place of a number."""
    staff = _draw(schools, on_roll, seed, YEAR)
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
        "School Phase": texts([*(_PHASES.get(schools[n].phase, "Special") for n in chosen), *[""] * len(_PHASES)]),
        "Pupil:     Teacher Ratio": _tenths(ratio(rolls, total)),
        "Mean Gross FTE Salary of All Teachers (£s)": texts([f"£{pay:,.0f}" for pay in mean_pay.tolist()]),
    }
    for name, share in zip((_TEACHERS, _ASSISTANTS, _STAFF), _SHARES.values(), strict=True):
        columns[f"{name} (Headcount)"] = texts([f"{value:,.0f}" for value in (_HEADS * share * total).tolist()])
        full = "Full-time Equivalent" if name == _ASSISTANTS else "Full-Time Equivalent"
        columns[f"{name} ({full})"] = _tenths(share * total)
    return csv_text(header("swf_2020-21"), columns)


def county_2015_text(schools: Sequence[School], on_roll: Rolls, seed: int) -> str:
    """The county's file of 2014/15: short names, plain numbers; pay of fewer than three teachers is hidden."""
    staff = _draw(schools, on_roll, seed, FIRST_YEAR)
    at = np.array([n for n, place in enumerate(staff.chosen) if schools[place].la == COUNTY])
    here = [schools[staff.chosen[n]] for n in at.tolist()]
    teachers, salary = staff.teachers[at], counts(half_up(staff.salary[at]))
    columns = {
        "LA": texts([str(school.la) for school in here]),
        "URN": texts([str(school.urn) for school in here]),
        "RATPUPTEA": decimals(ratio(staff.pupils[at], teachers), 1, keep_zeros=True),
        "SALARY": put(salary, teachers < _TOO_FEW, "SUPP"),
    }
    for name, share in _SHARES.items():
        columns[f"N{name}"] = counts(half_up(_HEADS * share * teachers))
        columns[f"NFTE{name}"] = decimals(share * teachers, 1, keep_zeros=True)
    return csv_text(header("swf_2014-15"), columns)


def ratios_text(schools: Sequence[School], on_roll: Rolls, county: Authority, seed: int) -> str:
    """The county's ratios of the table's year as the long file has them; hidden for fewer than three teachers."""
    staff = _draw(schools, on_roll, seed, YEAR)
    rows = []
    for at, pupils, teachers in zip(staff.chosen, staff.pupils.tolist(), staff.teachers.tolist(), strict=True):
        school = schools[at]
        if school.la != COUNTY:
            continue
        adults = teachers + half_up(np.array([_SHARES["TEAAS"] * teachers]), 1)[0] / 10
        figures = {
            "qualified_teachers_fte": "z",
            "teachers_fte": f"{teachers:.1f}",
            "adults_fte": f"{adults:.1f}",
            "pupil_to_qual_teacher_ratio": "z",
            "pupil_to_qual_unqual_teacher_ratio": _one_place(pupils / teachers),
            "pupil_to_adult_ratio": _one_place(pupils / adults),
        }
        rows.append(
            place("School", YEAR, county)
            | {
                "school_laestab": f"{school.la}{school.estab}",
                "school_urn": str(school.urn),
                "school_name": school.name,
                "establishment_type_group": school.words.information,
                "pupils_fte": f"{pupils:.1f}",
            }
            | (dict.fromkeys(figures, "c") if teachers < _TOO_FEW else figures)
        )
    return long_text(header("swf_ees_schools"), rows)


def _one_place(value: float) -> str:
    return str(_tenths(np.array([value]))[0])


def _tenths(values: Numbers) -> Cells:
    return texts([f"{units / 10:,.1f}" for units in half_up(values, 1).tolist()])
