"""Every planted case is in the files as planted-cases.json says."""

from typing import Any

import pytest

from tests.unit.sample.sample_published import KS2, KS4, KS5, Read, is_number, number

Case = dict[str, Any]
Rows = list[dict[str, str]]

KINDS = {
    "converter_academy",
    "sharp_fall",
    "too_small_to_publish",
    "category_of_concern_now",
    "category_of_predecessor",
    "federation",
    "open_one_year",
    "strong",
    "well_for_its_intake",
    "weak_sixth_form",
    "infant_without_results",
    "amalgamation",
    "low_for_years",
    "concerns_at_ungraded_visit",
    "low_secondary",
    "revised_then_final",
    "files_disagree",
    "sources_disagree",
}
YEAR_OF = {"2022/23": 2023, "2023/24": 2024, "2024/25": 2025}


def one(cases: list[Case], kind: str) -> Case:
    return next(case for case in cases if case["kind"] == kind)


def ks2_row(read: Read, year: int, urn: int) -> dict[str, str]:
    return next((row for row in read(KS2[year]) if row["URN"] == str(urn)), {})


def inspection(inspections: Rows, case: Case) -> dict[str, str]:
    return next(row for row in inspections if row["URN"] == str(case["urn"]))


def test_every_case_is_there_with_its_name_in_the_county(cases: list[Case], read: Read) -> None:
    assert {case["kind"] for case in cases} == KINDS
    named = {row["URN"]: row for row in read("2024-2025/england_school_information.csv")}
    for case in cases:
        assert set(case) == {"urn", "name", "kind", "what_is_planted", "expected"}
        assert named[str(case["urn"])]["SCHNAME"] == case["name"]
        assert named[str(case["urn"])]["LA"] == "998"
        assert case["expected"]


def test_the_figures_of_the_list_stand_in_the_files(cases: list[Case], read: Read) -> None:
    checked = 0
    for case in cases:
        for fact in case["expected"].get("observations", []):
            row = ks2_row(read, YEAR_OF[fact["academic_year"]], fact.get("urn", case["urn"]))
            printed = row["PTRWM_EXP"]
            assert printed == (f"{fact['value']}%" if "value" in fact else "SUPP")
            checked += 1
    assert checked > 25


def test_the_converter_has_its_earliest_results_under_the_predecessor_alone(cases: list[Case], read: Read) -> None:
    case = one(cases, "converter_academy")
    (before,) = case["expected"]["predecessor_urns"]
    assert not ks2_row(read, 2023, case["urn"])
    assert not ks2_row(read, 2024, before)
    assert ks2_row(read, 2025, case["urn"])["PTRWM_EXP_23"] == ""


def test_the_fall_is_sharp(cases: list[Case], read: Read) -> None:
    urn = one(cases, "sharp_fall")["urn"]
    rows = [ks2_row(read, year, urn) for year in KS2]
    assert [(row["PTRWM_EXP"], row["TELIG"]) for row in rows] == [("78%", "58"), ("76%", "58"), ("45%", "58")]


def test_the_small_school_prints_no_result_and_no_nought(cases: list[Case], read: Read) -> None:
    urn = one(cases, "too_small_to_publish")["urn"]
    row = ks2_row(read, 2025, urn)
    assert row["TELIG"] == "4"
    outcomes = {name: text for name, text in row.items() if name.startswith(("PTRWM", "READ_AV", "PTREAD", "MAT_AV"))}
    assert {text for text in outcomes.values() if text} == {"SUPP"}
    assert row["PTRWM_EXP_3YR"] == "SUPP"
    for year in ("2021-2022", "2024-2025"):
        absent = next(row for row in read(f"{year}/england_abs.csv") if row["URN"] == str(urn))
        assert absent["PPERSABS10"] == "SUPP"


@pytest.mark.parametrize(
    ("kind", "said", "category"),
    [("category_of_concern_now", "Yes", "SM"), ("category_of_predecessor", "No", "SWK")],
)
def test_categories_belong_to_whom_they_should(
    cases: list[Case], inspections: Rows, kind: str, said: str, category: str
) -> None:
    row = inspection(inspections, one(cases, kind))
    assert row["Does the latest graded inspection relate to the URN of the current school?"] == said
    assert row["Category of concern"] == category


def test_the_county_has_no_other_category_of_its_own(cases: list[Case], inspections: Rows) -> None:
    own = {
        row["URN"]
        for row in inspections
        if row["Local authority"] == "Exampleshire"
        and row["Category of concern"]
        and row["URN at time of latest graded inspection"] == row["URN"]
    }
    assert own == {str(one(cases, "category_of_concern_now")["urn"])}


def test_the_federation_is_two_schools_linked_as_other(cases: list[Case], links: Rows) -> None:
    pair = {str(case["urn"]) for case in cases if case["kind"] == "federation"}
    assert len(pair) == 2
    found = [row for row in links if row["URN"] in pair]
    assert {row["LinkType"] for row in found} == {"Other"}
    assert {row["LinkURN"] for row in found} == pair


