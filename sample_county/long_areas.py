"""Key stage 2 of the county and of England told again as long files, read off the finished wide table.

By subject and group, and the cohorts behind them. By school belongs in long_tables; what is never published by school
in early_results.
"""

from collections.abc import Iterator, Sequence

from sample_county.long_tables import GROUPS, RWM, SUBJECTS, cell
from sample_county.long_text import Row, long_text, mark, place
from sample_county.schools import Authority
from sample_county.tables import header
from sample_county.tally import STATE_FUNDED, Published

KS2_AREAS = "ks2_regional_local_authority_attainment_2025.csv"
KS2_INFORMATION = "ks2_la_information_2025.csv"
_ELIGIBLE = {
    "": "TELIG",
    "_B": "BELIG",
    "_G": "GELIG",
    "_FSM6CLA1A": "TFSM6CLA1A",
    "_NotFSM6CLA1A": "TNOTFSM6CLA1A",
    "_EAL": "TEALGRP2",
    "_MOBN": "TMOBN",
}
_STATE_FUNDED = "All state-funded"


def ks2_areas_text(table: Published, authorities: Sequence[Authority], year: int) -> str:
    """Groups in reading, writing and maths, all pupils in every subject."""
    return long_text(header("ks2_ees_areas_2024-25"), _attainment(table, authorities, year))


def _attainment(table: Published, authorities: Sequence[Authority], year: int) -> Iterator[Row]:
    for who, key in _areas(authorities, year):
        for subject, (name, average) in SUBJECTS.items():
            for (topic, breakdown), suffix in GROUPS.items():
                if suffix not in _ELIGIBLE or (suffix and subject != RWM):
                    continue
                yield who | {
                    "breakdown_topic": topic,
                    "breakdown": breakdown,
                    "subject": subject,
                    "eligible_pupil_count": mark(cell(table, _ELIGIBLE[suffix], key)),
                    "expected_standard_pupil_percent": mark(cell(table, f"PT{name}_EXP{suffix}", key)),
                    "higher_standard_pupil_percent": mark(cell(table, f"PT{name}_HIGH{suffix}", key)),
                    "average_scaled_score": mark(cell(table, average, key)),
                }


def ks2_information_text(table: Published, authorities: Sequence[Authority], year: int) -> str:
    """The table's own columns under the same names in lower case; those it lacks have no figure."""
    names = header("ks2_ees_information_2024-25")
    counted = names[names.index("establishment_type_group") + 1 :]
    rows = [
        who | {name: mark(cell(table, name.upper(), key)) for name in counted} for who, key in _areas(authorities, year)
    ]
    return long_text(names, rows)


def _areas(authorities: Sequence[Authority], year: int) -> Iterator[tuple[dict[str, str], str]]:
    """The county's and England's first columns, and the key of their row in the wide table."""
    about = {"version": "Final", "establishment_type_group": _STATE_FUNDED}
    county = next(authority for authority in authorities if authority.is_county)
    yield place("Local authority", year, county) | about, f"LA{county.code}"
    yield place("National", year, None) | about, STATE_FUNDED
