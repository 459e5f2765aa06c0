"""16 to 18 tables as published: one England file per year, schools, colleges and consortia.

Columns, tokens and record types follow the real files of each year, whose layouts differ more than any other's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.identity import identity, is_listed, record_types
from sample_county.ks5_students import COHORTS, VALUE_ADDED_SPREAD, Students
from sample_county.schools import Authority, School
from sample_county.tables import (
    Cells,
    Numbers,
    constant,
    counts,
    decimals,
    header,
    percent,
    put,
    ratio,
    respelled,
)
from sample_county.tally import Published, Tally


@dataclass(frozen=True)
class Layout:
    """How one year's file differs. `age_range`: a spreadsheet has turned 11-18 into Nov-18 in the newest."""

    header: str
    percentage: str
    age_range: str
    has_value_added: bool
    has_retakes: bool


_LAYOUTS = {
    2022: Layout("ks5_2021-22", "{:.1f}%", "spaced", False, False),
    2023: Layout("ks5_2022-23", "{:.2f}%", "spaced", False, False),
    2024: Layout("ks5_2023-24", "{:.2f}%", "spaced", True, True),
    2025: Layout("ks5_2024-25", "{:.2f}%", "as_months", True, True),
}
YEARS = tuple(_LAYOUTS)
_TOO_FEW = 5
_NOT_CARRIED = re.compile(r"SCOPEEX|PROGEX|T_AIMS")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def entrants(schools: Sequence[School]) -> list[School]:
    return [school for school in schools if school.has_sixth_form or school.kind == "fe"]


def table(
    schools: Sequence[School],
    authorities: Sequence[Authority],
    consortia: Sequence[tuple[School, Sequence[int]]],
    sat: Students,
    year: int,
    earlier: dict[int, Published],
) -> Published:
    """The table of one year; `sat` holds the students of entrants(schools), `consortia` who shares a sixth form."""
    layout = _LAYOUTS[year]
    entered = entrants(schools)
    by_urn = {school.urn: school for school in schools}
    listed = np.flatnonzero([is_listed(school, year) for school in entered])
    tally = Tally(entered, sat.school_of, authorities, listed, consortia)
    sums = _Sums(tally, sat, layout)
    columns = identity(tally, by_urn, year, "", "")
    columns["RECTYPE"] = record_types(tally, "4", "5", "7")
    columns |= _institution(tally, layout)
    columns |= _whole(sums)
    for cohort in COHORTS:
        columns |= _results(sums, cohort)
        columns |= _retention(sums, cohort)
        if layout.has_value_added:
            columns |= _value_added(sums, cohort)
    columns |= _retakes(sums)
    names = header(layout.header)
    columns |= _carried(names, columns, tally, earlier, layout)
    return Published(names, tally, columns)


class _Sums:
    """Which rows are what, and the rules by which cells are hidden."""

    def __init__(self, tally: Tally, sat: Students, layout: Layout) -> None:
        self.tally, self.sat, self.layout = tally, sat, layout
        self.is_place, self.is_england_all = tally.is_place, tally.is_england_all
        self.is_independent = tally.where([not place.is_state_funded for place in tally.places])

    def hide(self, cells: Cells, n: Numbers) -> Cells:
        """NE without students, SUPP for five or fewer."""
        return put(put(cells, self.is_place & (n > 0) & (n <= _TOO_FEW), "SUPP"), n == 0, "NE")

    def sized(self, n: Numbers) -> Cells:
        return put(counts(n), n == 0, "NE")

    def hide_part(self, cells: Cells, n: Numbers, other: Numbers, *, is_count: bool) -> Cells:
        """Disadvantaged or other students: hidden together; not given for independents or all of England."""
        few = ((n > 0) & (n <= _TOO_FEW)) | ((other > 0) & (other <= _TOO_FEW) & (n > 0))
        cells = put(put(cells, self.is_place & few, "SUPP"), n == 0, "NE")
        cells = put(cells, self.is_independent, "NA")
        return put(cells, self.is_england_all, "" if is_count else "NA")

    def share(self, part: Numbers, whole: Numbers) -> Cells:
        return percent(part, whole, self.layout.percentage)

    def parts(self, members: Numbers) -> dict[str, Numbers]:
        return {"_DIS": members & self.sat.disadvantaged, "_NOTDIS": members & ~self.sat.disadvantaged}


