"""The sample's long files: the publishers' columns, the wide tables' numbers, groups and areas that add up."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sample_county.county.tables import header

LAYOUTS = {
    "2022-2023/ks1_regional_and_local_authority_2023.csv": "ks1_2022-23",
    "2023-2024/1a_absence_3term_school.csv": "absence_schools_2023-24",
    "2023-2024/exc_school.csv": "exclusions_schools_2023-24",
    "2023-2024/202324_information_about_schools_final.csv": "ks4_ees_information_2023-24",
    "2024-2025/1_eyfsp_headline_measures_2025.csv": "eyfsp_2022-23",
    "2024-2025/phonics_regional_and_local_authority_2025.csv": "phonics_2024-25",
    "2024-2025/mtc_regional_la_pupil_characteristics_2025.csv": "mtc_2024-25",
    "2024-2025/ks2_school_attainment_data.csv": "ks2_ees_schools_2024-25",
    "2025-2026/EES_ytd_data.csv": "attendance_2025-26",
}
RWM = "Reading, writing and maths"
WIDE_OF = {
    ("Total", "Reading"): "PTREAD_EXP",
    ("Total", RWM): "PTRWM_EXP",
    ("Girls", RWM): "PTRWM_EXP_G",
    ("Disadvantaged", RWM): "PTRWM_EXP_FSM6CLA1A",
    ("Known or believed to be other than English", RWM): "PTRWM_EXP_EAL",
    ("3 year average", RWM): "PTRWM_EXP_3YR",
}
MARKS = {"SUPP": "c", "": "z", "NA": "z"}
Row = dict[str, str]


@pytest.fixture(scope="session")
def long(sample: Path) -> Callable[[str], list[Row]]:
    held: dict[str, list[Row]] = {}

    def rows(name: str) -> list[Row]:
        if name not in held:
            text = (sample / "explore-education-statistics" / name).read_text(encoding="utf-8")
            held[name] = list(csv.DictReader(io.StringIO(text, newline="")))
        return held[name]

    return rows


@pytest.mark.parametrize(("name", "layout"), LAYOUTS.items())
def test_a_long_file_has_its_published_columns(sample: Path, name: str, layout: str) -> None:
    lines = (sample / "explore-education-statistics" / name).read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(lines))
    assert tuple(rows[0]) == header(layout)
    assert {len(row) for row in rows} == {len(rows[0])}


def test_both_formats_print_the_same_numbers_but_one(
    long: Callable[[str], list[Row]], read: Callable[[str], list[Row]], cases: list[dict[str, Any]]
) -> None:
    wide = {row["URN"]: row for row in read("2024-2025/england_ks2final.csv") if row["URN"].strip()}
    names = {column.upper(): column for column in next(iter(wide.values()))}
    different, compared = [], 0
    for row in long("2024-2025/ks2_school_attainment_data.csv"):
        column = WIDE_OF.get((row["breakdown"], row["subject"]))
        if column is None:
            continue
        printed = wide[row["school_urn"]][names[column.upper()]].strip().rstrip("%")
        compared += 1
        if row["expected_standard_pupil_percent"] != MARKS.get(printed, printed):
            different.append((row["school_urn"], column, printed, row["expected_standard_pupil_percent"]))
    (case,) = [case for case in cases if case["kind"] == "sources_disagree"]
    ((urn, column, printed, again),) = different
    assert (urn, column) == (str(case["urn"]), "PTRWM_EXP")
    assert int(again) == int(printed) + 2
    assert compared > 5000


def test_absence_with_counts_rounds_to_the_tables_rate(
    long: Callable[[str], list[Row]], read: Callable[[str], list[Row]]
) -> None:
    wide = {row["URN"]: row for row in read("2023-2024/england_abs.csv") if row["URN"]}
    rows = long("2023-2024/1a_absence_3term_school.csv")
    assert {row["school_urn"] for row in rows} == wide.keys()
    for row in rows:
        table = wide[row["school_urn"]]
        assert abs(float(row["sess_overall_percent"]) - float(table["PERCTOT"])) <= 0.0501
        assert (row["enrolments_pa_10_exact"] == "c") == (table["PPERSABS10"] == "SUPP")
        if row["enrolments_pa_10_exact"] != "c":
            share = 100 * int(row["enrolments_pa_10_exact"]) / int(row["enrolments"])
            assert float(row["enrolments_pa_10_exact_percent"]) == pytest.approx(share, abs=1e-5)
            assert abs(share - float(table["PPERSABS10"])) <= 0.0501


@pytest.mark.parametrize(
    ("name", "counts", "group"),
    [
        ("2024-2025/1_eyfsp_headline_measures_2025.csv", ("children_number", "gld_number"), "sex"),
        (
            "2024-2025/phonics_regional_and_local_authority_2025.csv",
            ("eligible_pupil_count", "expected_standard_pupil_count"),
            "sex",
        ),
    ],
)
def test_areas_add_up_to_england_and_sexes_to_everybody(
    long: Callable[[str], list[Row]], name: str, counts: tuple[str, str], group: str
) -> None:
    added: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in long(name):
        meals = row.get("fsm_status") or row["breakdown"]
        year_group = row.get("year_group", "")
        if row["geographic_level"] == "Local authority district" or meals != "Total":
            continue
        everybody = "all" if row[group] == "Total" else "both sexes"
        for at, column in enumerate(counts):
            added[row["time_period"], year_group, row["geographic_level"], everybody][at] += int(row[column])
    for period, year_group, level, everybody in added:
        england = added[period, year_group, "National", "all"]
        assert added[period, year_group, level, everybody] == england, (period, level, everybody)
    assert len(added) >= 4 * 6


def test_suspension_rates_are_counts_per_hundred_and_may_pass_a_hundred(long: Callable[[str], list[Row]]) -> None:
    rows = long("2023-2024/exc_school.csv")
    for row in rows:
        rate = 100 * int(row["suspension"]) / int(row["headcount"])
        assert float(row["susp_rate"]) == pytest.approx(rate, abs=1e-5)
        assert int(row["one_plus_susp"]) <= min(int(row["suspension"]), int(row["headcount"]))
    assert any(row["perm_excl"] == "0" for row in rows)


def test_the_tools_table_repeats_the_tables_on_its_own_basis(sample: Path, read: Callable[[str], list[Row]]) -> None:
    table = pq.read_table(sample / "lait" / "bds_long_0.parquet").to_pylist()
    assert list(table[0]) == ["Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region"]
    tool = {(row["Short Desc"], row["Years"], int(row["LA Number"])): row["Values"] for row in table}
    assert len(tool) == len(table)
    wide = read("2024-2025/england_ks2final.csv")
    (county,) = [row for row in wide if row["RECTYPE"] == "3" and row["LEA"] == "998"]
    (england,) = [row for row in wide if row["RECTYPE"] == "5"]
    assert tool["KS2RWM_Expected_STD", "2025", 998] == county["PTRWM_EXP"].rstrip("%")
    assert int(tool["KS2RWM_Expected_STD", "2025", 970]) == int(england["PTRWM_EXP"].rstrip("%")) + 1
    assert {tool["KS2RWM_Expected_STD", "2021", code] for code in (970, 998)} == {"-"}
