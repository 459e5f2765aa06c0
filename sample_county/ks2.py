"""Key stage 2 tables as published: one England file per year, its revised forerunner, one county file.

Columns, tokens and record types follow the real files; which year has which layout is the table _LAYOUTS.
The names of the 2023/24 file are not known: it takes the 2022/23 names with the suffixes moved on a year. Carried
columns of years before the sample begins, or for which no school results were published, are left blank.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sample_county.identity import identity, is_closed, is_listed, is_new, record_types
from sample_county.ks2_pupils import PROGRESS, PROGRESS_SPREAD, TESTS, Ks2Pupils
from sample_county.rolls import Rolls
from sample_county.schools import Authority, School
from sample_county.tables import (
    Cells,
    Numbers,
    counts,
    decimals,
    header,
    put,
    ratio,
    whole_percent,
)
from sample_county.tally import Published, Tally


@dataclass(frozen=True)
class Layout:
    """How one year's file differs from another's. `carried`: suffix -> the year it holds."""

    header: str
    aggregate_blank: str
    has_progress: bool
    has_three_years: bool
    carried: dict[str, int] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)


_LAYOUTS = {
    2023: Layout("ks2_2022-23", " ", True, False),
    2024: Layout("ks2_2022-23", " ", False, False, {"_23": 2023}, {"_22": "_23", "_19": "_22"}),
    2025: Layout("ks2_2024-25", "", False, True, {"_24": 2024, "_23": 2023}),
}
YEARS = tuple(_LAYOUTS)

_CARRIED_AS_PRINTED = (
    "TELIG",
    "PTFSM6CLA1A",
    "PTNOTFSM6CLA1A",
    "PTRWM_EXP",
    "PTRWM_HIGH",
    "PTRWM_EXP_FSM6CLA1A",
    "PTRWM_HIGH_FSM6CLA1A",
    "PTRWM_EXP_NotFSM6CLA1A",
    "PTRWM_HIGH_NotFSM6CLA1A",
    "READ_AVERAGE",
    "MAT_AVERAGE",
)
_CARRIED_PROGRESS = [f"{name}PROG{bound}" for name in PROGRESS for bound in ("", "_LOWER", "_UPPER")]
_CODES = ("SUPP", "LOWCOV")
_TOO_FEW = 5
_LEAST_OVER_THREE_YEARS = 11


def entrants(schools: Sequence[School]) -> list[School]:
    return [school for school in schools if school.has_ks2]


def as_first_published(sat: Ks2Pupils, entered: Sequence[School], urns: Sequence[int]) -> Ks2Pupils:
    """The revised file's pupils: in each of these schools one mathematics result is still to be corrected."""
    expected = {subject: passed.copy() for subject, passed in sat.expected.items()}
    score = {subject: values.copy() for subject, values in sat.score.items()}
    at_stake = sat.expected["READ"] & sat.expected["WRITTA"] & sat.expected["MAT"] & ~sat.higher["MAT"]
    for number, school in enumerate(entered):
        if school.urn not in urns:
            continue
        passed = np.flatnonzero((sat.who.school_of == number) & at_stake)
        if len(passed):
            expected["MAT"][passed[0]] = False
            score["MAT"][passed[0]] = 99
    return replace(sat, expected=expected, score=score)


