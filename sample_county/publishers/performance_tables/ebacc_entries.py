"""English Baccalaureate entries of 2020/21: the one key stage 4 table with schools' figures of that summer."""

from collections.abc import Iterator

import numpy as np

from sample_county.county.county import County
from sample_county.county.figures import COUNT, SHARE, Figure, Sheet
from sample_county.county.ks4_pupils import PILLARS
from sample_county.county.schools import year_folder
from sample_county.county.tables import File, header, utf8_bom, whole_percent
from sample_county.county.tally import Published, Tally
from sample_county.publishers.performance_tables.identity import identity, is_listed

YEAR = 2021
_TOO_FEW = 5


def files(county: County) -> Iterator[File]:
    schools, sat = county.ks4_schools, county.ks4(YEAR)
    listed = np.flatnonzero([is_listed(school, YEAR) for school in schools])
    tally = Tally(schools, sat.who.school_of, county.authorities, listed)
    sheet = Sheet(tally, {}, whole_percent)
    entered = np.logical_and.reduce([sat.entered[pillar] for pillar in PILLARS])
    figures = [Figure("TPUP", COUNT), Figure("PTEBACC_E_PTQ_EE", SHARE, entered)]
    few = tally.is_place & (sheet.n[""] <= _TOO_FEW)
    columns = identity(tally, county.by_urn, YEAR, ("4", "5", "7"), "", "0")
    columns |= sheet.columns(figures, lambda sized: [(few, "SUPP")])
    table = Published(header("ks4-ebacc-entries_2020-21"), tally, columns)
    yield utf8_bom(f"performance-tables/{year_folder(YEAR)}/england_ks4-ebacc-entries.csv", table.text())
