"""Every source of the catalogue is written by the sample county, and what came last agrees with what it repeats.

Each of those files is known for what it is, passes its suite and loses no row; its values are traced to the table that
prints them in the other format, else to the people drawn.
"""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
import pytest

from pipelines.checks.judge import judge
from pipelines.home import Home
from pipelines.landing.intake import Outcome, add
from pipelines.landing.land import land
from pipelines.provenance import held_files
from pipelines.sources.catalogue import load_catalogue
from pipelines.tables.decode import find_table, read_lines
from sample_county.county.county import County
from sample_county.county.schools import COUNTY
from sample_county.county.tables import header
from sample_county.publishers import workforce
from sample_county.publishers.ofsted import inspections
from tests.unit.sample.sample_published import Row, is_number, number

Read = Callable[[str], list[Row]]
EES, TABLES = "explore-education-statistics", "performance-tables"


class Written(NamedTuple):
    """Where a source's file lies, its header under sample_county/headers and the marks it holds."""

    name: str
    layout: str
    marks: tuple[str, ...]


WRITTEN = {
    "eyfsp_2022": Written(f"{EES}/2021-2022/1_eyfsp_headline_measures_2022.csv", "eyfsp_2021-22", ("x",)),
    "mtc_2022": Written(f"{EES}/2021-2022/mtc_national_and_la_2022.csv", "mtc_2021-22", ("x",)),
    "ks2_ees_areas": Written(
        f"{EES}/2024-2025/ks2_regional_local_authority_attainment_2025.csv", "ks2_ees_areas_2024-25", ("z",)
    ),
    "ks2_ees_areas_information": Written(
        f"{EES}/2024-2025/ks2_la_information_2025.csv", "ks2_ees_information_2024-25", ("z",)
    ),
    "ks4_ees_schools": Written(
        f"{EES}/2024-2025/202425_performance_tables_schools_final.csv", "ks4_ees_schools_2024-25", ("c", "z")
    ),
    "ks4_ees_schools_2023": Written(
        f"{EES}/2023-2024/202324_performance_tables_schools_final.csv", "ks4_ees_schools_2023-24", ("c", "z")
    ),
    "ks5_ees_institutions": Written(
        f"{EES}/2024-2025/institution_performance_202425.csv", "ks5_ees_institutions_2024-25", ("c", "z")
    ),
    "ks5_destinations_2018": Written(f"{TABLES}/2017-2018/998_ks5-studest.csv", "ks5-studest_2017-18", ("SUPP", "NA")),
    "ofsted_schools_tables": Written(f"{TABLES}/2017-2018/england_ofsted-schools.xlsx", "", ()),
    "sen_schools": Written(f"{EES}/2024-2025/sen_school_level_underlying_data_2025.csv", "sen_schools", ("c", "z")),
    "spc_schools": Written(f"{EES}/2024-2025/spc_school_level_underlying_data_2025.csv", "spc_schools", ("c", "z")),
    "trust_results_2019": Written(f"{TABLES}/2017-2018/england_ks4-mats-performance.csv", "ks4-mats_2017-18", ("NA",)),
    "workforce_2015": Written(f"{TABLES}/2014-2015/998_swf.csv", "swf_2014-15", ("SUPP",)),
    "workforce_ees_schools": Written(f"{EES}/2020-2021/workforce_ptrs_2020_21_sch.csv", "swf_ees_schools", ("c",)),
}
LONG = [source for source, written in WRITTEN.items() if written.name.startswith(EES)]
RATIO = "pupil_to_qual_unqual_teacher_ratio"
OTHER_LANGUAGE = "number of pupils whose first language is known or believed to be other than English"


@pytest.fixture(scope="module")
def county() -> County:
    """The county of the sample of these tests."""
    return County()