def table(
    schools: Sequence[School],
    authorities: Sequence[Authority],
    on_roll: Rolls,
    sat: Ks2Pupils,
    year: int,
    earlier: dict[int, Published],
) -> Published:
    """The table of one year; `sat` holds the pupils of entrants(schools).

    `earlier` holds the finished tables of the years before, for the carried columns.
    """
    layout = _LAYOUTS[year]
    entered = entrants(schools)
    by_urn = {school.urn: school for school in schools}
    listed = np.array([school.is_state_funded and is_listed(school, year) for school in entered])
    tally = Tally(entered, sat.who.school_of, authorities, np.flatnonzero(listed))
    blank = layout.aggregate_blank

    columns = identity(tally, by_urn, year, blank, blank)
    columns["SCHNAME"][tally.is_la] = [authority.name for authority in authorities]
    columns["RECTYPE"] = record_types(tally, "3", "4", "5")
    columns["TAB15"] = columns["TAB1618"] = tally.cells(["0"] * len(tally.places), blank, blank)
    sums = _Sums(tally, sat, layout)
    columns |= _cohort(sums, layout)
    columns |= _rolls(tally, by_urn, schools, on_roll, year)
    columns |= _attainment(sums, layout)
    if layout.has_progress:
        columns |= _progress(sums, layout)

    figures = {"TELIG": sums.all_n, "RWM": sums.rwm_n, "RWM_HIGH": sums.rwm_high_n}
    for test in ("READ", "MAT"):
        figures[f"{test}_POINTS"], figures[f"{test}_SCORED"] = sums.points(test, None)
    columns |= _carried(tally, earlier, layout)
    if layout.has_three_years:
        columns |= _three_years(tally, figures, [earlier[y] for y in layout.carried.values()])

    new = tally.where([is_new(place, year) for place in tally.places])
    for name in (*_BLANK_WHEN_NEW, *(name for name in columns if name.endswith("_3YR"))):
        columns[name] = put(columns[name], new, "")
    names = []
    for name in header(layout.header):
        suffix = "_" + name.rpartition("_")[2]
        names.append(name.removesuffix(suffix) + layout.renamed[suffix] if suffix in layout.renamed else name)
    return Published(names, tally, columns, figures=figures)


_BLANK_WHEN_NEW = (
    "TELIG",
    "TPUPYEAR",
    "BELIG",
    "GELIG",
    "TFSM6CLA1A",
    "TNOTFSM6CLA1A",
    "TEALGRP2",
    "TMOBN",
    "TSENELE",
    "TSENELK",
    "TSENELEK",
)


class _Sums:
    """Counts by group that several column families share."""

    def __init__(self, tally: Tally, sat: Ks2Pupils, layout: Layout) -> None:
        self.tally, self.sat = tally, sat
        self.is_school = tally.is_place
        self.all_n = tally.count()
        self.small = self.is_school & (self.all_n > 0) & (self.all_n <= _TOO_FEW)
        known = sat.prior_known
        self.groups = {
            "B": ~sat.who.girl,
            "G": sat.who.girl,
            "FSM6CLA1A": sat.who.disadvantaged,
            "NotFSM6CLA1A": ~sat.who.disadvantaged,
            "EAL": sat.who.eal,
            "MOBN": ~sat.who.mobile,
        }
        if layout.has_progress:
            self.groups |= {
                "L": known & (sat.prior < -1.28),
                "M": known & (sat.prior >= -1.28) & (sat.prior < 0.44),
                "H": known & (sat.prior >= 0.44),
            }
        self.n = {group: tally.count(mask) for group, mask in self.groups.items()}
        core = ("READ", "WRITTA", "MAT")
        self.passed = {
            "RWM_EXP": np.logical_and.reduce([sat.expected[subject] for subject in core]),
            "RWM_HIGH": np.logical_and.reduce([sat.higher[subject] for subject in core]),
        }
        for subject in ("READ", "MAT", "GPS", "WRITTA"):
            self.passed[f"{subject}_EXP"] = sat.expected[subject]
            self.passed[f"{subject}_HIGH"] = sat.higher[subject]
        self.rwm_n = tally.count(self.passed["RWM_EXP"])
        self.rwm_high_n = tally.count(self.passed["RWM_HIGH"])

    def hide(self, cells: Cells) -> Cells:
        """Suppression of whole schools: five pupils or fewer."""
        return put(cells, self.small, "SUPP")

    def hide_group(self, cells: Cells, group: str) -> Cells:
        """Suppression of a group: five pupils or fewer in it.

        Disadvantaged and other pupils are hidden together, and the others also where nobody is disadvantaged.
        """
        few = (self.n[group] > 0) & (self.n[group] <= _TOO_FEW)
        if group in ("FSM6CLA1A", "NotFSM6CLA1A"):
            other = self.n["NotFSM6CLA1A" if group == "FSM6CLA1A" else "FSM6CLA1A"]
            few = few | ((other > 0) & (other <= _TOO_FEW) & (self.n[group] > 0))
            if group == "NotFSM6CLA1A":
                few = few | ((other == 0) & (self.n[group] > 0))
        return self.hide(put(cells, self.is_school & few, "SUPP"))

    def points(self, test: str, group: str | None) -> tuple[Numbers, Numbers]:
        """Scaled scores added up, and how many pupils have one."""
        scored = self.sat.score[test] > 0
        if group:
            scored = scored & self.groups[group]
        return self.tally.total(self.sat.score[test], scored), self.tally.count(scored)

    def average(self, test: str, group: str | None) -> Cells:
        total, scored = self.points(test, group)
        cells = put(decimals(ratio(total, scored), 0), scored == 0, "")
        return self.hide_group(cells, group) if group else self.hide(cells)


