"""Key stage 2: every printed figure agrees with every other."""

import pytest

from tests.unit.sample.sample_published import KS2, Read, Row, is_number, key, number, possible_counts

SIZES = {"B": "BELIG", "G": "GELIG", "FSM6CLA1A": "TFSM6CLA1A", "NotFSM6CLA1A": "TNOTFSM6CLA1A"}
SIZES |= {"EAL": "TEALGRP2", "MOBN": "TMOBN"}
OUTCOMES = ("PTRWM_EXP", "PTRWM_HIGH", "PTREAD_EXP", "PTMAT_EXP", "PTWRITTA_EXP", "PTGPS_EXP", "PTREAD_HIGH")


def schools(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["RECTYPE"] in "12"]


def with_results(rows: list[Row]) -> list[Row]:
    return [row for row in schools(rows) if is_number(row["TELIG"])]


@pytest.mark.parametrize("year", KS2)
def test_record_types_and_one_row_each(read: Read, year: int) -> None:
    rows = read(KS2[year])
    assert {row["RECTYPE"] for row in rows} == {"1", "2", "3", "4", "5"}
    assert len({key(row) for row in rows}) == len(rows)
    assert len([row for row in rows if row["RECTYPE"] == "3"]) == 61
    assert len(schools(rows)) > 1500


@pytest.mark.parametrize("year", KS2)
def test_authority_rows_add_up_to_the_pupils_of_their_schools(read: Read, year: int) -> None:
    rows = read(KS2[year])
    for la in (row for row in rows if row["RECTYPE"] == "3"):
        own = [row for row in with_results(rows) if row["LEA"] == la["LEA"]]
        assert sum(int(row["TELIG"]) for row in own) == int(la["TELIG"])
        for outcome in ("PTRWM_EXP", "PTRWM_HIGH"):
            bounds = [possible_counts(row[outcome], int(row["TELIG"])) for row in own]
            least, most = possible_counts(la[outcome], int(la["TELIG"]))
            assert sum(low for low, _ in bounds) <= most
            assert sum(high for _, high in bounds) >= least


@pytest.mark.parametrize("year", KS2)
def test_england_adds_up_and_the_state_funded_row_to_its_authorities(read: Read, year: int) -> None:
    by_type = {kind: [row for row in read(KS2[year]) if row["RECTYPE"] == kind] for kind in "345"}
    everyone, state = int(by_type["4"][0]["TELIG"]), int(by_type["5"][0]["TELIG"])
    assert state == sum(int(row["TELIG"]) for row in by_type["3"])
    assert everyone > state


@pytest.mark.parametrize("year", KS2)
def test_every_percentage_is_a_count_of_its_pupils(read: Read, year: int) -> None:
    checked = 0
    for row in with_results(read(KS2[year])):
        for outcome in OUTCOMES:
            sizes = {"": "TELIG"} | {f"_{group}": size for group, size in SIZES.items()}
            for ending, size in sizes.items():
                cell = row.get(outcome + ending, "")
                if is_number(cell):
                    least, most = possible_counts(cell, int(row[size]))
                    assert least <= most, (row["URN"], outcome + ending)
                    checked += 1
    assert checked > 20_000


@pytest.mark.parametrize("year", KS2)
def test_groups_make_up_the_cohort(read: Read, year: int) -> None:
    for row in with_results(read(KS2[year])):
        if is_number(row["BELIG"]):
            for one, other in (("BELIG", "GELIG"), ("TFSM6CLA1A", "TNOTFSM6CLA1A")):
                assert int(row[one]) + int(row[other]) == int(row["TELIG"])
            assert int(row["TEALGRP2"]) <= int(row["TELIG"])


@pytest.mark.parametrize("year", KS2)
def test_nothing_is_printed_for_five_pupils_or_fewer(read: Read, year: int) -> None:
    hidden = 0
    for row in with_results(read(KS2[year])):
        if int(row["TELIG"]) <= 5:
            hidden += 1
            assert row["PTRWM_EXP"] == row["BELIG"] == row["READ_AVERAGE"] == row["TFSM6CLA1A"] == "SUPP"
            continue
        for group, size in SIZES.items():
            if 1 <= int(row[size]) <= 5:
                assert row[f"PTRWM_EXP_{group}"] == "SUPP"
        if 1 <= int(row["TFSM6CLA1A"]) <= 5:
            assert row["PTRWM_EXP_NotFSM6CLA1A"] == row["DIFFN_RWM_EXP"] == "SUPP"
    assert hidden > 10


@pytest.mark.parametrize("year", KS2)
def test_the_published_gap_is_to_other_pupils_nationally(read: Read, year: int) -> None:
    rows = read(KS2[year])
    national = next(row for row in rows if row["RECTYPE"] == "5")
    shown = [row for row in rows if is_number(row["DIFFN_RWM_EXP"]) and row["RECTYPE"] in "123"]
    assert len(shown) > 700
    for row in shown:
        gap = number(row["PTRWM_EXP_FSM6CLA1A"]) - number(national["PTRWM_EXP_NotFSM6CLA1A"])
        assert number(row["DIFFN_RWM_EXP"]) == gap


@pytest.mark.parametrize(("year", "suffix", "carried"), [(2024, "_23", 2023), (2025, "_24", 2024), (2025, "_23", 2023)])
def test_carried_columns_are_the_earlier_files_cells(read: Read, year: int, suffix: str, carried: int) -> None:
    earlier = {key(row): row for row in read(KS2[carried])}
    names = ["TELIG", "PTRWM_EXP", "PTRWM_HIGH", "PTRWM_EXP_FSM6CLA1A", "READ_AVERAGE", "READPROG", "MATPROG_UPPER"]
    same = 0
    for row in read(KS2[year]):
        before = earlier.get(key(row))
        for name in names if before else ():
            now, then = row[name + suffix].strip(), before[name].strip() if before else ""
            assert (number(now) == number(then)) if is_number(now) else now == then, (key(row), name)
            same += is_number(now)
    assert same > 7_000