def _institution(tally: Tally, layout: Layout) -> dict[str, Cells]:
    region = {authority.code: str(authority.region_number) for authority in tally.authorities}
    places = tally.places
    is_school = [place.kind not in ("fe", "consortium") and place.is_state_funded for place in places]
    own = ["" if place.kind == "consortium" else "0" for place in places]
    regions = tally.cells([region[place.la] for place in places], list(region.values()), "")
    return {
        "REGION": regions,
        "LASORT": regions,
        "TELNUM": tally.cells([place.telephone.lstrip("0") for place in places], "", ""),
        "CONTFLAG": tally.cells(["0"] * len(places), "0", ""),
        "ADMPOL": tally.cells(["NSE" if usual else "NA" for usual in is_school], "", ""),
        "ADMPOL_PT": tally.cells(["OTHER NON SEL" if usual else "NA" for usual in is_school], "", ""),
        "GEND1618": tally.cells(["MIXED" if flag else "" for flag in own], "", ""),
        "FEEDER": tally.cells(own, "", ""),
        "AGERANGE": tally.cells([_age_range(place, layout) for place in places], " ", " "),
        "CONFEXAM": tally.cells(["R" if flag else "" for flag in own], "", ""),
    }


def _age_range(school: School, layout: Layout) -> str:
    if layout.age_range == "as_months" and school.low <= 12 and school.high <= 31:
        return f"{_MONTHS[school.low - 1]}-{school.high}"
    return f"{' ' if layout.age_range == 'spaced' else ''}{school.low}-{school.high}"


def _whole(sums: _Sums) -> dict[str, Cells]:
    """All students, best three A levels, AAB with two facilitating subjects, level 3 mathematics."""
    tally, sat = sums.tally, sums.sat
    every = np.ones(len(sat.school_of), dtype=bool)
    everyone, three = tally.count(), tally.count(sat.takes_three)
    best = decimals(ratio(tally.total(sat.best_three, sat.takes_three), three), 2)
    columns = {
        "TPUP1618": put(counts(2.3 * everyone), ~sums.is_place, ""),
        "TALLPUP_1618": sums.sized(everyone),
        "TINCLUDE_B3": sums.sized(three),
        "TB3PTSE": sums.hide(best, three),
        "TB3PTSE_GRD": sums.hide(_graded(best, _alevel_grade), three),
        "TINCLUDE_AAB_2FAC": sums.sized(three),
        "PTAAB_2FAC": sums.hide(sums.share(tally.count(sat.top_grades), three), three),
    }
    for ending, chosen in sums.parts(every).items():
        other = tally.count(every & ~chosen)
        n = tally.count(chosen)
        columns[f"TALLPUP_1618{ending}"] = sums.hide_part(counts(n), n, other, is_count=True)
    scope = tally.count(sat.member["ACAD"] | sat.member["AGEN"])
    maths = tally.count((sat.member["ACAD"] | sat.member["AGEN"]) & sat.level_3_maths)
    columns["TALLPUP_SCOPE_L3M"] = sums.sized(scope)
    columns["L3M_PER"] = sums.hide(sums.share(maths, scope), scope)
    vocational = tally.count(sat.any_vocational)
    for cohort, denominator, share in (
        ("AGEN", "TALLPUP_AGENDENOM", "AGEN_PER"),
        ("TLEV", "TALLPUP_TLEVDENOM", "TLEV_PER"),
        ("TechCert", "TALLPUP_ANYL2VOC", "TechCert_PER"),
    ):
        n = tally.count(sat.member[cohort])
        whole = np.maximum(vocational, n) * (n > 0)
        columns[denominator] = sums.sized(whole)
        columns[share] = sums.hide(sums.share(n, whole), whole)
    return columns


_STEMS = {
    "ALEV": ("ALEV_1618", "ALEV"),
    "ACAD": ("ACAD_1618", "ACAD"),
    "AGEN": ("AGEN", "AGEN"),
    "TLEV": ("TLEV", "TLEV"),
    "TechCert": ("TechCert", "TechCert"),
}