@pytest.fixture(scope="module")
def rows(sample: Path) -> Callable[[str], list[Row]]:
    """Rows of a source's file, as landing reads them."""

    def of(source: str) -> list[Row]:
        publication = load_catalogue().source(source)
        assert publication is not None
        path = sample / WRITTEN[source].name
        table = find_table(read_lines(path.read_bytes(), path.name, publication.sheet), publication)
        return [dict(zip(table.header, cells, strict=False)) for _, cells in table.lines]

    return of


@pytest.fixture(scope="module")
def wide(read: Read) -> Callable[[str], dict[str, Row]]:
    """A wide table's rows by URN, by LA number (998) and the state-funded row of England (ENG)."""

    def of(name: str) -> dict[str, Row]:
        england = {"2": "5", "4": "7", "5": "7"}[name.split("england_ks")[1][0]]
        found = {}
        for row in read(name):
            key = "ENG" if row["RECTYPE"] == england else row["URN"].strip() or row["LEA"].strip()
            found[key] = {column.upper(): cell for column, cell in row.items()}
        return found

    return of


def test_every_source_of_the_catalogue_is_written(taken: tuple[Home, list[Outcome]]) -> None:
    home, outcomes = taken
    assert {outcome.status for outcome in outcomes} == {"accepted", "skipped"}
    written = {file.provenance.source for file in held_files(home)}
    assert {source.id for source in load_catalogue().sources} - written == set()


