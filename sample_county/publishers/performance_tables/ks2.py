"""Key stage 2 tables: one England file per year, its revised forerunner, one county file, and two planted disputes.

Columns, tokens and record types follow the real files; which year has which layout is the table _LAYOUTS.
The names of the 2023/24 file are not known: it takes the 2022/23 names with the suffixes moved on a year. Carried
columns of years before the sample begins, or for which no school results were published, are left blank.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sample_county.county.county import County
from sample_county.county.figures import COUNT, MEAN, SHARE, Figure, Sheet, Sized, few, gap, interval
from sample_county.county.ks2_pupils import PROGRESS, PROGRESS_SPREAD, TESTS, Ks2Pupils
from sample_county.county.planted import Case, observation
from sample_county.county.schools import COUNTY, year_folder
from sample_county.county.tables import (
    Cells,
    File,
    Numbers,
    counts,
    decimals,
    header,
    put,
    ratio,
    utf8_bom,
    whole_percent,
)
from sample_county.county.tally import Published, Tally, carried
from sample_county.publishers.performance_tables.identity import identity, is_listed, is_new


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
NEWEST = YEARS[-1]
DISPUTED = "PTRWM_EXP"

_CODES = ("SUPP", "LOWCOV")
_LEAST_OVER_THREE_YEARS = 11
_PARTNER = {"FSM6CLA1A": "NotFSM6CLA1A", "NotFSM6CLA1A": "FSM6CLA1A"}
_PRIOR_CUTS = (-1.28, 0.44)
_CORE = ("READ", "WRITTA", "MAT")
_ONLY_BY_PRIOR_AND_MEALS = ("READ", "GPS", "MAT", "WRITTA")


def files(county: County) -> Iterator[File]:
    for year in YEARS:
        yield utf8_bom(f"{_folder(year)}/england_ks2final.csv", county.once(table, year).text())
    yield utf8_bom(f"{_folder(NEWEST)}/england_ks2revised.csv", county.once(revised).text())
    key, _, printed = _one_point_apart(county)
    changed = (DISPUTED, key, printed)
    yield utf8_bom(f"{_folder(NEWEST)}/{COUNTY}_ks2final.csv", county.once(table, NEWEST).text(COUNTY, changed))


def cases(county: County) -> Iterator[Case]:
    """The schools of which two of these files say different things."""
    final, first = county.once(table, NEWEST), county.once(revised)
    for urn in county.disputes.corrected:
        school = county.by_urn[urn]
        if school.la == COUNTY:
            was, now = (of.cell(DISPUTED, str(urn)) for of in (first, final))
            what = f"Expected standard in all three subjects in 2024/25: {was} in the revised file, {now} in the final."
            expected = {"observations": [observation(NEWEST, now, release="final")]}
            yield Case(urn, school.name, "revised_then_final", what, expected)
    key, england, printed = _one_point_apart(county)
    yield Case(
        int(key),
        county.by_urn[int(key)].name,
        "files_disagree",
        f"{DISPUTED} of 2024/25 is {england} in england_ks2final.csv and {printed} in {COUNTY}_ks2final.csv.",
        {
            "observations": [observation(NEWEST, england, release="final")],
            "data_quality_disagreement": {"source_column": DISPUTED, "england": england, "county": printed},
        },
    )


def _one_point_apart(county: County) -> tuple[str, str, str]:
    """The key of the disputed row, England's cell, and the county's: one point higher."""
    key = str(county.disputes.by_county)
    england = county.once(table, NEWEST).cell(DISPUTED, key)
    return key, england, f"{int(england.rstrip('%')) + 1}%"


def _folder(year: int) -> str:
    return f"performance-tables/{year_folder(year)}"


def table(county: County, year: int) -> Published:
    """The final table of one year."""
    return _table(county, county.ks2(year), year)


def revised(county: County) -> Published:
    """The newest year as first published: in a few schools one mathematics result is still to be corrected."""
    sat = county.ks2(NEWEST)
    expected = {subject: passed.copy() for subject, passed in sat.expected.items()}
    score = {subject: values.copy() for subject, values in sat.score.items()}
    at_stake = np.logical_and.reduce([sat.expected[subject] for subject in _CORE]) & ~sat.higher["MAT"]
    for number, school in enumerate(county.ks2_schools):
        passed = np.flatnonzero((sat.who.school_of == number) & at_stake)
        if school.urn in county.disputes.corrected and len(passed):
            expected["MAT"][passed[0]] = False
            score["MAT"][passed[0]] = 99
    return _table(county, replace(sat, expected=expected, score=score), NEWEST)


def _table(county: County, sat: Ks2Pupils, year: int) -> Published:
    layout, entered = _LAYOUTS[year], county.ks2_schools
    listed = np.flatnonzero([school.is_state_funded and is_listed(school, year) for school in entered])
    tally = Tally(entered, sat.who.school_of, county.authorities, listed)
    blank = layout.aggregate_blank
    columns = identity(tally, county.by_urn, year, ("3", "4", "5"), blank, blank)
    columns["SCHNAME"][tally.is_la] = [authority.name for authority in county.authorities]

    sheet = Sheet(tally, _groups(sat, layout), whole_percent, tally)
    rules = _Rules(sheet, tally, layout, year)
    columns |= sheet.columns(_figures(sat, sheet.groups, layout), rules.marks)
    nobody = tally.is_place & (sheet.n["FSM6CLA1A"] == 0) & (sheet.n[""] > 0)
    for name in ("RWM_EXP", "RWM_HIGH"):
        cells = gap(columns[f"PT{name}_FSM6CLA1A"], columns[f"PT{name}_NotFSM6CLA1A"], 0)
        columns[f"DIFFN_{name}"] = put(put(cells, nobody, "SUPP"), tally.is_england, "0" if blank else "")
    if layout.has_progress:
        for name in PROGRESS:
            columns[f"{name}PROG_DESCR"] = put(_bands(columns, name), tally.is_england, blank)

    names = [_renamed(name, layout) for name in header(layout.header)]
    before = {suffix: county.once(table, of) for suffix, of in layout.carried.items()}
    columns |= carried(names, tally, before, _as_carried)
    sums = _sums(tally, sat)
    if layout.has_three_years:
        three = _three_years(tally, sums, list(before.values()))
        columns |= {name: put(cells, rules.new, "") for name, cells in three.items()}
    return Published(names, tally, columns, sums=sums, kept_back=("TSENELE", "TSENELK"))


def _renamed(name: str, layout: Layout) -> str:
    stem, _, last = name.rpartition("_")
    return f"{stem}{layout.renamed[f'_{last}']}" if f"_{last}" in layout.renamed else name


def _groups(sat: Ks2Pupils, layout: Layout) -> dict[str, Numbers]:
    who, known = sat.who, sat.prior_known
    groups = {
        "B": ~who.girl,
        "G": who.girl,
        "FSM6CLA1A": who.disadvantaged,
        "NotFSM6CLA1A": ~who.disadvantaged,
        "EAL": who.eal,
        "MOBN": ~who.mobile,
    }
    if layout.has_progress:
        band = np.searchsorted(_PRIOR_CUTS, sat.prior, "right")
        groups |= {group: known & (band == number) for number, group in enumerate("LMH")}
    return groups


def _figures(sat: Ks2Pupils, groups: dict[str, Numbers], layout: Layout) -> Iterator[Figure]:
    """The table's columns: the cohort, who passed what, scaled scores, progress."""
    yield Figure("TELIG", COUNT)
    for name, group in (("BELIG", "B"), ("GELIG", "G"), ("TMOBN", "MOBN")):
        yield Figure(name, COUNT, groups[group])
    for stem, mask in (
        ("FSM6CLA1A", groups["FSM6CLA1A"]),
        ("NOTFSM6CLA1A", groups["NotFSM6CLA1A"]),
        ("EALGRP2", groups["EAL"]),
    ):
        yield Figure(f"T{stem}", COUNT, mask)
        yield Figure(f"PT{stem}", SHARE, mask)
    for stem, mask in (("SENELE", sat.who.ehcp), ("SENELK", sat.who.sen_support)):
        yield Figure(f"T{stem}", COUNT, mask)
        yield Figure(f"P{stem}", SHARE, mask)

    by_prior = [group for group in "LMH" if group in groups]
    passed = {
        "RWM_EXP": np.logical_and.reduce([sat.expected[subject] for subject in _CORE]),
        "RWM_HIGH": np.logical_and.reduce([sat.higher[subject] for subject in _CORE]),
    }
    for subject in _ONLY_BY_PRIOR_AND_MEALS:
        passed |= {f"{subject}_EXP": sat.expected[subject], f"{subject}_HIGH": sat.higher[subject]}
    for name, mask in passed.items():
        told = list(groups)[1:] if name.startswith("RWM") else [*_PARTNER, *by_prior]
        for group in ("", *told):
            yield Figure(_of(f"PT{name}", group), SHARE, mask, group)
    for test in TESTS:
        for group in groups:
            yield Figure(_of(f"{test}_AVERAGE", group), MEAN, sat.score[test], group, among=sat.score[test] > 0)
    if not layout.has_progress:
        return
    for group in by_prior:
        yield Figure(f"TKS1GROUP_{group}", COUNT, groups[group])
    for name in PROGRESS:
        for group in groups:
            stem = _of(f"{name}PROG", group)
            figure = Figure("", MEAN, sat.progress[name], group, 1, among=sat.prior_known)
            yield from interval((f"{stem}_LOWER", stem, f"{stem}_UPPER"), PROGRESS_SPREAD[name], figure)


