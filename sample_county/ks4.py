"""Key stage 4 tables as published: one England file per year.

Columns, tokens and record types follow the real files. The names of the 2022/23 and 2023/24 files are not
known: they take the names of 2024/25 with Progress 8 filled in. Subject value added is left at NA throughout.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sample_county.identity import identity, is_listed, record_types
from sample_county.ks4_pupils import PARTS, PILLARS, PROGRESS_SPREAD, Ks4Pupils
from sample_county.rolls import Rolls
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
    """How one year's file differs. `carried`: suffix -> years back; `not_held`: columns left blank."""

    header: str
    percentage: str
    has_progress: bool
    carried: dict[str, int] = field(default_factory=dict)
    not_held: str = "$^"


_PREVIOUS = {"_PREV": 1, "_PREV2": 2}
_LAYOUTS = {
    2022: Layout("ks4_2021-22", "{:.1f}%", True, not_held=r"_2[01](_PTQ_EE)?$|^TAB"),
    2023: Layout("ks4_2024-25", "{:.2f}%", True, _PREVIOUS),
    2024: Layout("ks4_2024-25", "{:.2f}%", True, _PREVIOUS),
    2025: Layout("ks4_2024-25", "{:.2f}%", False, _PREVIOUS),
}
YEARS = tuple(_LAYOUTS)
_CODES = ("SUPP", "NE", "NP", "LOWCOV")
_TOO_FEW = 5
_GROUPS = ("FSM6CLA1A", "NFSM6CLA1A", "LO", "MID", "HI", "EAL", "GIRLS", "BOYS", "NMOB")
_ONLY_STATE = ("FSM6CLA1A", "NFSM6CLA1A", "EAL", "NMOB")


def entrants(schools: Sequence[School]) -> list[School]:
    return [school for school in schools if school.has_ks4]


def table(
    schools: Sequence[School],
    authorities: Sequence[Authority],
    on_roll: Rolls,
    sat: Ks4Pupils,
    year: int,
    earlier: dict[int, Published],
) -> Published:
    """The table of one year; `sat` holds the pupils of entrants(schools), `earlier` the tables before."""
    layout = _LAYOUTS[year]
    entered = entrants(schools)
    by_urn = {school.urn: school for school in schools}
    listed = np.flatnonzero([is_listed(school, year) for school in entered])
    tally = Tally(entered, sat.who.school_of, authorities, listed)
    sums = _Sums(tally, sat, layout)
    columns = identity(tally, by_urn, year, "", "0")
    columns["RECTYPE"] = record_types(tally, "4", "5", "7")
    columns |= _school_facts(tally)
    columns |= _rolls(tally, schools, on_roll)
    columns |= _cohort(sums)
    columns |= _attainment(sums)
    if layout.has_progress:
        columns |= _progress(sums)
        columns |= _prior(sums)
    names = header(layout.header)
    columns |= _carried(names, tally, earlier, layout, year)
    columns |= {name: constant("", tally.rows_n) for name in names if re.search(layout.not_held, name)}
    return Published(names, tally, columns, absent="NA")


