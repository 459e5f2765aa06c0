"""Absence with counts, attendance in the year to date, and suspensions: the statistics of presence in long files.

Absence by school is the performance tables' own, with the counts behind it; attendance comes from daily registers, has
its own definitions and is by area only.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from sample_county.absence import Absences
from sample_county.facts import EXCLUSIONS_PER_HUNDRED, SUSPENSIONS_PER_HUNDRED
from sample_county.long_text import Row, areas, long_text, place
from sample_county.rolls import Rolls
from sample_county.schools import Authority, School
from sample_county.streams import stream
from sample_county.tables import decimals, header

ABSENCE_SCHOOLS = "1a_absence_3term_school.csv"
ABSENCE_AREAS = "1_absence_3term_nat_reg_la.csv"
YTD = "EES_ytd_data.csv"
WEEKS = "week_29_persistent_absence.csv"
SUSPENSIONS = "exc_school.csv"
YEAR, YTD_YEAR, SUSPENSIONS_YEAR = 2024, 2026, 2024
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
_SESSIONS = 376
_SEVERE_OF_PERSISTENT = 0.11
_TOO_FEW = 2


def absence_schools_text(absent: Absences, authorities: dict[int, Authority]) -> str:
    return long_text(header("absence_schools_2023-24"), _absence_rows(absent, authorities))


def _absence_rows(absent: Absences, authorities: dict[int, Authority]) -> Iterator[Row]:
    for n, school in enumerate(absent.schools):
        yield (
            place("School", YEAR, authorities[school.la])
            | {
                "education_phase": _PHASES[school.phase],
                "school_name": school.name,
                "estab": str(school.estab),
                "school_laestab": f"{school.la}{school.estab}",
                "school_urn": str(school.urn),
                "num_schools": "1",
            }
            | _absence_counts(absent, [n], is_school=True)
        )


def absence_areas_text(absent: Absences, authorities: Sequence[Authority]) -> str:
    """By phase and in total; each area is the sum over its schools."""
    names = [name for name in header("absence_schools_2023-24") if not name.startswith(("school_", "academy_"))]
    left_out = ("trust", "estab", "all_through")
    return long_text([name for name in names if name not in left_out], _absence_area_rows(absent, authorities))


def _absence_area_rows(absent: Absences, authorities: Sequence[Authority]) -> Iterator[Row]:
    for level, authority, members in areas(authorities):
        codes = {authorities[n].code for n in members}
        for phase, words in (*_PHASES.items(), ("", "Total")):
            chosen = [n for n, s in enumerate(absent.schools) if s.la in codes and phase in ("", s.phase)]
            if chosen:
                yield (
                    place(level, YEAR, authority)
                    | {"education_phase": words, "num_schools": str(len(chosen))}
                    | _absence_counts(absent, chosen, is_school=False)
                )


def _absence_counts(absent: Absences, chosen: list[int], *, is_school: bool) -> dict[str, str]:
    enrolled = int(absent.enrolments[chosen].sum())
    overall = float((absent.overall * absent.enrolments)[chosen].sum()) / enrolled
    possible = enrolled * _SESSIONS
    persistent = int(absent.persistent[chosen].sum())
    severe = int(np.floor(absent.persistent[chosen] * _SEVERE_OF_PERSISTENT).sum())
    hidden = is_school and persistent <= _TOO_FEW
    missed = round(overall * possible / 100)
    return {
        "enrolments": str(enrolled),
        "sess_possible": str(possible),
        "sess_overall": str(missed),
        "sess_authorised": str(round(missed * 0.7)),
        "sess_unauthorised": str(missed - round(missed * 0.7)),
        "sess_overall_percent": _five(overall),
        "sess_authorised_percent": _five(100 * round(missed * 0.7) / possible),
        "sess_unauthorised_percent": _five(100 * (missed - round(missed * 0.7)) / possible),
        "enrolments_pa_10_exact": "c" if hidden else str(persistent),
        "enrolments_pa_10_exact_percent": "c" if hidden else _five(100 * persistent / enrolled),
        "enrolments_pa_50_exact": "c" if hidden else str(severe),
        "enrolments_pa_50_exact_percent": "c" if hidden else _five(100 * severe / enrolled),
        "sess_auth_illness": str(round(missed * 0.5)),
    }


def year_to_date_text(absent: Absences, authorities: Sequence[Authority]) -> str:
    """A year that is not over: a little better than the year before in every area."""
    names = header("attendance_2025-26")
    return long_text(names, _ytd_rows(absent, authorities, names))


def _ytd_rows(absent: Absences, authorities: Sequence[Authority], names: Sequence[str]) -> Iterator[Row]:
    for level, authority, members, words, chosen in _by_register_phase(absent, authorities):
        enrolled = int(absent.enrolments[chosen].sum())
        possible = enrolled * 300
        missed = round(0.97 * float((absent.overall * absent.enrolments)[chosen].sum()) / 100 * 300)
        unauthorised = round(missed * 0.32)
        counts = dict.fromkeys((name for name in names if name.startswith("reason_")), "0")
        yield (
            counts
            | place(level, YTD_YEAR, authority)
            | {
                "education_phase": words,
                "num_schools": str(len(chosen)),
                "total_num_schools": str(len(chosen)),
                "enrolments": str(enrolled),
                "total_enrolments": str(enrolled),
                "possible_sessions": str(possible),
                "present_sessions": str(possible - missed),
                "overall_attendance": str(possible - missed),
                "overall_absence": str(missed),
                "authorised_absence": str(missed - unauthorised),
                "unauthorised_absence": str(unauthorised),
                "attendance_perc": _machine(100 * (possible - missed) / possible),
                "overall_absence_perc": _machine(100 * missed / possible),
                "authorised_absence_perc": _machine(100 * (missed - unauthorised) / possible),
                "unauthorised_absence_perc": _machine(100 * unauthorised / possible),
                "auth_study_perc": "1.5e-05",
                "pa_perc": _machine(95 * int(absent.persistent[chosen].sum()) / enrolled),
            }
            | ({"pa_perc": "c"} if len(members) == 1 and len(chosen) == 1 else {})
        )


def weeks_text(absent: Absences, authorities: Sequence[Authority]) -> str:
    """Persistent absence so far, week after week of the calendar year in which the academic year ends."""
    return long_text(_WEEK_COLUMNS, _week_rows(absent, authorities))


def _week_rows(absent: Absences, authorities: Sequence[Authority]) -> Iterator[Row]:
    for level, authority, _, words, chosen in _by_register_phase(absent, authorities):
        share = float(absent.persistent[chosen].sum() / absent.enrolments[chosen].sum())
        for week in (9, 28, 29):
            yield place(level, YTD_YEAR, authority) | {
                "time_period": str(YTD_YEAR),
                "time_identifier": f"Week {week}",
                "time_frame": "Year to date",
                "education_phase": "All schools" if words == "Total" else words,
                "persistent_absence_percent": f"{95 * share + (29 - week) / 10:.2f}",
            }


def _by_register_phase(
    absent: Absences, authorities: Sequence[Authority]
) -> Iterator[tuple[str, Authority | None, list[int], str, list[int]]]:
    for level, authority, members in areas(authorities):
        codes = {authorities[n].code for n in members}
        for phase, words in (*_REGISTER_PHASES.items(), ("", "Total")):
            chosen = [n for n, s in enumerate(absent.schools) if s.la in codes and phase in ("", s.phase)]
            if chosen:
                yield level, authority, members, words, chosen


def suspensions_text(schools: Sequence[School], on_roll: Rolls, authorities: dict[int, Authority], seed: int) -> str:
    """State-funded schools of every phase; a pupil may be suspended more than once."""
    rng = stream(seed, "suspensions", SUSPENSIONS_YEAR)
    luck = np.exp(rng.normal(0, 0.5, len(schools)))
    rows = []
    for n, school in enumerate(schools):
        pupils = int(on_roll.pupils[n])
        if not (school.phase and school.is_state_funded and pupils):
            continue
        expected = luck[n] * pupils * SUSPENSIONS_PER_HUNDRED[school.phase] / 100
        suspended = int(rng.poisson(expected))
        excluded = int(rng.poisson(pupils * EXCLUSIONS_PER_HUNDRED[school.phase] / 100))
        once = min(pupils, round(suspended * 0.45))
        rows.append(
            place("School", SUSPENSIONS_YEAR, authorities[school.la])
            | {
                "estab": str(school.estab),
                "school_laestab": f"{school.la}{school.estab}",
                "school_urn": str(school.urn),
                "school_name": school.name,
                "education_phase": _PHASES[school.phase],
                "headcount": str(pupils),
                "perm_excl": str(excluded),
                "perm_excl_rate": _five(100 * excluded / pupils),
                "suspension": str(suspended),
                "susp_rate": _five(100 * suspended / pupils),
                "one_plus_susp": str(once),
                "one_plus_susp_rate": _five(100 * once / pupils),
            }
        )
    return long_text(header("exclusions_schools_2023-24"), rows)


def _five(value: float) -> str:
    return str(decimals(np.array([value]), 5)[0])


def _machine(value: float) -> str:
    """As a statistics package writes it, all places out."""
    return f"{value:.13f}"
