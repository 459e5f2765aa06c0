"""The sample's register as published: real layouts, the same schools in every file, and nobody's name."""

import csv
import io
from pathlib import Path

import pytest

from pipelines.sources.catalogue import load_catalogue
from pipelines.tables.decode import read_table
from sample_county.county.tables import header

Rows = list[dict[str, str]]
LAYOUTS = {
    "edubasealldata20260821.csv": ("gias_edubasealldata_2026", "gias_register"),
    "edubaseallacademiesandfree20211231.csv": ("gias_extract_2021", "gias_extract"),
    "allgroupsdata20260821.csv": ("gias_allgroups_2026", "gias_groups"),
    "alllinksdata20260821.csv": ("gias_memberships_2024", "gias_memberships"),
    "grouplinks_edubaseallacademiesandfree20240329.csv": ("gias_grouplinks_2024", "gias_group_links"),
    "links_edubasealldata20260821.csv": ("gias_links_2026", "gias_links"),
}


def read(sample: Path, name: str) -> Rows:
    text = (sample / "gias" / name).read_bytes().decode("cp1252")
    return list(csv.DictReader(io.StringIO(text, newline=""), restval=""))


@pytest.mark.parametrize(("name", "layout", "source"), [(name, *both) for name, both in LAYOUTS.items()])
def test_a_file_has_its_published_columns_and_is_proved_by_them(
    sample: Path, name: str, layout: str, source: str
) -> None:
    rows = read(sample, name)
    assert tuple(rows[0]) == header(layout)
    publication = load_catalogue().source(source)
    assert publication is not None
    table = read_table((sample / "gias" / name).read_bytes(), name, publication, publication.sheet)
    assert len(table.lines) == len(rows) > 100


def test_nobody_is_named(sample: Path) -> None:
    for name in LAYOUTS:
        for row in read(sample, name):
            people = [
                value for column, value in row.items() if column.startswith(("HeadFirst", "HeadLast", "HeadTitle"))
            ]
            people += [value for column, value in row.items() if "First Name" in column or "Last Name" in column]
            assert not any(people)


def test_every_school_of_the_inspection_and_information_files_is_in_the_register(
    sample: Path, inspections: Rows
) -> None:
    register = {row["URN"]: row for row in read(sample, "edubasealldata20260821.csv")}
    assert len(register) == len(read(sample, "edubasealldata20260821.csv"))
    for row in inspections:
        mine = register[row["URN"]]
        assert mine["EstablishmentName"] == row["School name"]
        assert (mine["OfficialSixthForm (name)"], mine["Trusts (code)"] or "") == (
            row["Sixth form"],
            row["Multi-academy trust UID"] or mine["Trusts (code)"],
        )
    text = (sample / "performance-tables/2024-2025/england_school_information.csv").read_text(encoding="utf-8-sig")
    for row in csv.DictReader(io.StringIO(text, newline=""), restval=""):
        mine = register[row["URN"]]
        assert (mine["StatutoryLowAge"], mine["StatutoryHighAge"]) == (row["AGELOW"], row["AGEHIGH"])
        assert mine["CloseDate"] == row["CLOSEDATE"]


def test_districts_and_dioceses_of_the_county(sample: Path) -> None:
    county = [row for row in read(sample, "edubasealldata20260821.csv") if row["LA (code)"] == "998"]
    assert len({row["DistrictAdministrative (name)"] for row in county}) == 4
    assert {row["Diocese (name)"] for row in county if row["ReligiousCharacter (name)"] == "Roman Catholic"} == {
        "Diocese of Lanternford"
    }
    assert {row["Diocese (name)"] for row in county if row["ReligiousCharacter (name)"] == "Does not apply"} == {
        "Not applicable"
    }


def test_members_belong_to_listed_groups_and_to_open_schools(sample: Path) -> None:
    groups = {row["Group UID"]: row["Group Name"] for row in read(sample, "allgroupsdata20260821.csv")}
    register = {row["URN"]: row for row in read(sample, "edubasealldata20260821.csv")}
    members = read(sample, "alllinksdata20260821.csv")
    for row in members:
        assert groups[row["Group UID"]] == row["Group Name"]
        assert register[row["URN"]]["EstablishmentStatus (name)"] == "Open"
    in_trusts = {row["URN"]: row["Group UID"] for row in members if row["Group Type"] != "Federation"}
    assert in_trusts == {
        urn: row["Trusts (code)"]
        for urn, row in register.items()
        if row["Trusts (code)"] and row["EstablishmentStatus (name)"] == "Open"
    }
    federated = [row for row in members if row["Group Type"] == "Federation"]
    assert len(federated) == 2 and {row["Group Name"] for row in federated} == {"The Lanternmere Federation"}
    older = read(sample, "grouplinks_edubaseallacademiesandfree20240329.csv")
    assert {row["HasSharedHT"] for row in older} == {""} and 0 < len(older) < len(members)
    for row in older:
        assert row["Linked UID"] == in_trusts.get(row["URN"], row["Linked UID"])