class _Sums:
    """Counts by group, and which rows must hide which cells."""

    def __init__(self, tally: Tally, sat: Ks4Pupils, layout: Layout) -> None:
        self.tally, self.sat, self.layout = tally, sat, layout
        who = sat.who
        self.is_school = tally.is_place
        self.is_independent = tally.where([not place.is_state_funded for place in tally.places])
        self.all_n = tally.count()
        self.small = self.is_school & (self.all_n > 0) & (self.all_n <= _TOO_FEW)
        takes_any = sat.entries > 0
        self.without_entries = self.is_school & (self.all_n > 0) & (tally.count(takes_any) == 0) & ~self.small
        known = sat.prior_known
        self.groups = {
            "FSM6CLA1A": who.disadvantaged,
            "NFSM6CLA1A": ~who.disadvantaged,
            "LO": known & (sat.prior < -0.75),
            "MID": known & (sat.prior >= -0.75) & (sat.prior < 0.65),
            "HI": known & (sat.prior >= 0.65),
            "EAL": who.eal,
            "GIRLS": who.girl,
            "BOYS": ~who.girl,
            "NMOB": ~who.mobile,
        }
        self.n = {group: tally.count(mask) for group, mask in self.groups.items()}
        self._hidden = {group: self._few(group) for group in self.groups}

    def _few(self, group: str) -> Numbers:
        """Five or fewer; disadvantaged and others are hidden together, girls and boys too."""
        partner = {"FSM6CLA1A": "NFSM6CLA1A", "NFSM6CLA1A": "FSM6CLA1A", "GIRLS": "BOYS", "BOYS": "GIRLS"}.get(group)
        few = (self.n[group] > 0) & (self.n[group] <= _TOO_FEW)
        if partner:
            few = few | ((self.n[partner] > 0) & (self.n[partner] <= _TOO_FEW) & (self.n[group] > 0))
        return self.is_school & few

    def hide(self, cells: Cells) -> Cells:
        """SUPP for schools of five pupils or fewer, NE without entries, blank without pupils."""
        cells = put(put(cells, self.without_entries, "NE"), self.small, "SUPP")
        return put(cells, self.all_n == 0, "")

    def hide_group(self, cells: Cells, group: str) -> Cells:
        cells = put(cells, self.is_school & (self.n[group] == 0), "NE")
        cells = self.hide(put(cells, self._hidden[group], "SUPP"))
        if group in _ONLY_STATE:
            cells = put(put(cells, self.is_independent, "NP"), self.tally.is_england_all, "")
        return cells

    def members(self, group: str | None) -> Numbers | None:
        return None if group is None else self.groups[group]

    def size(self, group: str | None) -> Numbers:
        return self.all_n if group is None else self.n[group]

    def guard(self, cells: Cells, group: str | None) -> Cells:
        return self.hide(cells) if group is None else self.hide_group(cells, group)

    def share(self, passed: Numbers, group: str | None = None) -> Cells:
        chosen = passed if group is None else passed & self.groups[group]
        return self.guard(percent(self.tally.count(chosen), self.size(group), self.layout.percentage), group)

    def mean(self, values: Numbers, places: int, group: str | None = None) -> Cells:
        total = self.tally.total(values, self.members(group))
        return self.guard(decimals(ratio(total, self.size(group)), places), group)


def _school_facts(tally: Tally) -> dict[str, Cells]:
    places = tally.places
    admissions = [("NA" if p.is_special else "NSE") if p.is_state_funded or p.is_special else "" for p in places]
    return {
        "CONTFLAG": tally.cells(["0"] * len(places), "", ""),
        "FEEDER": tally.cells(["0"] * len(places), "", ""),
        "ADMPOL": tally.cells(admissions, "", ""),
        "ADMPOL_PT": tally.cells(["OTHER NON SEL" if policy == "NSE" else "NA" for policy in admissions], "", ""),
        "EGENDER": tally.cells([place.gender.upper() for place in places], "", ""),
    }


def _rolls(tally: Tally, schools: Sequence[School], on_roll: Rolls) -> dict[str, Cells]:
    position = {school.urn: n for n, school in enumerate(schools)}
    where = np.array([position[school.urn] for school in tally.schools])
    pupils, girls = on_roll.pupils[where], on_roll.girls[where]
    return {
        "TOTPUPS": counts(tally.spread(pupils)),
        "NUMGIRLS": counts(tally.spread(girls)),
        "NUMBOYS": counts(tally.spread(pupils - girls)),
    }


def _cohort(sums: _Sums) -> dict[str, Cells]:
    tally, who, n, total = sums.tally, sums.sat.who, sums.n, sums.all_n
    pattern = sums.layout.percentage
    columns = {"TPUP": counts(total)}

    def sizes(name: str, share: str, size: Numbers, *, only_state: bool) -> None:
        cells, shares = counts(size), percent(size, total, pattern)
        cells, shares = put(cells, sums.small, "SUPP"), put(shares, sums.small, "SUPP")
        if only_state:
            cells = put(put(cells, sums.is_independent, "NP"), sums.tally.is_england_all, "")
            shares = put(put(shares, sums.is_independent, "NP"), sums.tally.is_england_all, "")
        columns[name], columns[share] = cells, shares

    sizes("BPUP", "PBPUP", n["BOYS"], only_state=False)
    sizes("GPUP", "PGPUP", n["GIRLS"], only_state=False)
    sizes("TFSM6CLA1A", "PTFSM6CLA1A", n["FSM6CLA1A"], only_state=True)
    sizes("TNOTFSM6CLA1A", "PTNOTFSM6CLA1A", n["NFSM6CLA1A"], only_state=True)
    sizes("TEALGRP2", "PTEALGRP2", n["EAL"], only_state=True)
    sizes("TEALGRP1", "PTEALGRP1", tally.count(~who.eal & ~who.unclassified), only_state=True)
    sizes("TEALGRP3", "PTEALGRP3", tally.count(who.unclassified), only_state=True)
    sizes("TNMOB", "PTNMOB", n["NMOB"], only_state=True)
    is_special = tally.where([place.is_special for place in tally.places])
    for name, chosen in (
        ("SENE4", who.ehcp),
        ("SENK4", who.sen_support),
        ("SEN_ALL4", who.ehcp | who.sen_support),
    ):
        size = tally.count(chosen)
        for column, cells in ((name, counts(size)), (f"P{name}", percent(size, total, pattern))):
            cells = put(put(cells, sums.small, "SUPP"), is_special | sums.tally.is_england_all, "")
            columns[column] = put(cells, sums.is_independent & ~is_special, "NA")
    return columns


