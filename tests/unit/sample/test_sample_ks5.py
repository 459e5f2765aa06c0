"""16 to 18: schools, colleges and consortia."""

import pytest

from tests.unit.sample.sample_published import KS5, Read, is_number, key, number

TYPE = "NFTYPE/FESITYPE"


@pytest.mark.parametrize("year", KS5)
def test_an_authority_is_the_sum_of_its_state_funded_rows_without_the_consortium(read: Read, year: int) -> None:
    rows = read(KS5[year])
    assert {row["RECTYPE"] for row in rows} == {"1", "3", "4", "5", "7"}
    for la in (row for row in rows if row["RECTYPE"] == "4"):
        own = [row for row in rows if row["RECTYPE"] == "1" and row["LEA"] == la["LEA"] and row[TYPE] != "IND"]
        students = sum(int(row["TALLPUP_ALEV_1618"]) for row in own if is_number(row["TALLPUP_ALEV_1618"]))
        assert students == (int(la["TALLPUP_ALEV_1618"]) if is_number(la["TALLPUP_ALEV_1618"]) else 0)


def test_the_consortium_is_its_three_members_together(read: Read, links: list[dict[str, str]]) -> None:
    for year in KS5:
        rows = {key(row): row for row in read(KS5[year]) if row["URN"]}
        shared = next(row for row in rows.values() if row["RECTYPE"] == "3")
        members = [link["LinkURN"] for link in links if link["URN"] == shared["URN"]]
        assert len(members) == 3
        assert sum(int(rows[urn]["TALLPUP_ALEV_1618"]) for urn in members) == int(shared["TALLPUP_ALEV_1618"])


def test_value_added_is_published_in_the_two_newest_years_with_an_interval(read: Read) -> None:
    for year in (2024, 2025):
        rows = read(KS5[year])
        shown = [row for row in rows if row["RECTYPE"] == "1" and is_number(row["VA_INS_ALEV"])]
        assert len(shown) > 300
        for row in shown:
            half = (number(row["UCI_INS_ALEV"]) - number(row["LCI_INS_ALEV"])) / 2
            assert half == pytest.approx(1.96 * 1.05 / int(row["ENTRIES_ALEV"]) ** 0.5, abs=0.011)
        assert {row["VA_INS_ALEV"] for row in rows if row["RECTYPE"] in "45"} == {"NA"}
    assert "VA_INS_ALEV" not in read(KS5[2023])[0]


def test_history_columns_are_the_earlier_files_cells(read: Read) -> None:
    names = {"TALLPPE_ALEV_1618": "TALLPPE_ALEV_1618", "PT_RETAINED_ALEV_RET": "PT_Retained_ALEV_Ret"}
    for back, suffix in ((2024, "_24"), (2023, "_23"), (2022, "_22")):
        earlier = {key(row): row for row in read(KS5[back])}
        same = 0
        for row in read(KS5[2025]):
            before = earlier.get(key(row))
            for name, base in names.items() if before else ():
                now, then = row[name + suffix], before[base] if before else ""
                assert (number(now) == number(then)) if is_number(now) else now == then, (key(row), name)
                same += is_number(now)
        assert same > 600


def test_tokens_and_spellings_of_the_years(read: Read) -> None:
    england = [next(row for row in read(KS5[year]) if row["RECTYPE"] == "7") for year in KS5]
    assert [len(row["PT_Retained_ALEV_Ret"].partition(".")[2]) for row in england] == [2, 3, 3, 3]
    independents = [row for row in read(KS5[2025]) if row[TYPE] == "IND"]
    assert independents
    assert {row["PT_Retained_ALEV_Ret"] for row in independents} == {"NA"}
    codes = {row["TALLPPE_TLEV"] for row in read(KS5[2025]) if not is_number(row["TALLPPE_TLEV"])}
    assert codes == {"NE", "SUPP"}
    assert {row[TYPE] for row in read(KS5[2025])} >= {"General Further Education College", "ACC", "IND", ""}


def test_small_cohorts_show_their_size_and_hide_their_points(read: Read) -> None:
    small = [
        row
        for row in read(KS5[2025])
        if row["RECTYPE"] == "1" and is_number(row["TALLPUP_TLEV"]) and int(row["TALLPUP_TLEV"]) <= 5
    ]
    assert small
    assert {row["TALLPPE_TLEV"] for row in small} == {"SUPP"}