def _results(sums: _Sums, cohort: str) -> dict[str, Cells]:
    """Students, points per entry and the grade they come to; for all, disadvantaged and other students."""
    tally, sat = sums.tally, sums.sat
    stem, short = _STEMS[cohort]
    graded = {"TechCert": _level_2_grade, "AGEN": _vocational_grade, "TLEV": _vocational_grade}.get(
        cohort, _alevel_grade
    )

    def per_entry(members: Numbers) -> Cells:
        points = tally.total(sat.points[cohort], members)
        return decimals(ratio(points, tally.total(sat.entries[cohort], members)), 2)

    members = sat.member[cohort]
    n, average = tally.count(members), per_entry(members)
    columns = {
        f"TALLPUP_{stem}": sums.sized(n),
        f"TALLPPE_{stem}": sums.hide(average, n),
        f"TALLPPEGRD_{stem}": sums.hide(_graded(average, graded), n),
    }
    for ending, chosen in sums.parts(members).items():
        part = tally.count(chosen)
        other, average = n - part, per_entry(chosen)
        columns[f"TALLPUP_{stem}{ending}"] = sums.hide_part(counts(part), part, other, is_count=True)
        columns[f"TALLPPE_{stem}{ending}"] = sums.hide_part(average, part, other, is_count=False)
        columns[f"TALLPPEGRD_{short}{ending}"] = sums.hide_part(_graded(average, graded), part, other, is_count=False)
    return columns


def _retention(sums: _Sums, cohort: str) -> dict[str, Cells]:
    """Kept to the end of the main study aim; state-funded only."""
    tally, sat = sums.tally, sums.sat
    members = sat.member[cohort] & (np.arange(len(sat.school_of)) % 17 > 0)
    n = tally.count(members)

    def guard(cells: Cells, *, is_count: bool) -> Cells:
        cells = put(sums.sized(n) if is_count else sums.hide(cells, n), sums.is_independent, "NA")
        return cells if is_count else put(cells, sums.is_england_all, "NA")

    columns = {
        f"T_InScope_{cohort}_Ret": guard(constant("", tally.rows_n), is_count=True),
        f"T_InScope_{cohort}_2ndYr": guard(constant("", tally.rows_n), is_count=True),
    }
    for name, kept in (
        (f"PT_Retained_{cohort}_Ret", sat.retained[cohort]),
        (f"PT_Ret_Assessed_{cohort}", sat.assessed[cohort]),
        (f"PT_Retained_{cohort}_2ndYr", sat.second_year[cohort]),
    ):
        columns[name] = guard(sums.share(tally.count(members & kept), n), is_count=False)
    for ending, chosen in sums.parts(members).items():
        part = tally.count(chosen)
        kept_n = tally.count(chosen & sat.retained[cohort])
        columns[f"T_InScope_{cohort}_Ret{ending}"] = sums.hide_part(counts(part), part, n - part, is_count=True)
        columns[f"PT_Retained_{cohort}_Ret{ending}"] = sums.hide_part(
            sums.share(kept_n, part), part, n - part, is_count=False
        )
    return columns


def _value_added(sums: _Sums, cohort: str) -> dict[str, Cells]:
    """Value added with its interval; NA for authorities and all of England, no band for aggregate rows."""
    tally, sat = sums.tally, sums.sat
    name = cohort.upper()
    columns: dict[str, Cells] = {}
    not_given = tally.is_la | tally.is_england_all
    members = sat.member[cohort]
    for ending, chosen in {"": members, **sums.parts(members)}.items():
        part, whole = tally.count(chosen), tally.count(members)
        entries = tally.total(sat.entries[cohort], chosen)
        mean = ratio(tally.total(sat.value_added[cohort] * sat.entries[cohort], chosen), entries)
        margin = 1.96 * VALUE_ADDED_SPREAD / np.sqrt(np.maximum(entries, 1))
        figures = {
            f"ENTRIES_{name}{ending}": counts(entries),
            f"VA_INS_{name}{ending}": decimals(mean, 2),
            f"UCI_INS_{name}{ending}": decimals(mean + margin, 2),
            f"LCI_INS_{name}{ending}": decimals(mean - margin, 2),
        }
        for column, cells in figures.items():
            cells = sums.hide_part(cells, part, whole - part, is_count=False) if ending else sums.hide(cells, part)
            columns[column] = put(cells, not_given, "NA")
    bands = []
    for score, low, high in zip(*(columns[f"{end}_INS_{name}"] for end in ("VA", "LCI", "UCI")), strict=True):
        if score in ("NA", "NE", "SUPP"):
            bands.append("NA")
        elif float(low) > 0:
            bands.append("1" if float(score) >= 0.5 else "2")
        elif float(high) < 0:
            bands.append("5" if float(score) <= -0.5 else "4")
        else:
            bands.append("3")
    columns[f"PROGRESS_BAND_{name}"] = put(np.array(bands, dtype=object), ~sums.is_place, "NA")
    return columns


