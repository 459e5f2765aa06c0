"""Key stage 4 tables: one England file per year.

Columns, tokens and record types follow the real files. The names of the 2022/23 and 2023/24 files are not
known: they take the names of 2024/25 with Progress 8 filled in. Columns that are not given hold NA.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sample_county.county.county import County
from sample_county.county.figures import COUNT, MEAN, SHARE, Figure, Sheet, Sized, few, gap, interval
from sample_county.county.ks4_pupils import PILLARS, PROGRESS_SPREAD, Ks4Pupils
from sample_county.county.schools import year_folder
from sample_county.county.tables import Cells, File, Numbers, header, percent, put, respelled, utf8_bom
from sample_county.county.tally import Published, Tally, carried
from sample_county.publishers.performance_tables.identity import identity, is_listed


@dataclass(frozen=True)
class Layout:
    """How one year's file differs. `carried`: suffix -> years back; `not_held`: columns left blank."""

    header: str
    percentage: str
    has_progress: bool
    carried: tuple[tuple[str, int], ...] = (("_PREV", 1), ("_PREV2", 2))
    not_held: str = "$^"


_LAYOUTS = {
    2022: Layout("ks4_2021-22", "{:.1f}%", True, (), r"_2[01](_PTQ_EE)?$|^TAB"),
    2023: Layout("ks4_2024-25", "{:.2f}%", True),
    2024: Layout("ks4_2024-25", "{:.2f}%", True),
    2025: Layout("ks4_2024-25", "{:.2f}%", False),
}
YEARS = tuple(_LAYOUTS)
_PRIOR_CUTS = (-0.75, 0.65)
# A group and how its columns are named: as an ending, in the shares with good passes in English and mathematics, in
# entries for and passes in the English Baccalaureate.
NAMED = {
    "": ("", "PTL2BASICS_9{}", "PTEBACC_E_PTQ_EE", "PTEBACC_9{}"),
    "FSM6CLA1A": ("_FSM6CLA1A", "PTFSM6CLA1ABASICS_9{}", "PTEBACC_EFSM6CLA1A_PTQ_EE", "PTEBACC_9{}_FSM6CLA1A"),
    "NFSM6CLA1A": ("_NFSM6CLA1A", "PTNOTFSM6CLA1ABASICS_9{}", "PTEBACC_ENFSM6CLA1A_PTQ_EE", "PTEBACC_9{}_NFSM6CLA1A"),
    "GIRLS": ("_GIRLS", "PGL2BASICS_9{}", "PGEBACC_E_PTQ_EE", "PGEBACC_9{}"),
    "BOYS": ("_BOYS", "PBL2BASICS_9{}", "PBEBACC_E_PTQ_EE", "PBEBACC_9{}"),
    "EAL": ("_EAL", "PTL2BASICSEAL_9{}", "", ""),
    "NMOB": ("_NMOB", "PTL2BASICSNMOB_9{}", "", ""),
    "LO": ("_LO", "PTBASICSLO_9{}", "", ""),
    "MID": ("_MID", "PTBASICSAV_9{}", "", ""),
    "HI": ("_HI", "PTBASICSHI_9{}", "", ""),
}
_BY_PRIOR = ("LO", "MID", "HI")
_BY_SEX = ("GIRLS", "BOYS")
_ONLY_STATE = ("FSM6CLA1A", "NFSM6CLA1A", "EAL", "NMOB", *_BY_PRIOR)
_PARTNER = {"FSM6CLA1A": "NFSM6CLA1A", "NFSM6CLA1A": "FSM6CLA1A", "GIRLS": "BOYS", "BOYS": "GIRLS"}


def files(county: County) -> Iterator[File]:
    for year in YEARS:
        name = f"performance-tables/{year_folder(year)}/england_ks4final.csv"
        yield utf8_bom(name, county.once(table, year).text())


def table(county: County, year: int) -> Published:
    layout, entered, sat = _LAYOUTS[year], county.ks4_schools, county.ks4(year)
    listed = np.flatnonzero([is_listed(school, year) for school in entered])
    tally = Tally(entered, sat.who.school_of, county.authorities, listed)
    columns = identity(tally, county.by_urn, year, ("4", "5", "7"), "", "0")
    usual = [place.is_state_funded and not place.is_special for place in tally.places]
    columns["ADMPOL_PT"] = tally.cells(["OTHER NON SEL" if flag else "NA" for flag in usual], "", "")

    def share(part: Numbers, whole: Numbers) -> Cells:
        return percent(part, whole, layout.percentage)

    sheet = Sheet(tally, _groups(sat, layout), share)
    figures = list(_figures(sat, sheet.groups, layout))
    columns |= sheet.columns(figures, _Rules(sheet, tally, sat).marks)
    for name, score, places in (("DIFFN_ATT8", "ATT8SCR", 1), ("DIFFN_P8MEA", "P8MEA", 2)):
        if f"{score}_FSM6CLA1A" in columns:
            cells = gap(columns[f"{score}_FSM6CLA1A"], columns[f"{score}_NFSM6CLA1A"], places)
            columns[name] = put(cells, tally.is_england, "")
    names = header(layout.header)
    before = {
        suffix: county.once(table, year - back) if year - back in _LAYOUTS else None for suffix, back in layout.carried
    }
    columns |= carried(names, tally, before, lambda cells: respelled(cells, layout.percentage))
    blank = np.full(tally.rows_n, "", dtype=object)
    columns |= {name: blank for name in names if re.search(layout.not_held, name)}
    return Published(
        names, tally, columns, absent="NA", kept_back=[figure.name for figure in figures if figure.kept_back]
    )