def _cohort(sums: _Sums, layout: Layout) -> dict[str, Cells]:
    """Who the cohort is: sizes and shares of groups."""
    tally, sat, n = sums.tally, sums.sat, sums.n
    sizes = {
        "BELIG": n["B"],
        "GELIG": n["G"],
        "TFSM6CLA1A": n["FSM6CLA1A"],
        "TNOTFSM6CLA1A": n["NotFSM6CLA1A"],
        "TEALGRP2": n["EAL"],
        "TMOBN": n["MOBN"],
        "TEALGRP1": tally.count(~sat.who.eal & ~sat.who.unclassified),
        "TEALGRP3": tally.count(sat.who.unclassified),
        "TSENELE": tally.count(sat.who.ehcp),
        "TSENELK": tally.count(sat.who.sen_support),
        "TSENELEK": tally.count(sat.who.ehcp | sat.who.sen_support),
    }
    if layout.has_progress:
        sizes |= {f"TKS1GROUP_{group}": n[group] for group in ("L", "M", "H")}
        sizes["TKS1GROUP_NA"] = tally.count(~sat.prior_known)
    columns = {"TELIG": counts(sums.all_n)}
    for name, size in sizes.items():
        share = name.replace("T", "P", 1) if name.startswith("TSEN") else f"P{name}"
        columns[name] = sums.hide(counts(size))
        columns[share] = sums.hide(whole_percent(size, sums.all_n))
    for name in ("TSENELE", "TSENELK", "TSENELEK"):
        columns[name] = put(columns[name], ~tally.is_place & (layout.aggregate_blank == " "), " ")
    if layout.has_progress:
        total = tally.total(15.8 + 3.7 * np.clip(sat.prior, -3, 2.2), sat.prior_known)
        known = tally.count(sat.prior_known)
        columns["TKS1AVERAGE"] = sums.hide(put(decimals(ratio(total, known), 1), known == 0, ""))
    return columns


def _rolls(
    tally: Tally, by_urn: dict[int, School], schools: Sequence[School], on_roll: Rolls, year: int
) -> dict[str, Cells]:
    """Pupils on roll: 0 where the school has closed, NEW where it has only just opened."""
    at_place: dict[int, int] = {}
    for school, pupils in zip(schools, on_roll.pupils.tolist(), strict=True):
        at_place[id(school.site)] = max(at_place.get(id(school.site), 0), pupils)
    entered = tally.schools
    gone = np.array([is_closed(school, by_urn.get(school.converts_to), year) for school in entered])
    new = np.array([is_new(school, year) for school in entered])
    listed = np.array([is_listed(school, year) for school in entered])
    roll = np.array([at_place[id(school.site)] for school in entered]) * listed * ~gone * ~new
    cohort = np.bincount(tally.school_of, minlength=len(entered)) * ~gone
    left_since = (cohort >= 40) & (np.arange(len(entered)) % 3 == 0)
    return {
        "TOTPUPS": put(counts(tally.spread(roll)), tally.where(new[tally.listed].tolist()), "NEW"),
        "TPUPYEAR": counts(tally.spread(cohort + left_since)),
    }


