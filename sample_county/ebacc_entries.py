"""English Baccalaureate entries of 2020/21: the one key stage 4 table with schools' figures of that summer."""

from collections.abc import Sequence

import numpy as np

from sample_county.identity import identity, is_listed, record_types
from sample_county.ks4_pupils import PILLARS, Ks4Pupils
from sample_county.schools import Authority, School
from sample_county.tables import counts, header, put, whole_percent
from sample_county.tally import Published, Tally

YEAR = 2021
_TOO_FEW = 5
_COLUMNS = {"ENG": "PTEBACENG", "MAT": "PTEBACMAT", "2SCI": "PTEBAC2SCI", "HUM": "PTEBACHUM", "LAN": "PTEBACLAN"}


def text(schools: Sequence[School], authorities: Sequence[Authority], sat: Ks4Pupils) -> str:
    """The England file; `schools` are the entrants that the pupils' indices refer to."""
    listed = np.flatnonzero([is_listed(school, YEAR) for school in schools])
    tally = Tally(schools, sat.who.school_of, authorities, listed)
    columns = identity(tally, {school.urn: school for school in schools}, YEAR, "", "0")
    columns["RECTYPE"] = record_types(tally, "4", "5", "7")
    pupils = tally.count()
    few = tally.is_place & (pupils <= _TOO_FEW)
    columns["TPUP"] = put(counts(pupils), few, "SUPP")
    masks = {column: sat.entered[pillar] for pillar, column in _COLUMNS.items()}
    masks["PTEBACC"] = np.logical_and.reduce([sat.entered[pillar] for pillar in PILLARS])
    for stem, mask in masks.items():
        columns[f"{stem}_E_PTQ_EE"] = put(whole_percent(tally.count(mask), pupils), few, "SUPP")
    return Published(header("ks4-ebacc-entries_2020-21"), tally, columns).text()
