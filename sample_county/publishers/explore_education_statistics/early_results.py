"""Early years, phonics, key stage 1 and the multiplication check by area: these are never published by school.

Children are counted by authority, sex and free school meals; regions and England are sums over the same children.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sample_county.county.county import County
from sample_county.county.facts import EARLY_RESULTS, MTC_MEAN
from sample_county.county.schools import Authority
from sample_county.county.streams import stream
from sample_county.county.tables import File, Numbers, decimal
from sample_county.publishers.explore_education_statistics.long_text import (
    Area,
    Row,
    areas,
    county_and_england,
    long_file,
    place,
)

_FIRST_YEAR = 2022
_STARTS = ("infant", "first", "primary", "all_through")
_GIRLS, _FSM = 6.0, -16.0  # points ahead or behind of the rest
_GROUPS = (("Total", "Total"), ("Girls", "Total"), ("Boys", "Total"), ("Total", "FSM"), ("Total", "Other"))
_OTHER_FILTERS = (
    "disadvantage_status",
    "ethnicity_major",
    "ethnicity_minor",
    "first_language",
    "sen_provision",
    "month_of_birth",
    "sen_primary_need",
)
_EYFSP_SEX = {"Girls": "Female", "Boys": "Male", "Total": "Total"}
_FSM_WORDS = {"FSM": "FSM eligible", "Other": "Not known to be FSM eligible", "Total": "Total"}


@dataclass
class Counts:
    """Children and those who passed, by authority (in the order of `codes`), sex (girls, boys) and meals."""

    codes: list[int]
    children: Numbers
    passed: Numbers

    def cell(self, las: set[int], sex: str, meals: str) -> tuple[int, int]:
        """Children and passes of a group in some authorities together."""
        members = [n for n, code in enumerate(self.codes) if code in las]
        sexes = {"Girls": [0], "Boys": [1], "Total": [0, 1]}[sex]
        groups = {"FSM": [0], "Other": [1], "Total": [0, 1]}[meals]
        at = np.ix_(members, sexes, groups)
        return int(self.children[at].sum()), int(self.passed[at].sum())

    def passing(self, passed: Numbers) -> "Counts":
        """The same children held to another standard."""
        return Counts(self.codes, self.children, passed)


def files(county: County) -> Iterator[File]:
    yield long_file(_FIRST_YEAR, "1_eyfsp_headline_measures_2022.csv", "eyfsp_2021-22", _first_eyfsp(county))
    yield long_file(_FIRST_YEAR, "mtc_national_and_la_2022.csv", "mtc_2021-22", _first_mtc(county))
    yield long_file(2025, "1_eyfsp_headline_measures_2025.csv", "eyfsp_2022-23", _eyfsp(county))
    yield long_file(2025, "phonics_regional_and_local_authority_2025.csv", "phonics_2024-25", _phonics(county))
    yield long_file(2023, "ks1_regional_and_local_authority_2023.csv", "ks1_2022-23", _ks1(county))
    yield long_file(2025, "mtc_regional_la_pupil_characteristics_2025.csv", "mtc_2024-25", _mtc(county))


def good_level(county: County, year: int) -> list[tuple[Authority | None, str]]:
    """Each authority's and England's good level of development, as the area table prints it."""
    counts = county.once(_draw, "gld", year)
    found = []
    for level, authority, las in areas(county):
        if level != "Regional":
            children, passed = counts.cell(las, "Total", "Total")
            found.append((authority, _percent(passed, children, 1)))
    return found


def _draw(county: County, test: str, year: int) -> Counts:
    """One year's children: as many as the authority's primary schools take in a year."""
    rng = stream(county.seed, "early results", test, year)
    codes, children, passed = [], [], []
    for authority in county.authorities:
        sites = [s.site for s in county.schools if s.la == authority.code and s.kind in _STARTS and not s.closed]
        pupils = sum(round(site.per_year) for site in sites)
        eligible = np.average([site.disadvantaged for site in sites], weights=[site.per_year for site in sites]) * 0.85
        shares = np.outer([0.488, 0.512], [eligible, 1 - eligible])
        size = np.maximum(np.round(pupils * shares), 1).astype(np.int64)
        ahead = np.array([[_GIRLS / 2], [-_GIRLS / 2]]) + np.array([[0.85 * _FSM, -0.15 * _FSM]])
        rate = np.clip(EARLY_RESULTS[test][year] + ahead + rng.normal(0, 2.0), 1, 99)
        codes.append(authority.code)
        children.append(size)
        passed.append(rng.binomial(size, rate / 100))
    return Counts(codes, np.array(children), np.array(passed))


def _by_group(county: County, test: str) -> Iterator[tuple[int, Counts, Area, str, str]]:
    """Every year, area and group of a test."""
    for year in sorted(EARLY_RESULTS[test]):
        counts = county.once(_draw, test, year)
        for area in areas(county):
            for sex, meals in _GROUPS:
                yield year, counts, area, sex, meals


def _eyfsp(county: County) -> Iterator[Row]:
    """Authorities, two districts of the county, regions and England."""
    for year, counts, (level, authority, las), sex, meals in _by_group(county, "gld"):
        children, passed = counts.cell(las, sex, meals)
        topic = ("Total", "Total") if meals == "Total" else ("FSM status", _FSM_WORDS[meals])
        about = {"breakdown_topic": topic[0], "breakdown": topic[1], "sex": _EYFSP_SEX[sex]}
        _, all_goals = counts.passing(counts.passed - counts.passed // 33).cell(las, sex, meals)
        yield place(level, year, authority) | about | _development(children, passed, all_goals)
    for year in sorted(EARLY_RESULTS["gld"]):
        children, passed = county.once(_draw, "gld", year).cell({county.authority.code}, "Total", "Total")
        for number, (size, good) in enumerate(((children // 2, passed // 2), (-(-children // 2), -(-passed // 2))), 1):
            about = {"breakdown_topic": "Total", "breakdown": "Total", "sex": "Total"}
            first = place("Local authority district", year, county.authority) | {"lad_code": f"E0709{number:04d}"}
            yield first | about | _development(size, good, good)


def _development(children: int, passed: int, all_goals: int) -> dict[str, str]:
    return {
        "children_number": str(children),
        "average_elgs": _one_place(12.4 + 2.6 * passed / max(children, 1)),
        "elg_number": str(all_goals),
        "elg_percentage": _percent(all_goals, children, 1),
        "gld_number": str(passed),
        "gld_percentage": _percent(passed, children, 1),
    }


def _phonics(county: County) -> Iterator[Row]:
    """Year 1, and everybody by the end of year 2."""
    for year, counts, (level, authority, las), sex, meals in _by_group(county, "phonics"):
        again = counts.passing(counts.passed + (counts.children - counts.passed) // 2)
        for group, drawn in (("Year 1", counts), ("By the end of year 2", again)):
            children, good = drawn.cell(las, sex, meals)
            yield (
                place(level, year, authority)
                | _characteristics(sex, meals)
                | {
                    "version": "Final",
                    "year_group": group,
                    "eligible_pupil_count": str(children),
                    "expected_standard_pupil_count": str(good),
                    "expected_standard_pupil_percent": _percent(good, children, 0),
                }
            )


def _ks1(county: County) -> Iterator[Row]:
    subjects = {"read": "ks1_reading", "writ": "ks1_writing", "mat": "ks1_maths"}
    for year, _, (level, authority, las), sex, meals in _by_group(county, "ks1_reading"):
        row = place(level, year, authority) | {
            "breakdown_topic": "All pupils" if meals == "Total" else "Free school meal status",
            "breakdown": _FSM_WORDS[meals],
            "school_type": "State-funded schools",
            "gender": sex,
        }
        for short, test in subjects.items():
            children, passed = county.once(_draw, test, year).cell(las, sex, meals)
            row[f"pt_{short}ta_met_expected_standard"] = _percent(passed, children, 0)
        yield row


def _mtc(county: County) -> Iterator[Row]:
    for year, counts, (level, authority, las), sex, meals in _by_group(county, "mtc"):
        children, passed = counts.cell(las, sex, meals)
        yield (
            place(level, year, authority)
            | _characteristics(sex, meals)
            | {
                "eligible_pupil_count": str(children),
                "mtc_score_average": _mtc_mean(children, passed, year),
                "mtc_score_25_pupil_percent": _percent(passed, children, 0),
            }
        )


def _first_eyfsp(county: County) -> Iterator[Row]:
    """The first year in the layout it then had: the county and England, with a group that has no figure."""
    counts = county.once(_draw, "gld", _FIRST_YEAR)
    for level, authority, las in county_and_england(county):
        first = place(level, _FIRST_YEAR, authority)
        for sex, meals in _GROUPS:
            children, passed = counts.cell(las, sex, meals)
            yield first | {
                "characteristic": "Total" if meals == "Total" else "FSM status",
                "characteristic_type": _FSM_WORDS[meals],
                "gender": sex,
                "children_number": str(children),
                "gld_number": str(passed),
                "gld_percentage": _percent(passed, children, 1),
            }
        unknown = {"characteristic": "SEN provision", "characteristic_type": "SEN support", "gender": "Total"}
        yield first | unknown | dict.fromkeys(("children_number", "gld_number", "gld_percentage"), "x")


def _first_mtc(county: County) -> Iterator[Row]:
    """The first check in its first layout, where a group is named in one column; likewise."""
    counts = county.once(_draw, "mtc", _FIRST_YEAR)
    for level, authority, las in county_and_england(county):
        first = place(level, _FIRST_YEAR, authority)
        for sex, meals in _GROUPS:
            children, passed = counts.cell(las, sex, meals)
            yield first | {
                "characteristic": _FSM_WORDS[meals],
                "gender": sex,
                "eligible_pupil_count": str(children),
                "mtc_average_score": _mtc_mean(children, passed, _FIRST_YEAR),
                "pt_mtc_scored_25": _percent(passed, children, 0),
            }
        absent = dict.fromkeys(("eligible_pupil_count", "mtc_average_score", "pt_mtc_scored_25"), "x")
        yield first | {"characteristic": "SEN support", "gender": "Total"} | absent


def _mtc_mean(children: int, passed: int, year: int) -> str:
    return _one_place(MTC_MEAN[year] + 8 * (passed / max(children, 1) - EARLY_RESULTS["mtc"][year] / 100))


def _characteristics(sex: str, meals: str) -> dict[str, str]:
    """Every filter at its total but the one that is broken out."""
    totals = dict.fromkeys(_OTHER_FILTERS, "Total")
    return totals | {"establishment_type_group": "All state funded", "sex": sex, "fsm_status": _FSM_WORDS[meals]}


def _percent(part: int, whole: int, places: int) -> str:
    return decimal(100 * part / whole, places) if whole else "z"


def _one_place(value: float) -> str:
    return decimal(value, 1, keep_zeros=True)