def _attainment(sums: _Sums) -> dict[str, Cells]:
    tally, sat = sums.tally, sums.sat
    columns: dict[str, Cells] = {}
    graded = sat.points["OPEN"] - sat.open_ungraded
    points = {"": sat.attainment8, **{part: sat.points[part] for part in PARTS}}
    points |= {"OPENG": graded, "OPENNG": sat.open_ungraded}
    for part, values in points.items():
        columns[f"TOTATT8{part}"] = sums.hide(decimals(tally.total(values), 2))
        columns[f"ATT8SCR{part}"] = sums.mean(values, 1)
        for group in _GROUPS[:2] + _GROUPS[5:]:
            columns[f"ATT8SCR{part}_{group}"] = sums.mean(values, 1, group)
    columns["AVGEBACFILL"] = sums.mean(sat.ebacc_filled, 1)
    columns["AVGOPENFILL"] = sums.mean(sat.open_filled, 1)
    columns["DIFFN_ATT8"] = _gap(sums, columns["ATT8SCR_FSM6CLA1A"], columns["ATT8SCR_NFSM6CLA1A"], 1)

    for grade in (4, 5):
        both = (sat.pillar["ENG"] >= grade) & (sat.pillar["MAT"] >= grade)
        columns[f"PTL2BASICS_9{grade}"] = sums.share(both)
        names = {
            "FSM6CLA1A": "PTFSM6CLA1ABASICS",
            "NFSM6CLA1A": "PTNOTFSM6CLA1ABASICS",
            "BOYS": "PBL2BASICS",
            "GIRLS": "PGL2BASICS",
            "EAL": "PTL2BASICSEAL",
            "NMOB": "PTL2BASICSNMOB",
        }
        for group, name in names.items():
            columns[f"{name}_9{grade}"] = sums.share(both, group)

    aps = sat.ebacc_points
    columns["TOTEBACCAPS"] = sums.hide(decimals(tally.total(aps), 2))
    columns["EBACCAPS"] = sums.mean(aps, 2)
    for group in ("FSM6CLA1A", "NFSM6CLA1A", "EAL", "GIRLS", "BOYS", "NMOB"):
        columns[f"EBACCAPS_{group}"] = sums.mean(aps, 2, group)
    columns |= _ebacc(sums)

    columns["PT5EM_94"] = sums.share(sat.five_good)
    columns["PTANYQ_PTQ_EE"] = sums.share(sat.any_pass)
    columns["PTmultiLan_E"] = sums.share(sat.two_languages)
    columns["PTtripleSci_E"] = sums.share(sat.three_sciences)
    columns["TAVENT_E_3NG_PTQ_EE"] = sums.mean(sat.entries, 1)
    gcse = np.maximum(sat.entries - (sat.open_ungraded > 0), 0)
    columns["TAVENT_G_PTQ_EE"] = sums.mean(gcse, 1)
    for group in ("FSM6CLA1A", "NFSM6CLA1A"):
        columns[f"TAVENT_E_3NG_{group}_PTQ_EE"] = sums.mean(sat.entries, 1, group)
        columns[f"TAVENT_G{group}_PTQ_EE"] = sums.mean(gcse, 1, group)
    columns["TTOTENT_E_TOTAL_PTQ_EE"] = sums.hide(counts(tally.total(sat.entries)))
    columns["TTOTENT_E_COVID_IMPACTED_PTQ_EE"] = sums.hide(constant("0", tally.rows_n))
    columns["PTOTENT_E_COVID_IMPACTED_PTQ_EE"] = sums.hide(constant("0%", tally.rows_n))
    return columns