def _of(name: str, group: str) -> str:
    return f"{name}_{group}" if group else name


class _Rules:
    """What stands in place of a number: SUPP for five pupils or fewer, LOWCOV for progress of fewer than half."""

    def __init__(self, sheet: Sheet, tally: Tally, layout: Layout, year: int) -> None:
        self.sheet, self.blank = sheet, layout.aggregate_blank
        self.is_school, self.is_england = tally.is_place, tally.is_england
        self.small = few(sheet.n[""]) & tally.is_place
        self.new = tally.where([is_new(place, year) for place in tally.places])
        self.hidden = {group: self._hidden(group) for group in sheet.groups if group}

    def _hidden(self, group: str) -> Numbers:
        """Disadvantaged and other pupils are hidden together, and the others also where nobody is disadvantaged."""
        n = self.sheet.n[group]
        hidden = few(n)
        if group in _PARTNER:
            other = self.sheet.n[_PARTNER[group]]
            hidden = hidden | (few(other) & (n > 0)) | ((other == 0) & (n > 0) & (group == "NotFSM6CLA1A"))
        return self.is_school & hidden

    def marks(self, sized: Sized) -> Iterator[tuple[Numbers, str]]:
        figure, n = sized.figure, sized.n
        is_progress = figure.form == MEAN and figure.places > 0
        if is_progress:
            yield self.is_school & (n > 0) & (2 * n < sized.group_n), "LOWCOV"
            yield self.is_school & few(n) & (figure.group != ""), "SUPP"
        if figure.group:
            yield self.hidden[figure.group], "SUPP"
        if figure.name != "TELIG":
            yield self.small, "SUPP"
        if is_progress and not figure.group:
            yield self.is_england, self.blank
        elif is_progress and figure.margin:
            yield self.is_england, "0"
        if figure.form == COUNT:
            yield self.new, ""


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


