"""Key stage 4 and destinations: every printed figure agrees with every other."""

import pytest

from tests.unit.sample.sample_published import KS4, Read, Row, is_number, key, number, possible_counts

CODES = {"SUPP", "NE", "NP", "NA", "LOWCOV", ""}
WITH_PROGRESS = (2022, 2023, 2024)


def state_schools(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["RECTYPE"] in "12" and row["NFTYPE"] not in ("IND", "INDSS")]


@pytest.mark.parametrize("year", KS4)
def test_record_types_and_sums(read: Read, year: int) -> None:
    rows = read(KS4[year])
    assert {row["RECTYPE"] for row in rows} == {"1", "2", "4", "5", "7"}
    assert len({key(row) for row in rows}) == len(rows)
    for la in (row for row in rows if row["RECTYPE"] == "4"):
        own = [row for row in state_schools(rows) if row["LEA"] == la["LEA"]]
        assert sum(int(row["TPUP"]) for row in own) == int(la["TPUP"])
        shown = [row for row in own if is_number(row["ATT8SCR"])]
        points = sum(number(row["ATT8SCR"]) * int(row["TPUP"]) for row in shown)
        assert points <= (number(la["ATT8SCR"]) + 0.1) * int(la["TPUP"])
    everyone, state = (next(int(row["TPUP"]) for row in rows if row["RECTYPE"] == kind) for kind in "57")
    assert state == sum(int(row["TPUP"]) for row in rows if row["RECTYPE"] == "4")
    assert everyone > state


@pytest.mark.parametrize("year", KS4)
def test_percentages_and_means_come_from_whole_pupils(read: Read, year: int) -> None:
    sizes = {"PTL2BASICS_95": "TPUP", "PTL2BASICS_94": "TPUP", "PTEBACC_E_PTQ_EE": "TPUP"}
    sizes |= {"PTFSM6CLA1ABASICS_95": "TFSM6CLA1A", "PBL2BASICS_94": "BPUP", "PTFSM6CLA1A": "TPUP"}
    checked = 0
    for row in state_schools(read(KS4[year])):
        for name, size in sizes.items():
            if is_number(row[name]):
                least, most = possible_counts(row[name], int(row[size]), places=1)
                assert least <= most, (row["URN"], name)
                checked += 1
        if is_number(row["ATT8SCR_GIRLS"]) and is_number(row["ATT8SCR_BOYS"]):
            parts = number(row["ATT8SCR_GIRLS"]) * int(row["GPUP"]) + number(row["ATT8SCR_BOYS"]) * int(row["BPUP"])
            assert number(row["ATT8SCR"]) == pytest.approx(parts / int(row["TPUP"]), abs=0.1001)
    assert checked > 2000


def test_percentages_are_spelled_as_each_year_spells_them(read: Read) -> None:
    def spelled(year: int) -> str:
        return next(row["PTL2BASICS_95"] for row in read(KS4[year]) if row["RECTYPE"] == "7")

    assert len(spelled(2022).partition(".")[2]) == 2
    assert all(spelled(year).endswith("0%") and len(spelled(year).partition(".")[2]) == 3 for year in (2023, 2025))


@pytest.mark.parametrize("year", WITH_PROGRESS)
def test_progress_8_has_an_interval_that_narrows_with_the_cohort(read: Read, year: int) -> None:
    shown = [row for row in state_schools(read(KS4[year])) if is_number(row["P8MEA"])]
    assert len(shown) > 380
    for row in shown:
        half = (number(row["P8CIUPP"]) - number(row["P8CILOW"])) / 2
        assert half == pytest.approx(1.96 * 1.27 / int(row["P8PUP"]) ** 0.5, abs=0.011)
        assert number(row["P8CILOW"]) < number(row["P8MEA"]) < number(row["P8CIUPP"])
    england = next(row for row in read(KS4[year]) if row["RECTYPE"] == "7")
    assert england["P8CILOW"] == ""
    assert abs(number(england["P8MEA"])) < 0.05


def test_progress_8_ended_before_the_newest_year_and_prior_attainment_with_it(read: Read) -> None:
    for name in ("P8MEA", "P8CILOW", "P8MEA_FSM6CLA1A", "DIFFN_P8MEA", "PTPRIORLO", "ATT8SCR_LO", "P8_BANDING"):
        assert {row[name] for row in read(KS4[2025])} == {"NA"}
    assert {row["P8MEA"] for row in read(KS4[2024])} >= {"NP", "LOWCOV"}


