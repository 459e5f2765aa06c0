"""Early years, phonics, key stage 1 and the multiplication check by area: these are never published by school.

Children are counted by authority, sex and free school meals; regions and England are sums over the same children.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.facts import EARLY_RESULTS, MTC_MEAN
from sample_county.long_text import areas, long_text, place
from sample_county.schools import Authority, Register
from sample_county.streams import stream
from sample_county.tables import Numbers, decimals, header

EYFSP, PHONICS, KS1, MTC = (
    "1_eyfsp_headline_measures_2025.csv",
    "phonics_regional_and_local_authority_2025.csv",
    "ks1_regional_and_local_authority_2023.csv",
    "mtc_regional_la_pupil_characteristics_2025.csv",
)
EYFSP_2022, MTC_2022 = "1_eyfsp_headline_measures_2022.csv", "mtc_national_and_la_2022.csv"
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
    """Children and those who passed, by authority, sex (girls, boys) and meals (eligible, not)."""

    children: Numbers
    passed: Numbers

    def cell(self, members: Sequence[int], sex: str, meals: str) -> tuple[int, int]:
        """Children and passes of a group in some authorities together."""
        sexes = {"Girls": [0], "Boys": [1], "Total": [0, 1]}[sex]
        groups = {"FSM": [0], "Other": [1], "Total": [0, 1]}[meals]
        at = np.ix_(list(members), sexes, groups)
        return int(self.children[at].sum()), int(self.passed[at].sum())


def draw(register: Register, seed: int, test: str, year: int) -> Counts:
    """One year's children: as many as the authority's primary schools take in a year."""
    rng = stream(seed, "early results", test, year)
    children, passed = [], []
    for authority in register.authorities:
        sites = [s.site for s in register.schools if s.la == authority.code and s.kind in _STARTS and not s.closed]
        pupils = sum(round(site.per_year) for site in sites)
        eligible = np.average([site.disadvantaged for site in sites], weights=[site.per_year for site in sites]) * 0.85
        shares = np.outer([0.488, 0.512], [eligible, 1 - eligible])
        size = np.maximum(np.round(pupils * shares), 1).astype(np.int64)
        ahead = np.array([[_GIRLS / 2], [-_GIRLS / 2]]) + np.array([[0.85 * _FSM, -0.15 * _FSM]])
        rate = np.clip(EARLY_RESULTS[test][year] + ahead + rng.normal(0, 2.0), 1, 99)
        children.append(size)
        passed.append(rng.binomial(size, rate / 100))
    return Counts(np.array(children), np.array(passed))


def eyfsp_text(register: Register, seed: int) -> str:
    """Authorities, two districts of the county, regions and England."""
    rows = []
    for year in sorted(EARLY_RESULTS["gld"]):
        counts = draw(register, seed, "gld", year)
        all_goals = Counts(counts.children, counts.passed - counts.passed // 33)
        for level, authority, members in areas(register.authorities):
            for sex, meals in _GROUPS:
                children, passed = counts.cell(members, sex, meals)
                topic = ("Total", "Total") if meals == "Total" else ("FSM status", _FSM_WORDS[meals])
                rows.append(
                    place(level, year, authority)
                    | {"breakdown_topic": topic[0], "breakdown": topic[1], "sex": _EYFSP_SEX[sex]}
                    | _eyfsp(children, passed, all_goals.cell(members, sex, meals)[1])
                )
        county = next(n for n, authority in enumerate(register.authorities) if authority.is_county)
        children, passed = counts.cell([county], "Total", "Total")
        for number, (size, good) in enumerate(((children // 2, passed // 2), (-(-children // 2), -(-passed // 2))), 1):
            code = {"lad_code": f"E0709{number:04d}", "lad_name": f"Sample District {number}"}
            total = {"breakdown_topic": "Total", "breakdown": "Total", "sex": "Total"}
            first = place("Local authority district", year, register.authorities[county])
            rows.append(first | code | total | _eyfsp(size, good, good))
    return long_text(header("eyfsp_2022-23"), rows)


def _eyfsp(children: int, passed: int, all_goals: int) -> dict[str, str]:
    return {
        "children_number": str(children),
        "average_elgs": _one_place(12.4 + 2.6 * passed / max(children, 1)),
        "elg_number": str(all_goals),
        "elg_percentage": _percent(all_goals, children, 1),
        "comm_lang_lit_number": str(passed),
        "comm_lang_lit_percentage": _percent(passed, children, 1),
        "gld_number": str(passed),
        "gld_percentage": _percent(passed, children, 1),
    }


def phonics_text(register: Register, seed: int) -> str:
    """Year 1, and everybody by the end of year 2."""
    rows = []
    for year in sorted(EARLY_RESULTS["phonics"]):
        counts = draw(register, seed, "phonics", year)
        again = Counts(counts.children, counts.passed + (counts.children - counts.passed) // 2)
        for level, authority, members in areas(register.authorities):
            for sex, meals in _GROUPS:
                for group, drawn in (("Year 1", counts), ("By the end of year 2", again)):
                    children, good = drawn.cell(members, sex, meals)
                    rows.append(
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
    return long_text(header("phonics_2024-25"), rows)


def ks1_text(register: Register, seed: int) -> str:
    rows = []
    subjects = {"read": "ks1_reading", "writ": "ks1_writing", "mat": "ks1_maths"}
    for year in sorted(EARLY_RESULTS["ks1_reading"]):
        counts = {short: draw(register, seed, test, year) for short, test in subjects.items()}
        for level, authority, members in areas(register.authorities):
            for sex, meals in _GROUPS:
                row = place(level, year, authority) | {
                    "breakdown_topic": "All pupils" if meals == "Total" else "Free school meal status",
                    "breakdown": _FSM_WORDS[meals],
                    "school_type": "State-funded schools",
                    "gender": sex,
                }
                for short, drawn in counts.items():
                    children, passed = drawn.cell(members, sex, meals)
                    row[f"pt_{short}ta_met_expected_standard"] = _percent(passed, children, 0)
                rows.append(row)
    return long_text(header("ks1_2022-23"), rows)


def mtc_text(register: Register, seed: int) -> str:
    rows = []
    for year in sorted(EARLY_RESULTS["mtc"]):
        counts = draw(register, seed, "mtc", year)
        for level, authority, members in areas(register.authorities):
            for sex, meals in _GROUPS:
                children, passed = counts.cell(members, sex, meals)
                rows.append(
                    place(level, year, authority)
                    | _characteristics(sex, meals)
                    | {
                        "eligible_pupil_count": str(children),
                        "completed_check_pupil_count": str(children),
                        "mtc_score_average": _mtc_mean(children, passed, year),
                        "mtc_score_25_pupil_percent": _percent(passed, children, 0),
                    }
                )
    return long_text(header("mtc_2024-25"), rows)


def eyfsp_2022_text(register: Register, seed: int) -> str:
    """The first year in the layout it then had: the county and England, with a group that has no figure."""
    counts = draw(register, seed, "gld", _FIRST_YEAR)
    rows = []
    for level, authority, members in _county_and_england(register):
        for sex, meals in _GROUPS:
            children, passed = counts.cell(members, sex, meals)
            rows.append(
                place(level, _FIRST_YEAR, authority)
                | {
                    "characteristic": "Total" if meals == "Total" else "FSM status",
                    "characteristic_type": _FSM_WORDS[meals],
                    "gender": sex,
                    "children_number": str(children),
                    "gld_number": str(passed),
                    "gld_percentage": _percent(passed, children, 1),
                }
            )
        unknown = {"characteristic": "SEN provision", "characteristic_type": "SEN support", "gender": "Total"}
        absent = dict.fromkeys(("children_number", "gld_number", "gld_percentage"), "x")
        rows.append(place(level, _FIRST_YEAR, authority) | unknown | absent)
    return long_text(header("eyfsp_2021-22"), rows)


def mtc_2022_text(register: Register, seed: int) -> str:
    """The first check in its first layout, where a group is named in one column; likewise."""
    counts = draw(register, seed, "mtc", _FIRST_YEAR)
    rows = []
    for level, authority, members in _county_and_england(register):
        for sex, meals in _GROUPS:
            children, passed = counts.cell(members, sex, meals)
            rows.append(
                place(level, _FIRST_YEAR, authority)
                | {
                    "characteristic": _FSM_WORDS[meals],
                    "gender": sex,
                    "eligible_pupil_count": str(children),
                    "mtc_average_score": _mtc_mean(children, passed, _FIRST_YEAR),
                    "pt_mtc_scored_25": _percent(passed, children, 0),
                }
            )
        absent = dict.fromkeys(("eligible_pupil_count", "mtc_average_score", "pt_mtc_scored_25"), "x")
        rows.append(
            place(level, _FIRST_YEAR, authority) | {"characteristic": "SEN support", "gender": "Total"} | absent
        )
    return long_text(header("mtc_2021-22"), rows)


def _county_and_england(register: Register) -> list[tuple[str, Authority | None, list[int]]]:
    return [
        area
        for area in areas(register.authorities)
        if area[0] == "National" or (area[0] == "Local authority" and area[1] and area[1].is_county)
    ]


def _mtc_mean(children: int, passed: int, year: int) -> str:
    return _one_place(MTC_MEAN[year] + 8 * (passed / max(children, 1) - EARLY_RESULTS["mtc"][year] / 100))


def gld_of(register: Register, seed: int, year: int) -> list[tuple[Authority | None, str]]:
    """Each authority's and England's good level of development, as the area table prints it."""
    counts = draw(register, seed, "gld", year)
    found = []
    for level, authority, members in areas(register.authorities):
        children, passed = counts.cell(members, "Total", "Total")
        if level != "Regional":
            found.append((authority, _percent(passed, children, 1)))
    return found


def _characteristics(sex: str, meals: str) -> dict[str, str]:
    """Every filter at its total but the one that is broken out."""
    totals = dict.fromkeys(_OTHER_FILTERS, "Total")
    return totals | {"establishment_type_group": "All state funded", "sex": sex, "fsm_status": _FSM_WORDS[meals]}


def _percent(part: int, whole: int, places: int) -> str:
    return str(decimals(np.array([100 * part / whole]), places)[0]) if whole else "z"


def _one_place(value: float) -> str:
    return str(decimals(np.array([value]), 1, keep_zeros=True)[0])