def _ebacc(sums: _Sums) -> dict[str, Cells]:
    """Entry for and passes in the English Baccalaureate and its five parts."""
    tally, sat = sums.tally, sums.sat
    columns: dict[str, Cells] = {}
    every = np.logical_and.reduce([sat.entered[pillar] for pillar in PILLARS])
    lowest = np.minimum.reduce([sat.pillar[pillar] for pillar in PILLARS])
    passed = {"E": every, "94": every & (lowest >= 4), "95": every & (lowest >= 5), "91": every & (lowest >= 1)}
    columns["TEBACC_E_PTQ_EE"] = sums.hide(counts(tally.count(every)))
    columns["PTEBACC_E_PTQ_EE"] = sums.share(every)
    columns["TEBACC91"] = sums.hide(counts(tally.count(passed["91"])))
    columns["PTEBACC91"] = sums.share(passed["91"])
    for level in ("94", "95"):
        columns[f"PTEBACC_{level}"] = sums.share(passed[level])
        for group, name in (("BOYS", f"PBEBACC_{level}"), ("GIRLS", f"PGEBACC_{level}")):
            columns[name] = sums.share(passed[level], group)
        for group in ("FSM6CLA1A", "NFSM6CLA1A"):
            columns[f"PTEBACC_{level}_{group}"] = sums.share(passed[level], group)
        for group in ("NMOB", "EAL"):
            columns[f"PTEBACC{group}_{level}"] = sums.share(passed[level], group)
    columns["PBEBACC_E_PTQ_EE"] = sums.share(every, "BOYS")
    columns["PGEBACC_E_PTQ_EE"] = sums.share(every, "GIRLS")
    for group in ("FSM6CLA1A", "NFSM6CLA1A", "NMOB", "EAL"):
        columns[f"PTEBACC_E{group}_PTQ_EE"] = sums.share(every, group)
    for pillar in PILLARS:
        took = sat.entered[pillar]
        took_n = tally.count(took)
        columns[f"TEBAC{pillar}_E_PTQ_EE"] = sums.hide(counts(took_n))
        columns[f"PTEBAC{pillar}_E_PTQ_EE"] = sums.share(took)
        of_entries = pillar not in ("ENG", "MAT")
        nobody = sums.is_school & (took_n == 0)
        few = sums.is_school & (took_n > 0) & (took_n <= _TOO_FEW)
        for grade, ending in ((4, "_94"), (5, "_95"), (1, "91")):
            reached = tally.count(took & (sat.pillar[pillar] >= grade))
            number = f"TEBAC{pillar}{ending}"
            columns[number] = counts(reached)
            whole = took_n if of_entries else sums.all_n
            columns[f"P{number}"] = percent(reached, whole, sums.layout.percentage)
            for name in (number, f"P{number}"):
                cells = columns[name]
                if of_entries:
                    cells = put(put(cells, nobody, "NE"), few, "SUPP")
                columns[name] = sums.hide(cells)
    return columns


def _gap(sums: _Sums, ours: Cells, others: Cells, places: int) -> Cells:
    """Disadvantaged pupils here minus the nation's other pupils, both as printed; none for England's rows."""
    national = float(others[-1])
    numeric = np.array([bool(text) and text not in _CODES for text in ours.tolist()])
    gap = np.array([float(text) - national if ok else 0.0 for text, ok in zip(ours.tolist(), numeric, strict=True)])
    cells = np.where(numeric, decimals(gap, places), ours)
    return put(cells, sums.tally.is_england, "")