def test_the_files_named_here_pass_their_suites_and_lose_no_row(sample: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    outcomes = add(home, [sample / written.name for written in WRITTEN.values()], is_sample=True)
    assert [(outcome.status, outcome.source) for outcome in outcomes] == [("accepted", source) for source in WRITTEN]
    land(home, la_code=str(COUNTY), as_at=None, review_year=2025)
    judge(home, progress=lambda line: None)
    verdicts = pq.read_table(home.landing / "verdicts.parquet").to_pylist()
    assert [(found["verdict"], found["reason"]) for found in verdicts] == [("passed", "")] * len(WRITTEN)
    for file in held_files(home):
        rejects = pq.read_table(home.landing / "rejects" / f"{file.provenance.file_id}.parquet").to_pylist()
        assert rejects == [], file.provenance.source


@pytest.mark.parametrize("source", [source for source in WRITTEN if WRITTEN[source].layout])
def test_a_file_has_its_columns_its_marks_and_few_rows(sample: Path, source: str) -> None:
    written = WRITTEN[source]
    raw = (sample / written.name).read_bytes()
    text = raw.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(lines[0]) == header(written.layout)
    assert {len(line) for line in lines} <= set(range(2, len(lines[0]) + 1))
    cells = {cell for line in lines[1:] for cell in line}
    assert set(written.marks) <= cells
    assert len(raw) < 400_000


@pytest.mark.parametrize("source", LONG)
def test_a_long_file_is_about_the_county_and_england_alone(rows: Callable[[str], list[Row]], source: str) -> None:
    for row in rows(source):
        assert row["old_la_code"] == ("" if row["geographic_level"] == "National" else str(COUNTY))


@pytest.mark.parametrize(
    ("source", "newer", "same"),
    [
        (
            "eyfsp_2022",
            f"{EES}/2024-2025/1_eyfsp_headline_measures_2025.csv",
            {"children_number": "children_number", "gld_number": "gld_number", "gld_percentage": "gld_percentage"},
        ),
        (
            "mtc_2022",
            f"{EES}/2024-2025/mtc_regional_la_pupil_characteristics_2025.csv",
            {
                "eligible_pupil_count": "eligible_pupil_count",
                "mtc_average_score": "mtc_score_average",
                "pt_mtc_scored_25": "mtc_score_25_pupil_percent",
            },
        ),
    ],
)
def test_the_first_year_is_the_same_in_both_layouts(
    sample: Path, rows: Callable[[str], list[Row]], source: str, newer: str, same: dict[str, str]
) -> None:
    text = (sample / newer).read_text(encoding="utf-8")
    printed = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        sex = {"Female": "Girls", "Male": "Boys"}.get(row["sex"], row["sex"])
        if row["time_period"] == "202122" and not row.get("lad_code"):
            meals = row.get("fsm_status") or row["breakdown"]
            printed[row["geographic_level"], row["old_la_code"], sex, meals] = row
    compared = 0
    for row in rows(source):
        group = row.get("characteristic_type") or row["characteristic"]
        if group == "SEN support":
            assert {row[column] for column in same} == {"x"}
            continue
        again = printed[row["geographic_level"], row["old_la_code"], row["gender"], group]
        assert {column: row[column] for column in same} == {column: again[name] for column, name in same.items()}
        compared += 1
    assert compared == 10


def _agree(pairs: Iterable[tuple[str, str]]) -> int:
    """How many printed numbers are the same in both formats; a mark stands for no number in either."""
    compared = 0
    for long, table in pairs:
        bare = table.strip().rstrip("%")
        assert (long == bare) if is_number(table) else not is_number(long), (long, table)
        compared += is_number(table)
    return compared


def test_key_stage_2_by_area_is_the_wide_tables(rows: Callable[[str], list[Row]], wide: Callable) -> None:
    table = wide("2024-2025/england_ks2final.csv")
    named = {"Reading": "READ", "Writing": "WRITTA", "Maths": "MAT", "Reading, writing and maths": "RWM"}
    endings = {"Total": "", "Girls": "_G", "Boys": "_B", "Disadvantaged": "_FSM6CLA1A"}
    endings |= {"Not known to be disadvantaged": "_NOTFSM6CLA1A"}
    pairs = []
    for row in rows("ks2_ees_areas"):
        if row["subject"] in named and row["breakdown"] in endings:
            printed = table[row["old_la_code"] or "ENG"]
            ending, name = endings[row["breakdown"]], named[row["subject"]]
            pairs.append((row["expected_standard_pupil_percent"], printed[f"PT{name}_EXP{ending}"]))
            pairs.append((row["higher_standard_pupil_percent"], printed[f"PT{name}_HIGH{ending}"]))
    assert _agree(pairs) == 2 * 2 * (3 + 5)
    information = {row["old_la_code"] or "ENG": row for row in rows("ks2_ees_areas_information")}
    assert set(information) == {"ENG", str(COUNTY)}
    columns = (
        "telig",
        "tfsm6cla1a",
        "ptfsm6cla1a",
        "tealgrp2",
        "ptealgrp2",
        "psenele",
        "psenelk",
    )
    for row in information.values():
        for need in ("senele", "senelk"):
            share = 100 * number(row[f"t{need}"]) / number(row["telig"])
            assert abs(number(row[f"p{need}"]) - share) <= 1
    pairs = [(row[name], table[key][name.upper()]) for key, row in information.items() for name in columns]
    assert _agree(pairs) == 2 * len(columns)


@pytest.mark.parametrize(
    ("source", "table", "columns"),
    [
        (
            "ks4_ees_schools",
            "2024-2025/england_ks4final.csv",
            {
                "pupil_count": ("TPUP", "TFSM6CLA1A"),
                "attainment8_average": ("ATT8SCR", "ATT8SCR_FSM6CLA1A"),
                "engmath_95_percent": ("PTL2BASICS_95", "PTFSM6CLA1ABASICS_95"),
                "ebacc_entering_percent": ("PTEBACC_E_PTQ_EE", "PTEBACC_EFSM6CLA1A_PTQ_EE"),
            },
        ),
        (
            "ks4_ees_schools_2023",
            "2023-2024/england_ks4final.csv",
            {
                "t_pupils": ("TPUP", "TFSM6CLA1A"),
                "avg_att8": ("ATT8SCR", "ATT8SCR_FSM6CLA1A"),
                "pt_l2basics_94": ("PTL2BASICS_94", "PTFSM6CLA1ABASICS_94"),
                "avg_p8score": ("P8MEA", "P8MEA_FSM6CLA1A"),
            },
        ),
    ],
)
def test_key_stage_4_by_school_is_the_wide_tables(
    rows: Callable[[str], list[Row]],
    wide: Callable,
    source: str,
    table: str,
    columns: dict[str, tuple[str, str]],
) -> None:
    printed, pairs, schools = wide(table), [], set()
    for row in rows(source):
        by_sex = (row.get("sex") or row["gender"]) != "Total"
        if by_sex or row["disadvantage_status"] not in ("Total", "Disadvantaged"):
            continue
        schools.add(row["school_urn"])
        at = ("Total", "Disadvantaged").index(row["disadvantage_status"])
        pairs += [(row[name], printed[row["school_urn"]][two[at]]) for name, two in columns.items()]
    assert schools == {urn for urn, row in printed.items() if len(urn) == 6 and row["LEA"] == str(COUNTY)}
    assert _agree(pairs) > len(schools) * len(columns)


def test_16_to_18_by_institution_is_the_wide_tables(rows: Callable[[str], list[Row]], wide: Callable) -> None:
    printed, pairs, schools = wide("2024-2025/england_ks5final.csv"), [], set()
    for row in rows("ks5_ees_institutions"):
        ending = {"Total": "", "Disadvantaged": "_DIS"}.get(row["disadvantage_status"])
        if row["exam_cohort"] != "A level" or ending is None:
            continue
        schools.add(row["school_urn"])
        table = printed[row["school_urn"]]
        for name, column in (
            ("aps_per_entry", "TALLPPE_ALEV_1618"),
            ("aps_per_entry_student_count", "TALLPUP_ALEV_1618"),
            ("retained_percent", "PT_RETAINED_ALEV_RET"),
            ("value_added", "VA_INS_ALEV"),
        ):
            pairs.append((row[name], table[f"{column}{ending}"]))
        if not ending:
            pairs.append((row["best_three_alevels_aps"], table["TB3PTSE"]))
    own = [row for row in printed.values() if row["LEA"] == str(COUNTY) and row["RECTYPE"] in ("1", "2")]
    assert schools == {row["URN"] for row in own}
    assert _agree(pairs) > 3 * len(schools)


def test_leavers_of_2016_are_the_level_3_students_drawn(rows: Callable[[str], list[Row]], county: County) -> None:
    schools, left = county.ks5_schools, county.ks5(2016)
    level_3 = np.logical_or.reduce([left.member[cohort] for cohort in ("ALEV", "ACAD", "AGEN", "TLEV")])
    found = rows("ks5_destinations_2018")
    places = [row for row in found if row["RECTYPE"] in ("1", "2")]
    for ending, group in (("", level_3), ("_DIS", level_3 & left.disadvantaged)):
        size = np.bincount(left.school_of[group], minlength=len(schools))
        drawn = {str(school.urn): int(size[n]) for n, school in enumerate(schools)}
        for row in places:
            expected = "SUPP" if 0 < drawn[row["URN"]] <= 5 else str(drawn[row["URN"]])
            assert row[f"COHORT{ending}"] == expected
    (total,) = [row for row in found if row["RECTYPE"] == "LA"]
    everyone = np.bincount(left.school_of[level_3], minlength=len(schools)).tolist()
    own = [n for n, school in enumerate(schools) if school.la == COUNTY and school.is_state_funded]
    assert number(total["COHORT"]) == sum(everyone[n] for n in own)
    for row in (*places, total):
        if is_number(row["OVERALL"]) and number(row["COHORT"]):
            share = 100 * number(row["OVERALL"]) / number(row["COHORT"])
            assert abs(number(row["OVERALLPER"]) - share) <= 0.5 + 1e-9
            assert number(row["HE"]) <= number(row["OVERALL"])


def test_outcomes_of_2018_are_inspections_of_the_history(rows: Callable[[str], list[Row]], county: County) -> None:
    drawn: dict[tuple[int, date], str] = {}
    for seen in county.once(inspections.draw).values():
        drawn[seen.urn, seen.inspected_on] = seen.overall
        if seen.previous_on:
            drawn[seen.previous_urn, seen.previous_on] = seen.previous_overall
    found, known = rows("ofsted_schools_tables"), 0
    for row in found:
        ended, published = (date.fromisoformat(row[f"{name} date"][:10]) for name in ("Inspection", "Publication"))
        assert ended < published <= date(2018, 7, 31)
        event = int(row["URN"]), ended - timedelta(1)
        known += event in drawn
        assert row["Overall effectiveness"] == drawn.get(event, row["Overall effectiveness"])
    assert len({row["URN"] for row in found}) == len(found) and known > 100


def test_the_census_with_counts_is_the_census_table(rows: Callable[[str], list[Row]], read: Read) -> None:
    table = {row["URN"]: row for row in read("2024-2025/england_census.csv")}
    needs, pupils = ({row["URN"]: row for row in rows(source)} for source in ("sen_schools", "spc_schools"))
    assert needs.keys() == pupils.keys()
    same = []
    for urn in needs:
        printed = table[urn]
        assert needs[urn]["Total pupils"] == pupils[urn]["headcount of pupils"] == printed["NOR"]
        same += [(needs[urn]["SEN support"], printed["TSENELK"]), (needs[urn]["EHC plan"], printed["TSENELSE"])]
        same += [(pupils[urn][OTHER_LANGUAGE], printed["NUMEAL"])]
    assert all(long == count or (long == "c" and count in ("1", "2")) for long, count in same)
    assert {"c"} < {long for long, _ in same}


def test_trusts_of_2018_are_means_over_their_academies_pupils(rows: Callable[[str], list[Row]], county: County) -> None:
    schools, sat = county.ks4_schools, county.ks4(2018)
    at = {str(school.urn): n for n, school in enumerate(schools)}
    found = rows("trust_results_2019")
    assert len(found) > 10
    for row in found:
        mine = np.isin(sat.who.school_of, [at[urn] for urn in row["SCHOOL-URNS"].split(", ")])
        assert row["TPUP"] == str(int(mine.sum()))
        assert number(row["EBACCAPS_WGTAVG"]) == pytest.approx(sat.ebacc_points[mine].mean(), abs=0.0051)
        assert number(row["P8SCORE_ADJ_WGTAVG"]) == pytest.approx(sat.progress[mine].mean(), abs=0.0051)
        assert number(row["P8SCORE_ADJ_LOWER"]) < number(row["P8SCORE_ADJ_WGTAVG"]) < number(row["P8SCORE_ADJ_UPPER"])


def test_teachers_of_2015_are_to_its_pupils_as_the_ratio_says(rows: Callable[[str], list[Row]], county: County) -> None:
    on_roll = county.rolls(workforce.FIRST_YEAR)
    pupils = {str(school.urn): int(on_roll.pupils[n]) for n, school in enumerate(county.schools)}
    found = rows("workforce_2015")
    assert len(found) > 200 and {row["LA"] for row in found} == {str(COUNTY)}
    for row in found:
        ratio = pupils[row["URN"]] / number(row["NFTETEA"])
        assert number(row["RATPUPTEA"]) == pytest.approx(ratio, abs=0.0501)
        assert (row["SALARY"] == "SUPP") == (number(row["NFTETEA"]) < 3)


def test_ratios_of_the_long_file_are_the_workforce_tables(rows: Callable[[str], list[Row]], read: Read) -> None:
    table = {row["URN"]: row for row in read("2020-2021/england_swf.csv") if row["LA Number"] == str(COUNTY)}
    found = rows("workforce_ees_schools")
    assert {row["school_urn"] for row in found} == table.keys()
    for row in found:
        printed = table[row["school_urn"]]
        teachers = printed["Total Number of Teachers (Full-Time Equivalent)"]
        if float(teachers) < 3:
            assert {row["teachers_fte"], row[RATIO]} == {"c"}
        else:
            assert (row["teachers_fte"], row[RATIO]) == (teachers, printed["Pupil:     Teacher Ratio"])
