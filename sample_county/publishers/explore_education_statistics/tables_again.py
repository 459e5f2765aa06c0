"""The performance tables told again as long files: the same numbers by school or area, subject and group.

Read off the finished wide tables, so both agree, but for one planted cell that differs.
"""

from collections.abc import Iterator, Mapping

from sample_county.county.county import County
from sample_county.county.planted import Case, observation
from sample_county.county.schools import COUNTY, School
from sample_county.county.tables import File
from sample_county.county.tally import STATE_FUNDED, Published
from sample_county.publishers.explore_education_statistics.long_text import (
    Row,
    county_and_england,
    long_file,
    mark,
    place,
    school_row,
)
from sample_county.publishers.performance_tables import ks2, ks4, ks5

KS2_SCHOOLS = "ks2_school_attainment_data.csv"
_KS4_YEAR, _KS4_FORMER_YEAR = 2025, 2024
_FINAL = {"version": "Final"}
_RWM = "Reading, writing and maths"
_SUBJECTS = {
    _RWM: ("RWM", ""),
    "Reading": ("READ", "READ_AVERAGE"),
    "Writing": ("WRITTA", ""),
    "Maths": ("MAT", "MAT_AVERAGE"),
    "Grammar, punctuation and spelling": ("GPS", "GPS_AVERAGE"),
}
# topic, breakdown, ending of the wide table's columns, its column of pupils
_KS2_GROUPS = (
    ("All pupils", "Total", "", "TELIG"),
    ("Sex", "Boys", "_B", "BELIG"),
    ("Sex", "Girls", "_G", "GELIG"),
    ("Disadvantaged status", "Disadvantaged", "_FSM6CLA1A", "TFSM6CLA1A"),
    ("Disadvantaged status", "Not known to be disadvantaged", "_NotFSM6CLA1A", "TNOTFSM6CLA1A"),
    ("First language", "Known or believed to be other than English", "_EAL", "TEALGRP2"),
    ("Mobility status", "Non-mobile", "_MOBN", "TMOBN"),
    ("3 year average", "3 year average", "_3YR", ""),
)
_KS2_INFORMATION = (
    "telig",
    "tfsm6cla1a",
    "ptfsm6cla1a",
    "tealgrp2",
    "ptealgrp2",
    "tsenele",
    "psenele",
    "tsenelk",
    "psenelk",
)
# filter, its word, the wide table's column of pupils, its group
_KS4_GROUPS = (
    ("", "", "TPUP", ""),
    ("sex", "Girls", "GPUP", "GIRLS"),
    ("sex", "Boys", "BPUP", "BOYS"),
    ("disadvantage_status", "Disadvantaged", "TFSM6CLA1A", "FSM6CLA1A"),
    ("disadvantage_status", "Not known to be disadvantaged", "TNOTFSM6CLA1A", "NFSM6CLA1A"),
)
_KS4_TOPICS = {"": "Total", "sex": "Sex", "disadvantage_status": "Disadvantage status"}
_KS4_FILTERS = ("sex", "disadvantage_status", "first_language", "prior_attainment", "mobility")
_KS4_INFORMATION = {
    "t_pupils": "TPUP",
    "t_disadvantaged": "TFSM6CLA1A",
    "pt_disadvantaged": "PTFSM6CLA1A",
    "t_language_not_english": "TEALGRP2",
    "pt_language_not_english": "PTEALGRP2",
    "diffn_att8": "DIFFN_ATT8",
    "diffn_p8mea": "DIFFN_P8MEA",
}
_KS5_COHORTS = {"ALEV": "A level", "ACAD": "Academic", "AGEN": "Applied general", "TLEV": "Tech level"}
_KS5_STATUS = {"": "Total", "_DIS": "Disadvantaged", "_NOTDIS": "Not known to be disadvantaged"}