def test_the_new_school_has_one_year(cases: list[Case], read: Read, inspections: Rows) -> None:
    case = one(cases, "open_one_year")
    row = ks2_row(read, 2025, case["urn"])
    assert row["PTRWM_EXP_24"] == row["PTRWM_EXP_23"] == ""
    assert row["PTRWM_EXP_3YR"] == "NA"
    seen = inspection(inspections, case)
    assert seen["School open date"] == "01/09/2024"
    assert seen["Inspection start date"] == ""


def test_the_strong_school_is_strong_for_disadvantaged_pupils_too(cases: list[Case], read: Read) -> None:
    urn = one(cases, "strong")["urn"]
    for year in KS2:
        england = next(row for row in read(KS2[year]) if row["RECTYPE"] == "5")
        row = ks2_row(read, year, urn)
        assert number(row["PTRWM_EXP"]) > number(england["PTRWM_EXP"]) + 25
        assert number(row["PTRWM_EXP_FSM6CLA1A"]) > number(england["PTRWM_EXP_FSM6CLA1A"]) + 20


def test_the_school_that_does_well_for_its_intake(cases: list[Case], read: Read) -> None:
    urn = one(cases, "well_for_its_intake")["urn"]
    for year in KS2:
        england = next(row for row in read(KS2[year]) if row["RECTYPE"] == "5")
        row = ks2_row(read, year, urn)
        assert row["PTFSM6CLA1A"] == "55%"
        assert number(row["PTRWM_EXP"]) > number(england["PTRWM_EXP"])
        assert number(row["PTRWM_EXP_FSM6CLA1A"]) > number(england["PTRWM_EXP_FSM6CLA1A"]) + 10


def test_the_sixth_form_is_weak_and_its_school_is_not(cases: list[Case], read: Read) -> None:
    urn = str(one(cases, "weak_sixth_form")["urn"])
    for year in KS5:
        row = next(row for row in read(KS5[year]) if row["URN"] == urn)
        assert number(row["TALLPPE_ALEV_1618"]) == pytest.approx(22, abs=1)
        if "VA_INS_ALEV" in row:
            assert number(row["UCI_INS_ALEV"]) < 0
    for year in KS4:
        assert number(next(row for row in read(KS4[year]) if row["URN"] == urn)["ATT8SCR"]) == pytest.approx(51, abs=1)


def test_the_infant_school_has_no_results(cases: list[Case], read: Read) -> None:
    urn = str(one(cases, "infant_without_results")["urn"])
    assert not [row for table in (*KS2.values(), *KS4.values()) for row in read(table) if row["URN"] == urn]


def test_the_amalgamated_schools_results_are_the_junior_schools_alone(
    cases: list[Case], read: Read, links: Rows
) -> None:
    case = one(cases, "amalgamation")
    infant, junior = case["expected"]["predecessor_urns"]
    assert is_number(ks2_row(read, 2023, junior)["PTRWM_EXP"])
    assert ks2_row(read, 2023, junior)["ICLOSE"] == "1"
    assert not ks2_row(read, 2023, infant) and not ks2_row(read, 2023, case["urn"])
    assert not ks2_row(read, 2024, junior) and ks2_row(read, 2024, case["urn"])
    found = {(row["LinkURN"], row["LinkType"]) for row in links if row["URN"] == str(case["urn"])}
    assert found == {
        (str(infant), "Predecessor - amalgamated"),
        (str(junior), "Predecessor - amalgamated"),
        (str(junior), "Result of Amalgamation"),
    }


def test_the_schools_that_are_low_for_years(cases: list[Case], read: Read) -> None:
    primary, secondary = (str(one(cases, kind)["urn"]) for kind in ("low_for_years", "low_secondary"))
    assert all(number(ks2_row(read, year, int(primary))["PTRWM_EXP"]) < 30 for year in KS2)
    for year in (2022, 2023, 2024):
        row = next(row for row in read(KS4[year]) if row["URN"] == secondary)
        assert number(row["P8CIUPP"]) < -0.5
    for urn, least in ((primary, 25), (secondary, 40)):
        absent = next(row for row in read("2024-2025/england_abs.csv") if row["URN"] == urn)
        assert number(absent["PPERSABS10"]) > least


def test_concerns_were_noted_at_an_ungraded_visit(cases: list[Case], inspections: Rows) -> None:
    row = inspection(inspections, one(cases, "concerns_at_ungraded_visit"))
    assert row["Overall effectiveness"] == "2"
    assert row["Ungraded inspection overall outcome"] == "School remains Good (Concerns) - S5 Next"
    assert row["Date of latest ungraded inspection"] == "18/06/2024"


def test_the_two_releases_and_the_two_files_disagree_where_the_list_says(cases: list[Case], read: Read) -> None:
    for case in (case for case in cases if case["kind"] == "revised_then_final"):
        revised = next(row for row in read("2024-2025/england_ks2revised.csv") if row["URN"] == str(case["urn"]))
        assert revised["PTRWM_EXP"] != ks2_row(read, 2025, case["urn"])["PTRWM_EXP"]
    case = one(cases, "files_disagree")
    texts = case["expected"]["data_quality_disagreement"]
    county = next(row for row in read("2024-2025/998_ks2final.csv") if row["URN"] == str(case["urn"]))
    assert county[texts["source_column"]] == texts["county"]
    assert ks2_row(read, 2025, case["urn"])[texts["source_column"]] == texts["england"]
