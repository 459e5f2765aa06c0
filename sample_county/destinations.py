"""Key stage 4 destinations as published in the newest folder: what leavers of two years before went on to.

The folder's year is not the leavers' year. Authority rows round the counts of groups to the nearest five; there is
one England row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.facts import KS4_SUSTAINED
from sample_county.identity import identity, record_types
from sample_county.ks4_pupils import Ks4Pupils
from sample_county.pupils import place_numbers
from sample_county.schools import Authority, School, results_day
from sample_county.streams import stream
from sample_county.tables import Cells, Numbers, counts, header, put, whole_percent
from sample_county.tally import ALL_SCHOOLS, Published, Tally

FOLDER_YEAR = 2025
LEAVERS = (2023, 2022, 2021)
_ROUTES = ("APPREN", "EMPLOYMENT", "FE", "SCH_6TH", "SIXTH_COL", "OTHER_EDU")
_EDUCATION = _ROUTES[2:]
_WEIGHTS = np.array([0.03, 0.03, 0.36, 0.48, 0.08, 0.02])
_TOO_FEW, _FEW_IN_CELL = 5, 2


@dataclass
class Leavers:
    """One year's leavers: who they are and which single destination each has (masks by name)."""

    school_of: Numbers
    disadvantaged: Numbers
    went: dict[str, Numbers]


def draw(schools: Sequence[School], sat: Ks4Pupils, seed: int, year: int) -> Leavers:
    """Destinations of a year's key stage 4 pupils of entrants; the less sure of grades, the less sustained."""
    rng = stream(seed, "destinations", year)
    who = sat.who
    n = len(who.school_of)
    places = place_numbers(schools)
    school_effect = stream(seed, "destination schools").normal(0, 0.018, len(schools))[places]
    likely = KS4_SUSTAINED[year] / 100 + 0.03 * np.tanh(sat.prior) - 0.06 * who.disadvantaged + 0.016
    likely = likely + 0.015 * who.is_county + school_effect[who.school_of] - 0.02 * who.is_special
    sustained = rng.random(n) < np.clip(likely, 0.4, 0.995)
    edges = np.cumsum(_WEIGHTS)
    route = np.searchsorted(edges, np.clip(rng.random(n) - 0.05 * np.tanh(sat.prior), 0.001, 0.999))
    went = {name: sustained & (route == number) for number, name in enumerate(_ROUTES)}
    lost = rng.random(n) < 0.33
    went["UNKNOWN"] = ~sustained & lost
    went["NOT_SUSTAINED"] = ~sustained & ~lost
    went["EDUCATION"] = np.logical_or.reduce([went[name] for name in _EDUCATION])
    went["OVERALL_DEST"] = sustained
    return Leavers(who.school_of, who.disadvantaged, went)


def text(
    schools: Sequence[School],
    all_schools: Sequence[School],
    authorities: Sequence[Authority],
    leavers: dict[int, Leavers],
) -> str:
    """The England file; `schools` are the key stage 4 entrants the leavers' indices refer to."""
    newest = LEAVERS[0]
    listed = np.flatnonzero([s.is_state_funded and s.is_open(results_day(newest)) for s in schools])
    tallies = {year: Tally(schools, held.school_of, authorities, listed) for year, held in leavers.items()}
    tally = tallies[newest]
    by_urn = {school.urn: school for school in all_schools}
    columns = identity(tally, by_urn, FOLDER_YEAR, "", "")
    columns["RECTYPE"] = record_types(tally, "LA", "", "NAT")
    columns |= _detail(tally, leavers[newest])
    for year in LEAVERS[1:]:
        columns |= _earlier(tallies[year], leavers[year], year)
    return Published(header("ks4-pupdest_2024-25"), tally, columns, left_out=(ALL_SCHOOLS,)).text()


def _groups(held: Leavers) -> dict[str, Numbers]:
    everyone = np.ones(len(held.school_of), dtype=bool)
    return {"": everyone, "_DIS": held.disadvantaged, "_NONDIS": ~held.disadvantaged}


def _detail(tally: Tally, held: Leavers) -> dict[str, Cells]:
    columns: dict[str, Cells] = {}
    is_school, is_la = tally.is_place, tally.is_la
    groups = _groups(held)
    size = {ending: tally.count(mask) for ending, mask in groups.items()}
    small = is_school & (size[""] <= _TOO_FEW)
    for ending in groups:
        cells = counts(size[ending])
        if ending:
            few = is_school & (size[ending] > 0) & (size[ending] <= _TOO_FEW) & small
            cells = put(np.where(is_la, counts(_nearest_five(size[ending])), cells), few, "SUPP")
        columns[f"COHORT{ending}"] = cells
    for name, mask in held.went.items():
        number = {ending: tally.count(mask & members) for ending, members in groups.items()}
        hidden = _hidden(number, size, is_school)
        for ending in groups:
            whole, share = counts(number[ending]), whole_percent(number[ending], size[ending])
            if ending:
                whole = np.where(is_la, counts(_nearest_five(number[ending])), whole)
            tiny = is_school & (number[ending] > 0) & (200 * number[ending] < size[ending])
            share = put(share, tiny, "SP")
            hide = small | (hidden if ending else np.zeros(tally.rows_n, dtype=bool))
            stem = name if name != "OVERALL_DEST" else "OVERALL_DEST"
            columns[f"{stem}{ending}"] = put(whole, hide, "SUPP")
            columns[f"{stem}PER{ending}"] = put(share, hide | (size[ending] == 0), "SUPP")
    return columns


def _hidden(number: dict[str, Numbers], size: dict[str, Numbers], is_school: Numbers) -> Numbers:
    """Both groups' cells go where either holds one or two pupils, or all but one or two, or is small itself."""
    few = np.zeros(len(is_school), dtype=bool)
    for ending in ("_DIS", "_NONDIS"):
        rest = size[ending] - number[ending]
        few |= (number[ending] > 0) & (number[ending] <= _FEW_IN_CELL)
        few |= (rest > 0) & (rest <= _FEW_IN_CELL)
        few |= size[ending] <= _TOO_FEW
    hidden: Numbers = few & is_school
    return hidden


def _earlier(tally: Tally, held: Leavers, year: int) -> dict[str, Cells]:
    """Cohort and overall rate of an earlier year's leavers; NA where the school had none."""
    columns: dict[str, Cells] = {}
    is_school, is_la = tally.is_place, tally.is_la
    groups = _groups(held)
    size = {ending: tally.count(mask) for ending, mask in groups.items()}
    number = {ending: tally.count(held.went["OVERALL_DEST"] & members) for ending, members in groups.items()}
    hidden = _hidden(number, size, is_school)
    small = is_school & (size[""] > 0) & (size[""] <= _TOO_FEW)
    for ending in groups:
        cohort, share = counts(size[ending]), whole_percent(number[ending], size[ending])
        hide = small
        if ending:
            cohort = put(np.where(is_la, counts(_nearest_five(size[ending])), cohort), small, "SUPP")
            hide = small | hidden
        share = put(share, hide | (size[ending] == 0), "SUPP")
        nobody = size[""] == 0
        columns[f"COHORT{ending}_{year % 100}"] = put(cohort, nobody, "NA")
        columns[f"OVERALL_DESTPER{ending}_{year % 100}"] = put(share, nobody, "NA")
    return columns


def _nearest_five(values: Numbers) -> Numbers:
    rounded: Numbers = (5 * np.floor(values / 5 + 0.5)).astype(np.int64)
    return rounded