def _groups(sat: Ks4Pupils, layout: Layout) -> dict[str, Numbers]:
    who = sat.who
    groups = {
        "FSM6CLA1A": who.disadvantaged,
        "NFSM6CLA1A": ~who.disadvantaged,
        "GIRLS": who.girl,
        "BOYS": ~who.girl,
        "EAL": who.eal,
        "NMOB": ~who.mobile,
    }
    if layout.has_progress:
        band = np.searchsorted(_PRIOR_CUTS, sat.prior, "right")
        groups |= {group: sat.prior_known & (band == number) for number, group in enumerate(_BY_PRIOR)}
    return groups


def _figures(sat: Ks4Pupils, groups: dict[str, Numbers], layout: Layout) -> Iterator[Figure]:
    """The table's columns: the cohort, then every group's results in turn."""
    yield Figure("TPUP", COUNT)
    for name, group in (("BPUP", "BOYS"), ("GPUP", "GIRLS"), ("TNOTFSM6CLA1A", "NFSM6CLA1A"), ("TNMOB", "NMOB")):
        yield Figure(name, COUNT, groups[group])
    for stem, group in (("FSM6CLA1A", "FSM6CLA1A"), ("EALGRP2", "EAL")):
        yield Figure(f"T{stem}", COUNT, groups[group])
        yield Figure(f"PT{stem}", SHARE, groups[group])
    entered = np.logical_and.reduce([sat.entered[pillar] for pillar in PILLARS])
    lowest = np.minimum.reduce([sat.pillar[pillar] for pillar in PILLARS])
    basics = np.minimum(sat.pillar["ENG"], sat.pillar["MAT"])
    for group in groups:
        ending, good_passes, entry, baccalaureate = NAMED[group]
        yield Figure(f"ATT8SCR{ending}", MEAN, sat.attainment8, group, 1)
        yield Figure(f"EBACCAPS{ending}", MEAN, sat.ebacc_points, group, 2)
        for grade in (4, 5):
            yield Figure(good_passes.format(grade), SHARE, basics >= grade, group)
        if entry:
            yield Figure(entry, SHARE, entered, group, kept_back=group in _BY_SEX)
            for grade in (4, 5):
                yield Figure(baccalaureate.format(grade), SHARE, entered & (lowest >= grade), group, kept_back=True)
    if not layout.has_progress:
        return
    for group, ending in zip(_BY_PRIOR, ("LO", "AV", "HI"), strict=True):
        yield Figure(f"TPRIOR{ending}", COUNT, groups[group])
    for group in groups:
        ending = NAMED[group][0]
        yield Figure(f"P8PUP{ending}", COUNT, None, group, among=sat.prior_known)
        figure = Figure("", MEAN, sat.progress, group, 2, among=sat.prior_known)
        yield from interval([f"{name}{ending}" for name in ("P8CILOW", "P8MEA", "P8CIUPP")], PROGRESS_SPREAD, figure)


class _Rules:
    """What stands in place of a number.

    SUPP for five pupils or fewer, NE without entries, LOWCOV for progress of fewer than half, NP for what independent
    schools do not give, nothing for all schools in England where only state-funded ones are counted.
    """

    def __init__(self, sheet: Sheet, tally: Tally, sat: Ks4Pupils) -> None:
        self.tally = tally
        self.n, self.is_school = sheet.n, tally.is_place
        self.is_independent = tally.where([not place.is_state_funded for place in tally.places])
        self.small = self.is_school & few(sheet.n[""])
        takes_any = tally.count(sat.takes_any)
        self.without_entries = self.is_school & (sheet.n[""] > 0) & (takes_any == 0) & ~self.small
        self.hidden = {group: self._hidden(group) for group in sheet.groups if group}

    def _hidden(self, group: str) -> Numbers:
        """Disadvantaged and others are hidden together, girls and boys too."""
        hidden = few(self.n[group])
        if group in _PARTNER:
            hidden = hidden | (few(self.n[_PARTNER[group]]) & (self.n[group] > 0))
        return self.is_school & hidden

    def marks(self, sized: Sized) -> Iterator[tuple[Numbers, str]]:
        figure, n = sized.figure, sized.n
        is_progress = figure.among is not None
        if is_progress:
            yield self.is_school & (2 * n < sized.group_n), "LOWCOV"
            yield self.is_school & few(n), "SUPP"
            yield self.is_school & (n == 0), "NE"
        if figure.group:
            yield self.is_school & (sized.group_n == 0), "NE"
            yield self.hidden[figure.group], "SUPP"
        is_of_cohort = _is_of_cohort(figure)
        if not is_of_cohort:
            yield self.without_entries, "NE"
        if figure.name != "TPUP":
            yield self.small, "SUPP"
        if not is_of_cohort:
            yield self.n[""] == 0, ""
        if is_progress or figure.group in _ONLY_STATE or (is_of_cohort and figure.name not in _OF_EVERY_SCHOOL):
            yield self.is_independent, "NP"
            yield self.tally.is_england_all, ""
        if figure.margin:
            yield self.tally.is_england_state, ""


_OF_EVERY_SCHOOL = ("TPUP", "BPUP", "GPUP")


def _is_of_cohort(figure: Figure) -> bool:
    """Who the pupils are, not how they did."""
    return figure.name.startswith(("T", "BPUP", "GPUP")) or figure.name in ("PTFSM6CLA1A", "PTEALGRP2")