def _as_carried(cells: Cells) -> Cells:
    """Progress scores, which alone have a point, keep the zero that their own year's file drops: -2 becomes -2.0."""
    bare = [text.strip() for text in cells.tolist()]
    if not any("." in text for text in bare):
        return cells
    return np.array([text if text in ("", *_CODES) else f"{float(text):.1f}" for text in bare], dtype=object)


def _sums(tally: Tally, sat: Ks2Pupils) -> dict[str, Numbers]:
    """What the columns over three years add up."""
    sums = {"TELIG": tally.count()}
    for name, passed in (("RWM_EXP", sat.expected), ("RWM_HIGH", sat.higher)):
        sums[name] = tally.count(np.logical_and.reduce([passed[subject] for subject in _CORE]))
    for test in ("READ", "MAT"):
        sums[f"{test}_POINTS"] = tally.total(sat.score[test])
        sums[f"{test}_SCORED"] = tally.count(sat.score[test] > 0)
    return sums


def _three_years(tally: Tally, sums: dict[str, Numbers], earlier: Sequence[Published]) -> dict[str, Cells]:
    """Figures over three years of pupils, suppressed years included; NA unless all three years are there."""
    found = [(source, source.rows_of(tally)) for source in earlier]
    total = {name: now + sum(source.sum(name, rows) for source, rows in found) for name, now in sums.items()}
    missing = np.logical_or.reduce([source.sum("TELIG", rows) == 0 for source, rows in found])
    few = tally.is_place & (total["TELIG"] < _LEAST_OVER_THREE_YEARS)
    columns = {"TELIG_3YR": put(counts(total["TELIG"]), missing, "")}
    for name in ("RWM_EXP", "RWM_HIGH"):
        share = whole_percent(total[name], total["TELIG"])
        columns[f"PT{name}_3YR"] = put(put(share, few, "SUPP"), missing, "NA")
    for test in ("READ", "MAT"):
        scored = total[f"{test}_SCORED"]
        cells = put(decimals(ratio(total[f"{test}_POINTS"], scored), 0), scored == 0, "")
        columns[f"{test}_AVERAGE_3YR"] = put(put(cells, few, "SUPP"), missing, "NA")
    return columns
