"""Key stage 4 and 16 to 18 of the county's schools told again as long files, read off the finished wide tables.

One row per school and group, in two layouts for key stage 4. Key stage 2 by school belongs in long_tables.
"""

from collections.abc import Iterator, Mapping

from sample_county.long_tables import cell
from sample_county.long_text import Row, long_text, mark, place
from sample_county.schools import COUNTY, Authority, School
from sample_county.tables import header
from sample_county.tally import Published

KS4_SCHOOLS, KS4_SCHOOLS_YEAR = "202425_performance_tables_schools_final.csv", 2025
KS4_SCHOOLS_2023, KS4_SCHOOLS_2023_YEAR = "202324_performance_tables_schools_final.csv", 2024
KS5_INSTITUTIONS, KS5_YEAR = "institution_performance_202425.csv", 2025
# a group: the filter that names it, its word there, and what the wide table calls its pupils, scores and shares
_GROUPS = (
    ("", "", "TPUP", "", "PTL2BASICS", "PTEBACC_E_PTQ_EE", "PTEBACC_9{}"),
    ("sex", "Girls", "GPUP", "_GIRLS", "PGL2BASICS", "PGEBACC_E_PTQ_EE", "PGEBACC_9{}"),
    ("sex", "Boys", "BPUP", "_BOYS", "PBL2BASICS", "PBEBACC_E_PTQ_EE", "PBEBACC_9{}"),
    (
        "disadvantage_status",
        "Disadvantaged",
        "TFSM6CLA1A",
        "_FSM6CLA1A",
        "PTFSM6CLA1ABASICS",
        "PTEBACC_EFSM6CLA1A_PTQ_EE",
        "PTEBACC_9{}_FSM6CLA1A",
    ),
    (
        "disadvantage_status",
        "Not known to be disadvantaged",
        "TNOTFSM6CLA1A",
        "_NFSM6CLA1A",
        "PTNOTFSM6CLA1ABASICS",
        "PTEBACC_ENFSM6CLA1A_PTQ_EE",
        "PTEBACC_9{}_NFSM6CLA1A",
    ),
)
_TOPICS = {"": "Total", "sex": "Sex", "disadvantage_status": "Disadvantage status"}
_FILTERS = ("sex", "disadvantage_status", "first_language", "prior_attainment", "mobility")
_COHORTS = {
    "ALEV": ("A level", "ALEV_1618", "ALEV"),
    "ACAD": ("Academic", "ACAD_1618", "ACAD"),
    "AGEN": ("Applied general", "AGEN", "AGEN"),
    "TLEV": ("Tech level", "TLEV", "TLEV"),
    "TechCert": ("Technical certificate", "TechCert", "TechCert"),
}
_STATUS = {"": "Total", "_DIS": "Disadvantaged", "_NOTDIS": "Not known to be disadvantaged"}
_BANDS = {
    "1": "Well above average",
    "2": "Above average",
    "3": "Average",
    "4": "Below average",
    "5": "Well below average",
}


def ks4_schools_text(table: Published, county: Authority) -> str:
    """The layout from 2024/25: a group is named as a breakdown and in its own filter."""
    return _text("ks4_ees_schools_2024-25", _ks4_rows(table, county))


def _ks4_rows(table: Published, county: Authority) -> Iterator[Row]:
    for school, who in _schools(table, county, KS4_SCHOOLS_YEAR):
        for by, word, pupils, suffix, basics, entry, passed in _GROUPS:
            columns = {
                "pupil_count": pupils,
                "attainment8_average": f"ATT8SCR{suffix}",
                "attainment8eng_average": f"ATT8SCRENG{suffix}",
                "attainment8mat_average": f"ATT8SCRMAT{suffix}",
                "attainment8ebacc_average": f"ATT8SCREBAC{suffix}",
                "attainment8open_average": f"ATT8SCROPEN{suffix}",
                "engmath_95_percent": f"{basics}_95",
                "engmath_94_percent": f"{basics}_94",
                "ebacc_entering_percent": entry,
                "ebacc_95_percent": passed.format(5),
                "ebacc_94_percent": passed.format(4),
                "ebacc_aps_average": f"EBACCAPS{suffix}",
                "progress8_average": f"P8MEA{suffix}",
                "progress8_lower_95_ci": f"P8CILOW{suffix}",
                "progress8_upper_95_ci": f"P8CIUPP{suffix}",
                "progress8_pupil_count": f"P8PUP{suffix}",
            }
            about = {
                "version": "Final",
                "establishment_type_group": school.words.information,
                "breakdown_topic": _TOPICS[by],
                "breakdown": word or "Total",
            }
            filters = dict.fromkeys(_FILTERS, "Total") | ({by: word} if by else {})
            yield who | about | filters | _cells(table, columns, school)


