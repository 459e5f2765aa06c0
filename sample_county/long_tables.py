"""Performance tables told again as long files: the same numbers by school, subject and group, in the other format.

Read off the finished wide tables, so both agree; one planted case is passed in as a changed cell.
"""

from collections.abc import Iterator

import numpy as np

from sample_county.long_text import Row, england, long_text, mark, place
from sample_county.schools import Authority, School
from sample_county.tables import header
from sample_county.tally import Published

KS2_SCHOOLS = "ks2_school_attainment_data.csv"
KS4_INFORMATION = "202324_information_about_schools_final.csv"
KS4_YEAR = 2024
RWM = "Reading, writing and maths"
SUBJECTS = {
    RWM: ("RWM", ""),
    "Reading": ("READ", "READ_AVERAGE"),
    "Writing": ("WRITTA", ""),
    "Maths": ("MAT", "MAT_AVERAGE"),
    "Grammar, punctuation and spelling": ("GPS", "GPS_AVERAGE"),
}
GROUPS = {
    ("All pupils", "Total"): "",
    ("Sex", "Boys"): "_B",
    ("Sex", "Girls"): "_G",
    ("Disadvantaged status", "Disadvantaged"): "_FSM6CLA1A",
    ("Disadvantaged status", "Not known to be disadvantaged"): "_NotFSM6CLA1A",
    ("First language", "Known or believed to be other than English"): "_EAL",
    ("Mobility status", "Non-mobile"): "_MOBN",
    ("3 year average", "3 year average"): "_3YR",
}
_KS4_COLUMNS = {
    "t_pupils": "TPUP",
    "t_boys": "BPUP",
    "pt_boys": "PBPUP",
    "t_girls": "GPUP",
    "pt_girls": "PGPUP",
    "t_disadvantaged": "TFSM6CLA1A",
    "pt_disadvantaged": "PTFSM6CLA1A",
    "t_not_disadvantaged": "TNOTFSM6CLA1A",
    "pt_not_disadvantaged": "PTNOTFSM6CLA1A",
    "t_language_not_english": "TEALGRP2",
    "pt_language_not_english": "PTEALGRP2",
    "t_language_english": "TEALGRP1",
    "pt_language_english": "PTEALGRP1",
    "diffn_att8": "DIFFN_ATT8",
    "diffn_p8mea": "DIFFN_P8MEA",
}


def ks2_schools_text(table: Published, year: int, changed: tuple[str, str]) -> str:
    """All pupils in every subject, groups and three years together in reading, writing and maths.

    `changed` is the key of a school and what this file prints for it instead in reading, writing and maths.
    """
    return long_text(header("ks2_ees_schools_2024-25"), _ks2_rows(table, year, changed))


def _ks2_rows(table: Published, year: int, changed: tuple[str, str]) -> Iterator[Row]:
    for school in table.tally.places:
        key = str(school.urn)
        who = england("School", year) | {
            "version": "Final",
            "school_urn": key,
            "school_laestab": f"{school.la}{school.estab}",
            "school_name": school.name,
        }
        for subject, (name, average) in SUBJECTS.items():
            for (topic, breakdown), suffix in GROUPS.items():
                if suffix and name != "RWM":
                    continue
                expected = mark(cell(table, f"PT{name}_EXP{suffix}", key))
                if (subject, suffix, key) == (RWM, "", changed[0]):
                    expected = changed[1]
                yield who | {
                    "breakdown_topic": topic,
                    "breakdown": breakdown,
                    "subject": subject,
                    "expected_standard_pupil_percent": expected,
                    "higher_standard_pupil_percent": mark(cell(table, f"PT{name}_HIGH{suffix}", key)),
                    "average_scaled_score": mark(cell(table, average, key)),
                    "progress_measure_score": "z",
                    "progress_measure_lower_conf_interval": "z",
                    "progress_measure_upper_conf_interval": "z",
                    "absent_or_not_able_to_access_percent": mark(cell(table, f"PT{name}_AT", key)),
                    "working_towards_expected_standard_pupil_percent": mark(cell(table, f"PT{name}_WTS", key)),
                    "absent_or_disapplied_percent": mark(cell(table, f"PT{name}_AD", key)),
                    "progress_measure_unadjusted": "z",
                    "progress_measure_description": "z",
                }


def ks4_information_text(table: Published, authorities: dict[int, Authority], year: int) -> str:
    """One row per school; what only this file knows of pupils with special needs is counted from its cohort."""
    return long_text(header("ks4_ees_information_2023-24"), _ks4_rows(table, authorities, year))


def _ks4_rows(table: Published, authorities: dict[int, Authority], year: int) -> Iterator[Row]:
    for school in table.tally.places:
        key = str(school.urn)
        row = dict(place("School", year, authorities[school.la])) | {
            "version": "Final",
            "school_urn": key,
            "school_laestab": f"{school.la}{school.estab}",
            "school_name": school.name,
            "establishment_type_group": school.words.information,
            "contflag": "0",
            "iclose": "0",
            "reldenom": school.religion,
            "egender": school.gender,
            "feeder": "0",
            "agerange": f"{school.low} to {school.high}",
        }
        row |= {name: mark(cell(table, column, key)) for name, column in _KS4_COLUMNS.items()}
        row |= _special_needs(school, row["t_pupils"], row["t_disadvantaged"])
        blank = dict.fromkeys(header("ks4_ees_information_2023-24"), "z")
        yield blank | row


def _special_needs(school: School, pupils: str, disadvantaged: str) -> dict[str, str]:
    """Hidden where the cohort's disadvantaged pupils are hidden."""
    if not disadvantaged.isdigit() or pupils in ("", "0"):
        names = ("t_sen", "pt_sen", "t_sen_with_ehcp", "pt_sen_with_ehcp", "t_sen_no_ehcp", "pt_sen_no_ehcp")
        return dict.fromkeys(names, disadvantaged if not disadvantaged.isdigit() else "z")
    total = int(pupils)
    plans = min(total, round(total * school.site.ehcp))
    support = min(total - plans, round(total * school.site.sen_support))
    shares = {"t_sen": plans + support, "t_sen_with_ehcp": plans, "t_sen_no_ehcp": support}
    return {name: str(size) for name, size in shares.items()} | {
        f"p{name}": f"{100 * size / total:.1f}" for name, size in shares.items()
    }


def cell(table: Published, column: str, key: str) -> str:
    return table.cell(column, key) if column in table.columns else ""


def numbers_of(table: Published, column: str) -> dict[str, str]:
    """A column's printed numbers of authorities and of state-funded England, by the row's key."""
    rows = np.flatnonzero(~table.tally.is_place & ~table.tally.is_england_all)
    printed = {table.tally.keys[n]: mark(str(table.columns[column][n])) for n in rows.tolist()}
    return {key: text for key, text in printed.items() if text.lstrip("-").replace(".", "", 1).isdigit()}