def _attainment(sums: _Sums, layout: Layout) -> dict[str, Cells]:
    tally, sat = sums.tally, sums.sat
    columns: dict[str, Cells] = {}
    for name, passed in sums.passed.items():
        columns[f"PT{name}"] = sums.hide(whole_percent(tally.count(passed), sums.all_n))
        for group, members in sums.groups.items():
            column = f"PT{name}_{group}"
            columns[column] = sums.hide_group(whole_percent(tally.count(passed & members), sums.n[group]), group)
    for test in TESTS:
        columns[f"{test}_AVERAGE"] = sums.average(test, None)
        for group in sums.groups:
            columns[f"{test}_AVERAGE_{group}"] = sums.average(test, group)
        columns[f"PT{test}_AT"] = sums.hide(whole_percent(tally.count(sat.absent), sums.all_n))
    columns["PTWRITTA_AD"] = sums.hide(whole_percent(tally.count(sat.absent), sums.all_n))
    columns["PTSCITA_AD"] = columns["PTWRITTA_AD"]
    columns["PTWRITTA_WTS"] = sums.hide(whole_percent(tally.count(sat.towards), sums.all_n))
    columns["PTSCITA_EXP"] = sums.hide(whole_percent(tally.count(sat.expected["SCITA"]), sums.all_n))
    for name in ("RWM_EXP", "RWM_HIGH"):
        ours, others = columns[f"PT{name}_FSM6CLA1A"], columns[f"PT{name}_NotFSM6CLA1A"]
        columns[f"DIFFN_{name}"] = _gap(sums, ours, others, layout, "{:.0f}")
    return columns


def _gap(sums: _Sums, ours: Cells, others: Cells, layout: Layout, pattern: str) -> Cells:
    """A school's disadvantaged pupils minus the nation's other pupils, both as printed.

    Where nobody is disadvantaged the real files say SUPP. England's rows hold 0 or nothing, by layout.
    """
    national = float(others[-1].rstrip("%"))
    cells = np.array(
        [
            pattern.format(float(text.rstrip("%")) - national) if text and text not in _CODES else text
            for text in ours.tolist()
        ],
        dtype=object,
    )
    cells = put(cells, sums.is_school & (sums.n["FSM6CLA1A"] == 0) & (sums.all_n > 0), "SUPP")
    cells = put(cells, cells == "-0", "0")
    cells[-2:] = "0" if layout.aggregate_blank == " " else ""
    return cells


