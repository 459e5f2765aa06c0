"""Absence with counts, attendance in the year to date, and suspensions: the statistics of presence in long files.

Absence by school is the performance tables' own, with the counts behind it; attendance comes from daily registers, has
its own definitions and is by area only.
"""

from collections.abc import Iterator

import numpy as np

from sample_county.county.absences import TOO_FEW, Absences
from sample_county.county.absences import YEARS as ABSENCE_YEARS
from sample_county.county.county import County
from sample_county.county.facts import EXCLUSIONS_PER_HUNDRED, SUSPENSIONS_PER_HUNDRED
from sample_county.county.streams import stream
from sample_county.county.tables import File, decimal, header, rows_text, utf8
from sample_county.publishers.explore_education_statistics.long_text import (
    Area,
    Row,
    areas,
    long_file,
    place,
    school_row,
)

_YEAR, _YTD_YEAR = 2024, 2026
_PHASES = {"PRI": "State-funded primary", "SEC": "State-funded secondary", "SPE": "Special"}
_REGISTER_PHASES = {"PRI": "Primary", "SEC": "Secondary", "SPE": "Special"}
_WEEK_COLUMNS = (
    "time_period",
    "time_identifier",
    "time_frame",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "new_la_code",
    "la_name",
    "old_la_code",
    "education_phase",
    "persistent_absence_percent",
)
_OF_SCHOOLS_ALONE = ("school_", "academy_", "trust", "estab", "all_through")
_SEVERE_OF_PERSISTENT = 0.11


def files(county: County) -> Iterator[File]:
    absent, newest = county.absences(_YEAR), county.absences(ABSENCE_YEARS[-1])
    layout = "absence_schools_2023-24"
    yield long_file(_YEAR, "1a_absence_3term_school.csv", layout, _absence_by_school(absent))
    folder = "explore-education-statistics"
    names = [name for name in header(layout) if not name.startswith(_OF_SCHOOLS_ALONE)]
    by_area = rows_text(names, _absence_by_area(county, absent), end="\n")
    yield utf8(f"{folder}/2023-2024/1_absence_3term_nat_reg_la.csv", by_area)
    yield long_file(_YEAR, "exc_school.csv", "exclusions_schools_2023-24", _suspensions(county))
    yield long_file(_YTD_YEAR, "EES_ytd_data.csv", "attendance_2025-26", _year_to_date(county, newest))
    weeks = rows_text(_WEEK_COLUMNS, _weeks(county, newest), end="\n")
    yield utf8(f"{folder}/2025-2026/week_29_persistent_absence.csv", weeks)


def _absence_by_school(absent: Absences) -> Iterator[Row]:
    for n, school in enumerate(absent.schools):
        yield school_row(school, _YEAR) | _absence(absent, [n], is_school=True)


def _absence_by_area(county: County, absent: Absences) -> Iterator[Row]:
    """By phase and in total; each area is the sum over its schools."""
    for (level, authority, _), words, chosen in _by_phase(county, absent, _PHASES):
        row = place(level, _YEAR, authority) | {"education_phase": words}
        yield row | _absence(absent, chosen, is_school=False)


def _by_phase(county: County, absent: Absences, phases: dict[str, str]) -> Iterator[tuple[Area, str, list[int]]]:
    for area in areas(county):
        for phase, words in (*phases.items(), ("", "Total")):
            if chosen := absent.of(phase, area[2]):
                yield area, words, chosen


def _absence(absent: Absences, chosen: list[int], *, is_school: bool) -> dict[str, str]:
    enrolled = int(absent.enrolments[chosen].sum())
    persistent = int(absent.persistent[chosen].sum())
    severe = int(np.floor(absent.persistent[chosen] * _SEVERE_OF_PERSISTENT).sum())
    figures = {
        "enrolments_pa_10_exact": str(persistent),
        "enrolments_pa_10_exact_percent": decimal(100 * persistent / enrolled, 5),
        "enrolments_pa_50_exact": str(severe),
        "enrolments_pa_50_exact_percent": decimal(100 * severe / enrolled, 5),
    }
    if is_school and persistent <= TOO_FEW:
        figures = dict.fromkeys(figures, "c")
    overall = float((absent.overall * absent.enrolments)[chosen].sum()) / enrolled
    return figures | {"enrolments": str(enrolled), "sess_overall_percent": decimal(overall, 5)}


def _year_to_date(county: County, absent: Absences) -> Iterator[Row]:
    """A year that is not over: a little better than the year before in every area."""
    for (level, authority, las), words, chosen in _by_phase(county, absent, _REGISTER_PHASES):
        enrolled = int(absent.enrolments[chosen].sum())
        possible = enrolled * 300
        missed = round(0.97 * float((absent.overall * absent.enrolments)[chosen].sum()) / 100 * 300)
        persistent = 95 * int(absent.persistent[chosen].sum()) / enrolled
        yield place(level, _YTD_YEAR, authority) | {
            "education_phase": words,
            "possible_sessions": str(possible),
            "attendance_perc": _machine(100 * (possible - missed) / possible),
            "overall_absence_perc": _machine(100 * missed / possible),
            "unauthorised_absence_perc": _machine(100 * round(missed * 0.32) / possible),
            "pa_perc": "c" if len(las) == 1 and len(chosen) == 1 else _machine(persistent),
        }


def _weeks(county: County, absent: Absences) -> Iterator[Row]:
    """Persistent absence so far, week after week of the calendar year in which the academic year ends."""
    for (level, authority, _), words, chosen in _by_phase(county, absent, _REGISTER_PHASES):
        share = float(absent.persistent[chosen].sum() / absent.enrolments[chosen].sum())
        for week in (9, 28, 29):
            yield place(level, _YTD_YEAR, authority) | {
                "time_period": str(_YTD_YEAR),
                "time_identifier": f"Week {week}",
                "time_frame": "Year to date",
                "education_phase": "All schools" if words == "Total" else words,
                "persistent_absence_percent": f"{95 * share + (29 - week) / 10:.2f}",
            }


def _suspensions(county: County) -> Iterator[Row]:
    """State-funded schools of every phase; a pupil may be suspended more than once."""
    rng = stream(county.seed, "suspensions", _YEAR)
    luck = np.exp(rng.normal(0, 0.5, len(county.schools)))
    for n, school in enumerate(county.schools):
        pupils = int(county.rolls(_YEAR).pupils[n])
        if not (school.phase and school.is_state_funded and pupils):
            continue
        suspended = int(rng.poisson(luck[n] * pupils * SUSPENSIONS_PER_HUNDRED[school.phase] / 100))
        excluded = int(rng.poisson(pupils * EXCLUSIONS_PER_HUNDRED[school.phase] / 100))
        once = min(pupils, round(suspended * 0.45))
        row = school_row(school, _YEAR) | {"headcount": str(pupils)}
        for name, rate, number in (
            ("perm_excl", "perm_excl_rate", excluded),
            ("suspension", "susp_rate", suspended),
            ("one_plus_susp", "one_plus_susp_rate", once),
        ):
            row |= {name: str(number), rate: decimal(100 * number / pupils, 5)}
        yield row


def _machine(value: float) -> str:
    """As a statistics package writes it, all places out."""
    return f"{value:.13f}"
