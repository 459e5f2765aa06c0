"""16 to 18 tables: one England file per year, schools, colleges and consortia.

Columns, tokens and record types follow the real files of each year, whose layouts differ more than any other's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sample_county.county.county import County
from sample_county.county.figures import COUNT, MEAN, SHARE, Figure, Sheet, Sized, few, interval
from sample_county.county.ks5_students import VALUE_ADDED_SPREAD, Students
from sample_county.county.schools import year_folder
from sample_county.county.tables import Cells, File, Numbers, counts, header, percent, put, respelled, utf8_bom
from sample_county.county.tally import Published, Tally, carried
from sample_county.publishers.performance_tables.identity import identity, is_listed


@dataclass(frozen=True)
class Layout:
    """How one year's file differs."""

    header: str
    percentage: str
    has_value_added: bool


_LAYOUTS = {
    2022: Layout("ks5_2021-22", "{:.1f}%", False),
    2023: Layout("ks5_2022-23", "{:.2f}%", False),
    2024: Layout("ks5_2023-24", "{:.2f}%", True),
    2025: Layout("ks5_2024-25", "{:.2f}%", True),
}
YEARS = tuple(_LAYOUTS)
STEMS = {"ALEV": "ALEV_1618", "ACAD": "ACAD_1618", "AGEN": "AGEN", "TLEV": "TLEV"}
_WITH_VALUE_ADDED = ("ALEV", "ACAD", "AGEN")
_PARTS = ("_DIS", "_NOTDIS")


def files(county: County) -> Iterator[File]:
    for year in YEARS:
        name = "england_ks5final.csv" if year == YEARS[-1] else f"{year_folder(year)}_england_ks5final.csv"
        yield utf8_bom(f"performance-tables/{year_folder(year)}/{name}", county.once(table, year).text())


def table(county: County, year: int) -> Published:
    layout, entered, sat = _LAYOUTS[year], county.ks5_schools, county.ks5(year)
    listed = np.flatnonzero([is_listed(school, year) for school in entered])
    tally = Tally(entered, sat.school_of, county.authorities, listed, county.register.consortia)
    columns = identity(tally, county.by_urn, year, ("4", "5", "7"), "", "")

    def share(part: Numbers, whole: Numbers) -> Cells:
        return percent(part, whole, layout.percentage)

    sheet = Sheet(tally, {"_DIS": sat.disadvantaged, "_NOTDIS": ~sat.disadvantaged}, share, tally)
    columns["TPUP1618"] = put(counts(2.3 * sheet.n[""]), ~tally.is_place, "")
    columns |= sheet.columns(_figures(sat, layout), _Rules(sheet, tally).marks)
    names = header(layout.header)
    before = {f"_{of % 100}": county.once(table, of) for of in YEARS if of < year}
    columns |= carried(names, tally, before, lambda cells: respelled(cells, layout.percentage))
    return Published(names, tally, columns)


def _figures(sat: Students, layout: Layout) -> Iterator[Figure]:
    """The table's columns: A levels' best three and AAB, then every cohort, all and by disadvantage."""
    yield Figure("TINCLUDE_B3", COUNT, among=sat.takes_three)
    yield Figure("TB3PTSE", MEAN, sat.best_three, "", 2, sat.takes_three, weight=np.ones(len(sat.school_of)))
    yield Figure("TINCLUDE_AAB_2FAC", COUNT, among=sat.takes_three)
    yield Figure("PTAAB_2FAC", SHARE, sat.top_grades, among=sat.takes_three)
    aim = sat.member["ALEV"] & (np.arange(len(sat.school_of)) % 17 > 0)
    for part in ("", *_PARTS):
        for cohort, stem in STEMS.items():
            members, entries = sat.member[cohort], sat.entries[cohort]
            yield Figure(f"TALLPUP_{stem}{part}", COUNT, None, part, among=members)
            yield Figure(f"TALLPPE_{stem}{part}", MEAN, sat.points[cohort], part, 2, members, entries)
            if layout.has_value_added and cohort in _WITH_VALUE_ADDED:
                yield Figure(f"ENTRIES_{cohort}{part}", COUNT, entries, part, 0, members, entries)
                gained = Figure("", MEAN, sat.value_added[cohort] * entries, part, 2, members, entries)
                names = [f"{end}_INS_{cohort}{part}" for end in ("LCI", "VA", "UCI")]
                yield from interval(names, VALUE_ADDED_SPREAD, gained)
        yield Figure(f"T_InScope_ALEV_Ret{part}", COUNT, None, part, among=aim)
        yield Figure(f"PT_Retained_ALEV_Ret{part}", SHARE, sat.retained, part, among=aim)


class _Rules:
    """What stands in place of a number.

    NE without students, SUPP for five or fewer, disadvantaged and others hidden together. Value added is hidden by its
    entries, not its students. NA for what independents, authorities or all of England do not have.
    """

    def __init__(self, sheet: Sheet, tally: Tally) -> None:
        self.sheet, self.tally = sheet, tally
        self.is_independent = self.tally.where([not place.is_state_funded for place in self.tally.places])

    def marks(self, sized: Sized) -> Iterator[tuple[Numbers, str]]:
        figure, tally = sized.figure, self.tally
        is_value_added = bool(re.match("ENTRIES_|[A-Z]+_INS_", figure.name))
        is_count = figure.form == COUNT and not is_value_added
        n, other = sized.n, np.zeros(tally.rows_n)
        if is_value_added:
            n, other = self._entries(figure)
        elif figure.group:
            other = self.tally.count(figure.among) - n
        if not is_count or figure.group:
            yield tally.is_place & (few(n) | (few(other) & (n > 0))), "SUPP"
        yield n == 0, "NE"
        is_of_state = figure.group != "" or "_Ret" in figure.name
        if is_of_state:
            yield self.is_independent, "NA"
        if figure.group:
            yield tally.is_england_all, "" if is_count else "NA"
        elif "_Retained" in figure.name:
            yield tally.is_england_all, "NA"
        if is_value_added:
            yield tally.is_la | tally.is_england_all, "NA"

    def _entries(self, figure: Figure) -> tuple[Numbers, Numbers]:
        """Entries of the figure's group and, where it is a part, of the other part."""
        assert figure.among is not None and figure.weight is not None
        n = self.tally.total(figure.weight, figure.among & self.sheet.groups[figure.group])
        whole = self.tally.total(figure.weight, figure.among)
        return n, whole - n if figure.group else np.zeros(self.tally.rows_n)