def _progress(sums: _Sums) -> dict[str, Cells]:
    """Progress 8 and its elements; independent schools NP, England's rows without interval."""
    tally, sat = sums.tally, sums.sat
    columns: dict[str, Cells] = {}
    for group in (None, *_GROUPS):
        members = sat.prior_known if group is None else sat.prior_known & sums.groups[group]
        matched = tally.count(members)
        ending = "" if group is None else f"_{group}"

        def guard(cells: Cells, group: str | None = group, matched: Numbers = matched) -> Cells:
            few = sums.is_school & (matched > 0) & (matched <= _TOO_FEW)
            cells = put(cells, sums.is_school & (2 * matched < sums.size(group)), "LOWCOV")
            cells = put(put(cells, few, "SUPP"), sums.is_school & (matched == 0), "NE")
            cells = put(sums.guard(cells, group), sums.is_independent, "NP")
            return put(cells, sums.tally.is_england_all, "")

        columns[f"P8PUP{ending}"] = guard(counts(matched))
        columns[f"TP8ADJ{ending}"] = guard(constant("0", tally.rows_n))
        elements = ("", *PARTS) if group in (None, "FSM6CLA1A", "NFSM6CLA1A") else ("",)
        for part in elements:
            mean = ratio(tally.total(sat.progress[part], members), matched)
            margin = 1.96 * PROGRESS_SPREAD / np.sqrt(np.maximum(matched, 1))
            low, high = ("P8CILOW", "P8CIUPP") if part == "" else (f"P8MEA{part}_CILOW", f"P8MEA{part}_CIUPP")
            columns[f"P8MEA{part}{ending}"] = guard(decimals(mean, 2))
            for name, figure in ((low, mean - margin), (high, mean + margin)):
                columns[f"{name}{ending}"] = put(guard(decimals(figure, 2)), sums.tally.is_england_state, "")
    columns["P8MEACOV"] = put(
        put(sums.share(sat.prior_known), sums.is_independent, "NP"), sums.tally.is_england_all, ""
    )
    columns["DIFFN_P8MEA"] = _gap(sums, columns["P8MEA_FSM6CLA1A"], columns["P8MEA_NFSM6CLA1A"], 2)
    columns["P8_BANDING"] = _bands(columns)
    return columns


def _bands(columns: dict[str, Cells]) -> Cells:
    """1 well above … 5 well below average (the Department's rule of 2017 to 2019)."""
    bands = []
    for score, low, high in zip(*(columns[name] for name in ("P8MEA", "P8CILOW", "P8CIUPP")), strict=True):
        if not low or low in _CODES:
            bands.append("NA")
        elif float(low) > 0:
            bands.append("1" if float(score) >= 0.5 else "2")
        elif float(high) < 0:
            bands.append("5" if float(score) < -0.5 else "4")
        else:
            bands.append("3")
    return np.array(bands, dtype=object)


def _prior(sums: _Sums) -> dict[str, Cells]:
    """Prior attainment groups: sizes, and the outcomes that are published for them."""
    tally, sat = sums.tally, sums.sat
    columns: dict[str, Cells] = {}
    for group, ending in (("LO", "LO"), ("MID", "AV"), ("HI", "HI")):
        members = sums.groups[group]
        for name, cells in (
            (f"TPRIOR{ending}", counts(sums.n[group])),
            (f"PTPRIOR{ending}", percent(sums.n[group], sums.all_n, sums.layout.percentage)),
        ):
            columns[name] = put(put(sums.hide(cells), sums.is_independent, "NP"), sums.tally.is_england_all, "")
        outcomes = {f"ATT8SCR_{group}": sums.mean(sat.attainment8, 1, group)}
        outcomes[f"EBACCAPS_{group}"] = sums.mean(sat.ebacc_points, 2, group)
        for grade in (4, 5):
            both = (sat.pillar["ENG"] >= grade) & (sat.pillar["MAT"] >= grade)
            outcomes[f"TBASICS{ending}_9{grade}"] = sums.hide_group(counts(tally.count(both & members)), group)
            outcomes[f"PTBASICS{ending}_9{grade}"] = sums.share(both, group)
        for name, cells in outcomes.items():
            columns[name] = put(put(cells, sums.is_independent, "NP"), sums.tally.is_england_all, "")
    scaled = 104 + 5.5 * np.clip(sat.prior, -3.5, 2.8)
    known = tally.count(sat.prior_known)
    mean = decimals(ratio(tally.total(scaled, sat.prior_known), known), 1)
    columns["KS2ASS"] = put(put(sums.hide(mean), sums.is_independent, "NP"), sums.tally.is_england_all, "")
    return columns


def _carried(
    names: Sequence[str], tally: Tally, earlier: dict[int, Published], layout: Layout, year: int
) -> dict[str, Cells]:
    """Columns of earlier years; blank where no table of that year is held."""
    columns = {}
    for suffix, back in layout.carried.items():
        source = earlier.get(year - back)
        found = source.rows_of(tally) if source else np.full(tally.rows_n, -1)
        for name in names:
            base = name.removesuffix(suffix)
            if name.endswith(suffix):
                held = source and base in source.columns
                cells = source.carried(base, found) if source and held else constant("", tally.rows_n)
                columns[name] = respelled(cells, layout.percentage)
    return columns