def ks4_schools_2023_text(table: Published, county: Authority) -> str:
    """The layout of 2023/24, the last with Progress 8."""
    return _text("ks4_ees_schools_2023-24", _ks4_rows_of_2023(table, county))


def _ks4_rows_of_2023(table: Published, county: Authority) -> Iterator[Row]:
    for school, who in _schools(table, county, KS4_SCHOOLS_2023_YEAR):
        for by, word, pupils, suffix, basics, _, _ in _GROUPS:
            columns = {
                "t_pupils": pupils,
                "avg_att8": f"ATT8SCR{suffix}",
                "pt_l2basics_95": f"{basics}_95",
                "pt_l2basics_94": f"{basics}_94",
                "avg_ebaccaps": f"EBACCAPS{suffix}",
                "avg_p8score": f"P8MEA{suffix}",
                "p8score_ci_low": f"P8CILOW{suffix}",
                "p8score_ci_upp": f"P8CIUPP{suffix}",
            }
            filters = {"gender": "Total", "disadvantage_status": "Total"}
            filters |= {by.replace("sex", "gender"): word} if by else {}
            yield who | filters | _cells(table, columns, school)


def ks5_institutions_text(table: Published, county: Authority) -> str:
    """Schools and colleges, not the consortia that some of them form."""
    return _text("ks5_ees_institutions_2024-25", _ks5_rows(table, county))


def _ks5_rows(table: Published, county: Authority) -> Iterator[Row]:
    for school, who in _schools(table, county, KS5_YEAR):
        for cohort, (words, stem, short) in _COHORTS.items():
            for ending, status in _STATUS.items():
                columns = {
                    "end1618_student_count": f"TALLPUP_1618{ending}",
                    "aps_per_entry": f"TALLPPE_{stem}{ending}",
                    "aps_per_entry_grade": f"TALLPPEGRD_{short if ending else stem}{ending}",
                    "aps_per_entry_student_count": f"TALLPUP_{stem}{ending}",
                    "retained_percent": f"PT_Retained_{cohort}_Ret{ending}",
                    "retained_student_count": f"T_InScope_{cohort}_Ret{ending}",
                    "value_added": f"VA_INS_{cohort.upper()}{ending}",
                    "value_added_upper_ci": f"UCI_INS_{cohort.upper()}{ending}",
                    "value_added_lower_ci": f"LCI_INS_{cohort.upper()}{ending}",
                }
                if not ending:
                    columns |= {
                        "retained_assessed_percent": f"PT_Ret_Assessed_{cohort}",
                        "retained_2nd_year_percent": f"PT_Retained_{cohort}_2ndYr",
                        "retained_2nd_year_student_count": f"T_InScope_{cohort}_2ndYr",
                        "progress_banding": f"PROGRESS_BAND_{cohort.upper()}",
                    }
                if cohort == "ALEV" and not ending:
                    columns |= {
                        "best_three_alevels_aps": "TB3PTSE",
                        "best_three_alevels_grade": "TB3PTSE_GRD",
                        "best_three_alevels_student_count": "TINCLUDE_B3",
                        "aab_percent": "PTAAB_2FAC",
                        "aab_student_count": "TINCLUDE_AAB_2FAC",
                    }
                row = _cells(table, columns, school)
                row["progress_banding"] = _BANDS.get(row.get("progress_banding", ""), "z")
                yield who | {"version": "Final", "disadvantage_status": status, "exam_cohort": words} | row


def _schools(table: Published, county: Authority, year: int) -> Iterator[tuple[School, dict[str, str]]]:
    """The county's schools that have a row, each with its first columns."""
    for school in table.tally.places:
        if school.la == COUNTY and school.kind != "consortium":
            yield (
                school,
                place("School", year, county)
                | {
                    "school_urn": str(school.urn),
                    "school_laestab": f"{school.la}{school.estab}",
                    "school_name": school.name,
                },
            )


def _cells(table: Published, columns: Mapping[str, str], school: School) -> dict[str, str]:
    return {name: mark(cell(table, column, str(school.urn))) for name, column in columns.items()}


def _text(layout: str, rows: Iterator[Row]) -> str:
    blank = dict.fromkeys(header(layout), "z")
    return long_text(header(layout), (blank | dict(row) for row in rows))