def files(county: County) -> Iterator[File]:
    year, former = _KS4_YEAR, _KS4_FORMER_YEAR
    wide, told = county.once(ks2.table, ks2.NEWEST), county.once(ks4.table, year)
    told_before = county.once(ks4.table, former)
    yield long_file(ks2.NEWEST, KS2_SCHOOLS, "ks2_ees_schools_2024-25", _ks2_schools(county, wide))
    areas = "ks2_regional_local_authority_attainment_2025.csv"
    yield long_file(ks2.NEWEST, areas, "ks2_ees_areas_2024-25", _ks2_areas(county, wide))
    about = "ks2_la_information_2025.csv"
    yield long_file(ks2.NEWEST, about, "ks2_ees_information_2024-25", _ks2_information(county, wide), "z")
    about = "202324_information_about_schools_final.csv"
    yield long_file(former, about, "ks4_ees_information_2023-24", _ks4_information(told_before), "z")
    name = "202425_performance_tables_schools_final.csv"
    yield long_file(year, name, "ks4_ees_schools_2024-25", _ks4_schools(told), "z")
    name = "202324_performance_tables_schools_final.csv"
    yield long_file(former, name, "ks4_ees_schools_2023-24", _ks4_schools_2023(told_before), "z")
    institutions = _ks5_institutions(county.once(ks5.table, ks5.YEARS[-1]))
    name = "institution_performance_202425.csv"
    yield long_file(ks5.YEARS[-1], name, "ks5_ees_institutions_2024-25", institutions, "z")


def cases(county: County) -> Iterator[Case]:
    """The school whose result is two points higher in the long file than in the performance tables."""
    key, tables, printed = _two_points_apart(county)
    yield Case(
        int(key),
        county.by_urn[int(key)].name,
        "sources_disagree",
        f"{ks2.DISPUTED} of 2024/25 is {tables} in england_ks2final.csv and {printed} in {KS2_SCHOOLS}.",
        {
            "observations": [observation(ks2.NEWEST, tables, release="final")],
            "data_quality_disagreement": {"source_column": ks2.DISPUTED, "england": tables, "county": printed},
        },
    )


def _two_points_apart(county: County) -> tuple[str, str, str]:
    """The key of the disputed row, the wide table's cell and what the long file prints."""
    key = str(county.disputes.by_source)
    tables = county.once(ks2.table, ks2.NEWEST).cell(ks2.DISPUTED, key)
    return key, tables, str(int(tables.rstrip("%")) + 2)


def _ks2_schools(county: County, table: Published) -> Iterator[Row]:
    """All pupils in every subject, groups and three years together in reading, writing and maths."""
    disputed, _, printed = _two_points_apart(county)
    for school in table.tally.places:
        key = str(school.urn)
        who = school_row(school, ks2.NEWEST) | _FINAL | {"school_laestab": f"{school.la}{school.estab}"}
        for row in _ks2_rows(table, key, _KS2_GROUPS):
            if key == disputed and (row["subject"], row["breakdown"]) == (_RWM, "Total"):
                row["expected_standard_pupil_percent"] = printed
            yield who | row


def _ks2_areas(county: County, table: Published) -> Iterator[Row]:
    for who, key in _ks2_places(county):
        for row in _ks2_rows(table, key, _KS2_GROUPS[:-1]):
            yield who | row


def _ks2_rows(table: Published, key: str, groups: tuple[tuple[str, str, str, str], ...]) -> Iterator[dict[str, str]]:
    for subject, (name, average) in _SUBJECTS.items():
        for topic, breakdown, ending, pupils in groups if subject == _RWM else groups[:1]:
            columns = {
                "eligible_pupil_count": pupils,
                "expected_standard_pupil_percent": f"PT{name}_EXP{ending}",
                "higher_standard_pupil_percent": f"PT{name}_HIGH{ending}",
                "average_scaled_score": average,
            }
            about = {"breakdown_topic": topic, "breakdown": breakdown, "subject": subject}
            yield about | _cells(table, columns, key)


def _ks2_information(county: County, table: Published) -> Iterator[Row]:
    """The table's own columns under the same names in lower case."""
    for who, key in _ks2_places(county):
        yield who | _cells(table, {name: name.upper() for name in _KS2_INFORMATION}, key)


def _ks2_places(county: County) -> Iterator[tuple[dict[str, str], str]]:
    """The county's and England's first columns, and the key of their row in the wide table."""
    about = _FINAL | {"establishment_type_group": "All state-funded"}
    for level, authority, _ in county_and_england(county):
        key = f"LA{authority.code}" if authority else STATE_FUNDED
        yield place(level, ks2.NEWEST, authority) | about, key


def _ks4_information(table: Published) -> Iterator[Row]:
    """One row per school; what only this file knows of pupils with special needs is counted from its cohort."""
    for school in table.tally.places:
        row = _cells(table, _KS4_INFORMATION, str(school.urn))
        about = {"establishment_type_group": school.words.information, "iclose": "0"}
        needs = _special_needs(school, row["t_pupils"], row["t_disadvantaged"])
        yield school_row(school, _KS4_FORMER_YEAR) | _FINAL | about | row | needs