def _retakes(sums: _Sums) -> dict[str, Cells]:
    """English and mathematics for students without a pass at 16; not published for the years before 2023/24."""
    tally, sat = sums.tally, sums.sat
    columns: dict[str, Cells] = {}
    for subject in ("E", "M"):
        members = sat.retakes[subject]
        n = tally.count(members)
        entered = members & (sat.retake_gain[subject] > -1.5)
        gain = decimals(ratio(tally.total(sat.retake_gain[subject], members), n), 2)
        columns[f"T_SCOPEEX_{subject}"] = sums.sized(n)
        columns[f"PROGEX_{subject}"] = sums.hide(gain, n)
        columns[f"ENTRY_PER_{subject}"] = sums.hide(sums.share(tally.count(entered), n), n)
        for ending, chosen in sums.parts(members).items():
            part = tally.count(chosen)
            gain = decimals(ratio(tally.total(sat.retake_gain[subject], chosen), part), 2)
            columns[f"T_SCOPEEX_{subject}{ending}"] = sums.hide_part(counts(part), part, n - part, is_count=True)
            columns[f"PROGEX_{subject}{ending}"] = sums.hide_part(gain, part, n - part, is_count=False)
    if not sums.layout.has_retakes:
        names = [*columns, "TALLPUP_SCOPE_L3M", "L3M_PER"]
        columns = {name: constant("", tally.rows_n) for name in names}
    return columns


def _graded(average: Cells, grade: "Grader") -> Cells:
    return np.array([grade(float(text)) for text in average.tolist()], dtype=object)


class Grader:
    """Points per entry as a grade: each grade spans ten points in thirds, e.g. C- C C+."""

    def __init__(self, first: float, step: float, names: Sequence[str]) -> None:
        self.first, self.step, self.names = first, step, names

    def __call__(self, points: float) -> str:
        third = int((points - self.first) / (self.step / 3) + 1e-9) if points >= self.first else 0
        grade, ending = divmod(third, 3)
        return self.names[min(grade, len(self.names) - 1)] + ("-", "", "+")[ending]


_alevel_grade = Grader(5.0, 10.0, ("E", "D", "C", "B", "A", "A*"))
_vocational_grade = Grader(10.0, 10.0, ("Pass", "Merit", "Dist", "Dist*"))
_level_2_grade = Grader(4.5, 1.0, ("L2Pass", "L2Merit", "L2Dist", "L2Dist*"))


def _carried(
    names: Sequence[str],
    columns: dict[str, Cells],
    tally: Tally,
    earlier: dict[int, Published],
    layout: Layout,
) -> dict[str, Cells]:
    """Columns of the years before; blank for years without published results. Letter case differs by column."""
    out = {}
    spelled = {name.upper(): name for name in columns}
    for year, source in earlier.items():
        found = source.rows_of(tally)
        suffix = f"_{year % 100}"
        for name in names:
            base = spelled.get(name.removesuffix(suffix).upper(), "")
            if not name.endswith(suffix) or base not in source.columns or _NOT_CARRIED.search(name):
                continue
            cells = respelled(source.carried(base, found), layout.percentage)
            out[name] = put(cells, cells == "NA", "") if base.startswith("PROGRESS_BAND") else cells
    return out
