"""Absence, census, school information, inspections and register links."""

import pytest

from tests.unit.sample.sample_published import Read, is_number, number

YEARS = ("2021-2022", "2022-2023", "2023-2024", "2024-2025")
Rows = list[dict[str, str]]


@pytest.mark.parametrize("folder", YEARS)
def test_england_absence_has_total_rows_for_england_only(read: Read, folder: str) -> None:
    rows = read(f"{folder}/england_abs.csv")
    totals = [row for row in rows if not row["URN"]]
    assert [(row["LA"], row["ESTAB"]) for row in totals] == [("NAT", phase) for phase in ("PRI", "SEC", "SPE")]
    assert totals == rows[-3:]
    assert all(row["ESTAB"].isdigit() for row in rows[:-3])
    assert {row["PPERSABS10"] for row in rows if not is_number(row["PPERSABS10"])} == {"SUPP"}
    assert all("%" not in row["PERCTOT"] for row in rows)


def test_county_absence_has_shifted_total_rows_and_the_england_files_cells(read: Read) -> None:
    rows = read("2023-2024/998_abs.csv")
    england = read("2023-2024/england_abs.csv")
    assert [row["ESTAB"] for row in rows if row["LA"] == "998" and not row["URN"]] == ["PRI", "SEC", "SPE"]
    own = [row for row in rows if row["URN"]]
    assert own == [row for row in england if row["LA"] == "998"]
    assert rows[-3:] == england[-3:]


def test_absence_resembles_the_published_rates(read: Read) -> None:
    totals = {row["ESTAB"]: row for row in read("2024-2025/england_abs.csv")[-3:]}
    assert number(totals["PRI"]["PPERSABS10"]) == pytest.approx(13.0, abs=2)
    assert number(totals["SEC"]["PPERSABS10"]) == pytest.approx(23.4, abs=2)


@pytest.mark.parametrize(
    ("folder", "estab", "sign"),
    [("2020-2021", "ESTAB", "%"), ("2021-2022", "Estab", ""), ("2023-2024", "Estab", ""), ("2024-2025", "Estab", "%")],
)
def test_census_spelling_and_total_rows(read: Read, folder: str, estab: str, sign: str) -> None:
    rows = read(f"{folder}/england_census.csv")
    assert [(row["URN"], row["LA"], row[estab]) for row in rows[-3:]] == [("NAT", "", p) for p in ("PRI", "SEC", "SPE")]
    assert not [row for row in rows if row["URN"] == "LA"]
    assert all(row["PSENELK"].endswith(sign) and ("%" in row["PSENELK"]) == bool(sign) for row in rows)
    for row in rows:
        if row["SCHOOLTYPE"].startswith("State") and is_number(row["NUMEAL"]):
            assert 0 <= int(row["NUMEAL"]) <= int(row["NOR"])
            assert int(row["TSENELSE"]) + int(row["TSENELK"]) <= int(row["NOR"])
    primaries = [row for row in rows if row["SCHOOLTYPE"] == "State-funded primary" and row["URN"].isdigit()]
    assert sum(int(row["NOR"]) for row in primaries) == int(rows[-3]["NOR"])


def test_the_county_census_has_its_own_shifted_rows(read: Read) -> None:
    rows = read("2024-2025/998_census.csv")
    shifted = [row for row in rows if row["URN"] == "LA"]
    assert [(row["LA"], row["Estab"], row["SCHOOLTYPE"]) for row in shifted] == [
        ("State-funded primary", "PRI", "998"),
        ("State-funded secondary", "SEC", "998"),
        ("Special school", "SPE", "998"),
    ]
    primaries = [row for row in rows if row["SCHOOLTYPE"] == "State-funded primary" and row["URN"].isdigit()]
    assert sum(int(row["NOR"]) for row in primaries) == int(shifted[0]["NOR"])
    england = {row["URN"]: row for row in read("2024-2025/england_census.csv")}
    assert all(row == england[row["URN"]] for row in rows if row["URN"].isdigit())
    assert {row["NUMFSMEVER"] for row in rows if row["SCHOOLTYPE"] == "State-funded nursery"} == {"NA"}


def test_school_information_covers_the_county_in_every_kind(read: Read) -> None:
    rows = [row for row in read("2024-2025/england_school_information.csv") if row["LA"] == "998"]
    assert 390 <= len(rows) <= 430
    assert {row["LANAME"] for row in rows} == {"Exampleshire"}
    types = {row["SCHOOLTYPE"] for row in rows}
    assert types >= {
        "Community school",
        "Voluntary aided school",
        "Voluntary controlled school",
        "Foundation school",
        "Academy converter",
        "Academy sponsor led",
        "Free schools",
        "University technical college",
        "Community special school",
        "Other independent school",
        "Further education",
    }
    ages = {(row["AGELOW"], row["AGEHIGH"]) for row in rows}
    assert ages >= {("3", "7"), ("7", "11"), ("3", "9"), ("9", "13"), ("13", "18"), ("11", "16"), ("4", "18")}
    assert {row["SCHSTATUS"] for row in rows} == {"Open", "Closed"}
    assert {row["RELCHAR"] for row in rows} >= {"Church of England", "Roman Catholic", "None", "Does not apply"}


def test_the_county_has_a_dozen_trusts(inspections: Rows) -> None:
    own = [row for row in inspections if row["Local authority"] == "Exampleshire"]
    names = {row["Multi-academy trust name"] for row in own if row["Multi-academy trust UID"]}
    assert len(names) == 12
    assert {row["Ofsted phase"] for row in own} == {"Primary", "Secondary", "Special", "Nursery", "PRU"}
    assert len(own) == len({row["URN"] for row in own})


def test_inspections_follow_the_rules_of_their_day(inspections: Rows) -> None:
    overall = {row["Overall effectiveness"] for row in inspections}
    assert overall == {"1", "2", "3", "4", "Not judged", ""}
    for row in inspections:
        if not row["Inspection start date"]:
            assert row["Overall effectiveness"] == row["Publication date"] == ""
            continue
        day, month, year = row["Inspection start date"].split("/")
        started = f"{year}-{month}-{day}"
        assert (row["Overall effectiveness"] == "Not judged") == (started >= "2024-09-02")
        assert (row["Quality of education"] == "9") == (started < "2019-09-01")
        assert started <= "2025-07-31"
        is_own = row["URN at time of latest graded inspection"] == row["URN"]
        said = row["Does the latest graded inspection relate to the URN of the current school?"]
        assert said == ("Yes" if is_own else "No")
    assert {row["Category of concern"] for row in inspections} == {"", "SM", "SWK"}
    assert sum(row["Quality of education"] == "9" for row in inspections) / len(inspections) > 0.25


def test_links_have_every_kind_blank_dates_and_are_not_symmetric(links: Rows) -> None:
    kinds = {row["LinkType"] for row in links}
    assert kinds >= {
        "Successor",
        "Predecessor",
        "Predecessor - amalgamated",
        "Successor - amalgamated",
        "Result of Amalgamation",
        "Sixth Form Centre Link",
        "Sixth Form Centre School",
        "Other",
    }
    blank = sum(row["LinkEstablishedDate"] == "" for row in links) / len(links)
    assert 0.18 <= blank <= 0.29
    forward = sum(row["LinkType"] == "Successor" for row in links)
    backward = sum(row["LinkType"] == "Predecessor" for row in links)
    assert forward != backward