def _progress(sums: _Sums, layout: Layout) -> dict[str, Cells]:
    """Progress scores with 95 per cent intervals; England's rows print no interval but zeros by group."""
    tally, sat = sums.tally, sums.sat
    columns: dict[str, Cells] = {}
    england = tally.is_england
    blank = layout.aggregate_blank
    for name in PROGRESS:
        spread, values = PROGRESS_SPREAD[name], sat.progress[name]
        for group in (None, *sums.groups):
            members = sat.prior_known if group is None else sat.prior_known & sums.groups[group]
            matched = tally.count(members)
            mean = ratio(tally.total(values, members), matched)
            margin = 1.96 * spread / np.sqrt(np.maximum(matched, 1))
            column = f"{name}PROG" if group is None else f"{name}PROG_{group}"
            for suffix, figure in (("", mean), ("_LOWER", mean - margin), ("_UPPER", mean + margin)):
                cells = put(decimals(figure, 1), matched == 0, "")
                size = sums.all_n if group is None else sums.n[group]
                cells = put(cells, sums.is_school & (matched > 0) & (2 * matched < size), "LOWCOV")
                if group is None:
                    cells = put(sums.hide(cells), england, blank)
                else:
                    few = sums.is_school & (matched > 0) & (matched <= _TOO_FEW)
                    cells = sums.hide_group(put(cells, few, "SUPP"), group)
                    cells = put(cells, england, "0") if suffix else cells
                columns[column + suffix] = cells
        covered = whole_percent(tally.count(sat.prior_known), sums.all_n)
        columns[f"{name}COV"] = put(sums.hide(covered), england, blank)
        columns[f"{name}PROG_UNADJUSTED"] = put(columns[f"{name}PROG"], england, "0")
        columns[f"{name}PROG_DESCR"] = put(_bands(columns, name), england, blank)
        ours, others = columns[f"{name}PROG_FSM6CLA1A"], columns[f"{name}PROG_NotFSM6CLA1A"]
        columns[f"DIFFN_{name}PROG"] = _gap(sums, ours, others, layout, "{:.1f}")
    return columns


def _bands(columns: dict[str, Cells], name: str) -> Cells:
    """1 well above … 5 well below average; the outer bands begin three points from average."""
    bands = []
    for score, low, high in zip(*(columns[f"{name}PROG{end}"] for end in ("", "_LOWER", "_UPPER")), strict=True):
        if score.strip() in ("", *_CODES):
            bands.append(score)
        elif float(low) > 0:
            bands.append("1" if float(score) >= 3 else "2")
        elif float(high) < 0:
            bands.append("5" if float(score) <= -3 else "4")
        else:
            bands.append("3")
    return np.array(bands, dtype=object)


def _carried(tally: Tally, earlier: dict[int, Published], layout: Layout) -> dict[str, Cells]:
    columns = {}
    for suffix, year in layout.carried.items():
        source = earlier[year]
        found = source.rows_of(tally)
        for name in _CARRIED_AS_PRINTED:
            columns[name + suffix] = source.carried(name, found)
        for name in _CARRIED_PROGRESS:
            if name in source.columns:
                columns[name + suffix] = _one_decimal(source.carried(name, found))
    return columns


def _one_decimal(cells: Cells) -> Cells:
    """Carried progress scores keep the zero that the year's own file drops: -2 becomes -2.0."""
    out = []
    for text in cells.tolist():
        stripped = text.strip()
        out.append(f"{float(stripped):.1f}" if stripped and stripped not in _CODES else stripped)
    return np.array(out, dtype=object)


def _three_years(tally: Tally, figures: dict[str, Numbers], earlier: Sequence[Published]) -> dict[str, Cells]:
    """Figures over three years of pupils, suppressed years included; NA unless all three years are there."""
    found = [source.rows_of(tally) for source in earlier]
    total = {
        name: now + sum(source.figure(name, where) for source, where in zip(earlier, found, strict=True))
        for name, now in figures.items()
    }
    without = [source.figure("TELIG", where) == 0 for source, where in zip(earlier, found, strict=True)]
    missing = np.logical_or.reduce(without)
    few = tally.is_place & (total["TELIG"] < _LEAST_OVER_THREE_YEARS)
    columns = {"TELIG_3YR": put(counts(total["TELIG"]), missing, "")}
    for name in ("RWM_EXP", "RWM_HIGH"):
        passed = total[name.removesuffix("_EXP")]
        columns[f"PT{name}_3YR"] = put(put(whole_percent(passed, total["TELIG"]), few, "SUPP"), missing, "NA")
    for test in ("READ", "MAT"):
        scored = total[f"{test}_SCORED"]
        cells = put(decimals(ratio(total[f"{test}_POINTS"], scored), 0), scored == 0, "")
        columns[f"{test}_AVERAGE_3YR"] = put(put(cells, few, "SUPP"), missing, "NA")
    return columns