def _special_needs(school: School, pupils: str, disadvantaged: str) -> dict[str, str]:
    """Hidden where the cohort's disadvantaged pupils are hidden."""
    names = ("t_sen_with_ehcp", "t_sen_no_ehcp")
    if not disadvantaged.isdigit() or pupils in ("", "0"):
        token = disadvantaged if not disadvantaged.isdigit() else "z"
        return {f"{stem}{name}": token for name in names for stem in ("", "p")}
    total = int(pupils)
    plans = min(total, round(total * school.site.ehcp))
    support = min(total - plans, round(total * school.site.sen_support))
    sizes = dict(zip(names, (plans, support), strict=True))
    shares = {f"p{name}": f"{100 * size / total:.1f}" for name, size in sizes.items()}
    return {name: str(size) for name, size in sizes.items()} | shares


def _ks4_schools(table: Published) -> Iterator[Row]:
    """The layout from 2024/25: a group is named as a breakdown and in its own filter."""
    for school in _own(table):
        for by, word, pupils, group in _KS4_GROUPS:
            ending, basics, entry, passed = ks4.NAMED[group]
            columns = {
                "pupil_count": pupils,
                "attainment8_average": f"ATT8SCR{ending}",
                "engmath_95_percent": basics.format(5),
                "engmath_94_percent": basics.format(4),
                "ebacc_entering_percent": entry,
                "ebacc_95_percent": passed.format(5),
                "ebacc_94_percent": passed.format(4),
                "ebacc_aps_average": f"EBACCAPS{ending}",
            }
            about = _FINAL | {"breakdown_topic": _KS4_TOPICS[by], "breakdown": word or "Total"}
            filters = dict.fromkeys(_KS4_FILTERS, "Total") | ({by: word} if by else {})
            who = school_row(school, _KS4_YEAR) | about | filters
            yield who | _cells(table, columns, str(school.urn))


def _ks4_schools_2023(table: Published) -> Iterator[Row]:
    """The layout of 2023/24, the last with Progress 8."""
    for school in _own(table):
        for by, word, pupils, group in _KS4_GROUPS:
            ending, basics, _, _ = ks4.NAMED[group]
            columns = {
                "t_pupils": pupils,
                "avg_att8": f"ATT8SCR{ending}",
                "pt_l2basics_95": basics.format(5),
                "pt_l2basics_94": basics.format(4),
                "avg_ebaccaps": f"EBACCAPS{ending}",
                "avg_p8score": f"P8MEA{ending}",
                "p8score_ci_low": f"P8CILOW{ending}",
                "p8score_ci_upp": f"P8CIUPP{ending}",
            }
            filters = {"gender": "Total", "disadvantage_status": "Total"}
            filters |= {by.replace("sex", "gender"): word} if by else {}
            yield school_row(school, _KS4_FORMER_YEAR) | filters | _cells(table, columns, str(school.urn))


def _ks5_institutions(table: Published) -> Iterator[Row]:
    """Schools and colleges, not the consortia that some of them form."""
    for school in _own(table):
        for cohort, words in _KS5_COHORTS.items():
            for ending, status in _KS5_STATUS.items():
                stem = ks5.STEMS[cohort]
                columns = {
                    "aps_per_entry": f"TALLPPE_{stem}{ending}",
                    "aps_per_entry_student_count": f"TALLPUP_{stem}{ending}",
                    "retained_percent": f"PT_Retained_{cohort}_Ret{ending}",
                    "retained_student_count": f"T_InScope_{cohort}_Ret{ending}",
                    "value_added": f"VA_INS_{cohort}{ending}",
                    "value_added_upper_ci": f"UCI_INS_{cohort}{ending}",
                    "value_added_lower_ci": f"LCI_INS_{cohort}{ending}",
                }
                if cohort == "ALEV" and not ending:
                    columns |= {
                        "best_three_alevels_aps": "TB3PTSE",
                        "best_three_alevels_student_count": "TINCLUDE_B3",
                    }
                about = _FINAL | {"disadvantage_status": status, "exam_cohort": words}
                yield school_row(school, ks5.YEARS[-1]) | about | _cells(table, columns, str(school.urn))


def _own(table: Published) -> list[School]:
    """The county's schools that have a row."""
    return [school for school in table.tally.places if school.la == COUNTY and school.kind != "consortium"]


def _cells(table: Published, columns: Mapping[str, str], key: str) -> dict[str, str]:
    """Cells of one row of a wide table as long files print them; what it does not hold has no figure."""
    return {name: mark(table.cell(of, key) if of in table.columns else "") for name, of in columns.items()}