@pytest.mark.parametrize("year", (2024, 2025))
def test_carried_columns_are_the_cells_of_one_and_two_years_before(read: Read, year: int) -> None:
    for suffix, back in (("_PREV", 1), ("_PREV2", 2)):
        earlier = {key(row): row for row in read(KS4[year - back])}
        same = 0
        for row in read(KS4[year]):
            before = earlier.get(key(row))
            for name in ("ATT8SCR", "P8MEA", "P8CILOW", "PTL2BASICS_95", "ATT8SCR_FSM6CLA1A", "TFSM6CLA1A"):
                now = row[name + suffix]
                if before is None:
                    continue
                then = before[name]
                assert (number(now) == number(then)) if is_number(now) else now == then, (key(row), name, suffix)
                same += is_number(now)
        assert same > 2000


@pytest.mark.parametrize("year", KS4)
def test_small_schools_and_groups_are_hidden_and_independents_not_published(read: Read, year: int) -> None:
    codes = set()
    for row in read(KS4[year]):
        if row["RECTYPE"] not in "12":
            continue
        if row["NFTYPE"] in ("IND", "INDSS"):
            assert {row["ATT8SCR_FSM6CLA1A"], row["TFSM6CLA1A"], row["PTL2BASICS_95"] and "NP"} == {"NP"}
        elif 1 <= int(row["TPUP"]) <= 5:
            assert row["ATT8SCR"] == row["BPUP"] == row["TFSM6CLA1A"] == "SUPP"
        elif is_number(row["TFSM6CLA1A"]) and 1 <= int(row["TFSM6CLA1A"]) <= 5:
            assert row["ATT8SCR_FSM6CLA1A"] in ("SUPP", "NE")
        codes |= {row["ATT8SCR"], row["ATT8SCR_FSM6CLA1A"]} & CODES
    assert codes >= {"SUPP", "NE", "NP"}


def test_the_published_gap_is_to_other_pupils_nationally(read: Read) -> None:
    rows = read(KS4[2025])
    national = next(row for row in rows if row["RECTYPE"] == "7")
    shown = [row for row in rows if is_number(row["DIFFN_ATT8"])]
    assert len(shown) > 380
    for row in shown:
        gap = number(row["ATT8SCR_FSM6CLA1A"]) - number(national["ATT8SCR_NFSM6CLA1A"])
        assert number(row["DIFFN_ATT8"]) == pytest.approx(gap, abs=1e-6)


def test_a_school_that_opened_from_below_is_listed_without_pupils(read: Read) -> None:
    empty = [row for row in read(KS4[2025]) if row["RECTYPE"] == "1" and row["TPUP"] == "0"]
    assert [row["LEA"] for row in empty] == ["998"]
    assert empty[0]["ATT8SCR"] == "" and empty[0]["P8MEA"] == "NA"


def test_outcomes_resemble_the_published_ones(read: Read) -> None:
    rows = read(KS4[2025])
    england = next(row for row in rows if row["RECTYPE"] == "7")
    county = next(row for row in rows if row["RECTYPE"] == "4" and row["LEA"] == "998")
    assert number(england["ATT8SCR"]) == pytest.approx(46.0, abs=1)
    assert number(england["PTL2BASICS_95"]) == pytest.approx(45.4, abs=2)
    assert number(county["ATT8SCR"]) == pytest.approx(50.6, abs=2)
    assert number(county["ATT8SCR_FSM6CLA1A"]) < number(england["ATT8SCR_FSM6CLA1A"]) + 2


def test_destinations_add_up_and_hide_small_cells(read: Read) -> None:
    rows = read("2024-2025/england_ks4-pupdest.csv")
    assert [row["RECTYPE"] for row in rows if not row["RECTYPE"].isdigit()].count("NAT") == 1
    leavers = {key(row): row for row in read(KS4[2023])}
    for row in rows:
        if row["RECTYPE"] in "12":
            assert row["COHORT"] == leavers[row["URN"]]["TPUP"]
        if is_number(row["OVERALL_DEST"]):
            least, most = possible_counts(row["OVERALL_DESTPER"], int(row["COHORT"]))
            assert least <= int(row["OVERALL_DEST"]) <= most
    for la in (row for row in rows if row["RECTYPE"] == "LA"):
        own = [row for row in rows if row["RECTYPE"] in "12" and row["LEA"] == la["LEA"]]
        assert sum(int(row["COHORT"]) for row in own) == int(la["COHORT"])
        assert int(la["COHORT_DIS"]) % 5 == 0
        if is_number(la["OVERALL_DEST_DIS"]):
            parts = int(la["OVERALL_DEST_DIS"]) + int(la["OVERALL_DEST_NONDIS"])
            assert parts == pytest.approx(int(la["OVERALL_DEST"]), abs=5)
    assert any(row["OVERALL_DEST_DIS"] == "SUPP" for row in rows)