def test_a_converter_carries_its_predecessors_history_and_a_sponsored_academy_does_not(read: Read) -> None:
    earlier = {row["URN"]: row for row in read(KS2[2023])}
    newest = read(KS2[2025])
    fresh = [row for row in newest if row["RECTYPE"] == "1" and row["URN"] not in earlier and row["PTRWM_EXP"]]
    carried = [row for row in fresh if row["PTRWM_EXP_23"]]
    assert {row["NFTYPE"] for row in carried} == {"ACC"}
    assert {row["NFTYPE"] for row in fresh if not row["PTRWM_EXP_23"]} >= {"AC"}
    assert len(carried) >= 3


def test_three_year_figures_add_up_the_three_years(read: Read) -> None:
    known = {year: {key(row): row for row in read(KS2[year])} for year in (2023, 2024)}
    seen = 0
    for row in read(KS2[2025]):
        years = [known[year].get(key(row)) for year in known]
        if is_number(row["TELIG_3YR"]) and all(years):
            total = int(row["TELIG"]) + sum(int(before["TELIG"]) for before in years if before)
            assert int(row["TELIG_3YR"]) == total
            seen += 1
    assert seen > 1500
    without = [row for row in with_results(read(KS2[2025])) if not row["TELIG_3YR"]]
    assert without
    assert {row["PTRWM_EXP_3YR"] for row in without} == {"NA"}


def test_progress_is_published_for_the_first_year_only_with_an_interval_around_it(read: Read) -> None:
    shown = [row for row in schools(read(KS2[2023])) if is_number(row["READPROG"])]
    assert len(shown) > 1500
    for row in shown:
        assert number(row["READPROG_LOWER"]) <= number(row["READPROG"]) <= number(row["READPROG_UPPER"])
    half = [number(row["READPROG_UPPER"]) - number(row["READPROG_LOWER"]) for row in shown if row["TELIG"] == "30"]
    assert half and all(4.4 <= width <= 5.1 for width in half)
    for year in (2024, 2025):
        assert {row["READPROG"].strip() for row in read(KS2[year])} == {""}


def test_blanks_of_aggregate_rows_are_spaces_in_the_older_files_and_nothing_in_the_newest(read: Read) -> None:
    def england(year: int) -> Row:
        return next(row for row in read(KS2[year]) if row["RECTYPE"] == "5")

    assert [england(year)["URN"] for year in KS2] == [" ", " ", ""]
    assert england(2023)["READPROG"] == " "
    assert england(2023)["DIFFN_RWM_EXP"] == "0"
    assert england(2025)["DIFFN_RWM_EXP"] == ""


def test_closed_and_new_schools_are_marked(read: Read) -> None:
    rows = schools(read(KS2[2025]))
    new = [row for row in rows if row["TELIG"] == ""]
    closed = [row for row in rows if row["ICLOSE"] == "1"]
    assert new and closed
    assert {(row["PTRWM_EXP"], row["BELIG"], row["NFTYPE"]) for row in new} == {("", "", "AC")}
    assert all(int(row["TELIG"]) > 0 for row in closed)


def test_the_county_file_repeats_the_england_file_but_for_one_planted_cell(read: Read) -> None:
    england = {key(row): row for row in read(KS2[2025])}
    county = read("2024-2025/998_ks2final.csv")
    assert {row["LEA"] for row in county} == {"998", ""}
    assert len(county) == len([row for row in england.values() if row["LEA"] in ("998", "")])
    differing = [(key(row), name) for row in county for name in row if row[name] != england[key(row)][name]]
    assert [name for _, name in differing] == ["PTRWM_EXP"]


def test_the_revised_file_differs_in_mathematics_at_a_few_schools(read: Read) -> None:
    final = {key(row): row for row in read(KS2[2025])}
    changed = {
        row["URN"]
        for row in read("2024-2025/england_ks2revised.csv")
        if row["RECTYPE"] in "12" and row != final[key(row)]
    }
    assert 5 <= len(changed) <= 40
    for row in read("2024-2025/england_ks2revised.csv"):
        assert row["PTREAD_EXP"] == final[key(row)]["PTREAD_EXP"]
        if row["URN"] in changed:
            assert number(row["PTRWM_EXP"]) < number(final[key(row)]["PTRWM_EXP"])


def test_outcomes_resemble_the_published_ones(read: Read) -> None:
    rows = read(KS2[2025])
    england = next(row for row in rows if row["RECTYPE"] == "5")
    county = next(row for row in rows if row["RECTYPE"] == "3" and row["LEA"] == "998")
    assert number(england["PTRWM_EXP"]) == pytest.approx(62, abs=2)
    assert number(county["PTRWM_EXP"]) == pytest.approx(64, abs=2)
    assert number(county["PTRWM_EXP_FSM6CLA1A"]) == pytest.approx(40, abs=3)
    assert number(county["PTFSM6CLA1A"]) == pytest.approx(21, abs=3)
    values = [
        number(row["PTRWM_EXP"])
        for row in rows
        if row["LEA"] == "998" and row["RECTYPE"] == "1" and is_number(row["PTRWM_EXP"])
    ]
    mean = sum(values) / len(values)
    spread = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
    assert spread == pytest.approx(15.5, abs=2)
