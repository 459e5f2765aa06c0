"""Key stage 4 destinations as published in the newest folder: what leavers of two years before went on to.

The folder's year is not the leavers' year. Authority rows round the counts of groups to the nearest five; there is
one England row.
"""

from collections.abc import Iterator

import numpy as np

from sample_county.county.county import County
from sample_county.county.facts import KS4_SUSTAINED
from sample_county.county.figures import COUNT, SHARE, Figure, Sheet, Sized, few
from sample_county.county.pupils import place_numbers
from sample_county.county.schools import results_day, year_folder
from sample_county.county.streams import stream
from sample_county.county.tables import Cells, File, Numbers, counts, header, utf8_bom, whole_percent
from sample_county.county.tally import ALL_SCHOOLS, Published, Tally
from sample_county.publishers.performance_tables.identity import identity

FOLDER_YEAR = 2025
LEAVERS = (2023, 2022, 2021)
RECORD_TYPES = ("LA", "", "NAT")
PARTS = ("_DIS", "_NONDIS")
_FEW_IN_CELL = 2


def files(county: County) -> Iterator[File]:
    newest = LEAVERS[0]
    listed = np.flatnonzero([s.is_state_funded and s.is_open(results_day(newest)) for s in county.ks4_schools])
    tally = Tally(county.ks4_schools, county.ks4(newest).who.school_of, county.authorities, listed)
    columns = identity(tally, county.by_urn, FOLDER_YEAR, RECORD_TYPES, "", "")
    for year in LEAVERS:
        columns |= _columns(county, year, listed)
    names = header("ks4-pupdest_2024-25")
    table = Published(names, tally, columns, left_out=(ALL_SCHOOLS,))
    yield utf8_bom(f"performance-tables/{year_folder(FOLDER_YEAR)}/england_ks4-pupdest.csv", table.text())


def _sustained(county: County, year: int) -> Numbers:
    """Who of a year's key stage 4 pupils went on to something lasting: the less sure of grades, the fewer."""
    rng, sat = stream(county.seed, "destinations", year), county.ks4(year)
    who, schools = sat.who, county.ks4_schools
    by_school = stream(county.seed, "destination schools").normal(0, 0.018, len(schools))[place_numbers(schools)]
    likely = KS4_SUSTAINED[year] / 100 + 0.03 * np.tanh(sat.prior) - 0.06 * who.disadvantaged + 0.016
    likely = likely + 0.015 * who.is_county + by_school[who.school_of] - 0.02 * who.is_special
    sustained: Numbers = rng.random(len(who.school_of)) < np.clip(likely, 0.4, 0.995)
    return sustained


def _columns(county: County, year: int, listed: Numbers) -> dict[str, Cells]:
    """One year's leavers; of an earlier year without the number behind its rate, NA where the school had none."""
    who, lasting = county.ks4(year).who, _sustained(county, year)
    tally = Tally(county.ks4_schools, who.school_of, county.authorities, listed)
    sheet = Sheet(tally, {"_DIS": who.disadvantaged, "_NONDIS": ~who.disadvantaged}, whole_percent, tally)
    is_earlier = year != LEAVERS[0]
    suffix = f"_{year % 100}" if is_earlier else ""
    figures = []
    for part in ("", *PARTS):
        figures += [Figure(f"COHORT{part}{suffix}", COUNT, None, part)]
        figures += [Figure(f"OVERALL_DEST{part}", COUNT, lasting, part)] * (not is_earlier)
        figures += [Figure(f"OVERALL_DESTPER{part}{suffix}", SHARE, lasting, part)]
    size = sheet.n[""]
    small = tally.is_place & few(size)
    hidden = tally.is_place & np.logical_or.reduce(
        [_gives_away(tally.count(lasting & sheet.groups[part]), sheet.n[part]) for part in PARTS]
    )

    def marks(sized: Sized) -> Iterator[tuple[Numbers, str]]:
        is_cohort = sized.figure.name.startswith("COHORT")
        if sized.figure.group and not is_cohort:
            yield hidden | (sized.n == 0), "SUPP"
        if sized.figure.group or not is_cohort:
            yield small, "SUPP"
        if is_earlier:
            yield size == 0, "NA"

    return rounded_for_areas(sheet.columns(figures, marks), tally)


def _gives_away(number: Numbers, size: Numbers) -> Numbers:
    """One or two leavers on either side of a rate, or too few in all."""
    one_or_two: Numbers = (number > 0) & (number <= _FEW_IN_CELL)
    return one_or_two | few(size)


def rounded_for_areas(columns: dict[str, Cells], tally: Tally) -> dict[str, Cells]:
    """Authority rows give the counts of the two parts to the nearest five."""
    for name, cells in columns.items():
        if any(part in name for part in PARTS) and "PER" not in name:
            numbers = np.array(cells[tally.is_la].tolist(), dtype=float)
            cells[tally.is_la] = counts(5 * np.floor(numbers / 5 + 0.5))
    return columns
