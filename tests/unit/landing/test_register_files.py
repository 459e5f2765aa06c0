"""The register's files on the way in: each layout told by its header, broken ones refused, people's files passed by."""

from pathlib import Path

import pytest

from pipelines.landing.intake import Outcome, add

REGISTER = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "TypeOfEstablishment (name),EstablishmentStatus (name),OpenDate,CloseDate,DistrictAdministrative (name)"
)
REGISTER_ROW = '100001,919,Hertfordshire,2003,Caf\xe9 School,01,Community school,Open,,"",Dacorum'
EXTRACT = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),"
    "EstablishmentStatus (name),OpenDate,PhaseOfEducation (name)"
)
EXTRACT_ROW = "100001,919,Hertfordshire,2003,A School,Academy converter,Open,01-09-2012,Primary"
MEMBERS = "URN,{uid},Group Name,Group Type,Closed Date,Joined date,LA (code)"
MEMBERS_ROW = "100001,2044,A TRUST,Multi-academy trust,,01-09-2012,919"
GROUPS = "Group UID,Group Name,Companies House Number,Group Type,Closed Date,Group Status"
GROUPS_ROW = "2044,A TRUST,07318714,Multi-academy trust,,Open"
SPINE = "URN,LA,ESTAB,LAESTAB,SCHNAME,ICLOSE,MINORGROUP,NFTYPE"
SPINE_ROW = "100001,919,2003,9192003,A School,1,Academy,Academy sponsor led mainstream"


def added(home, folder: Path, name: str, *lines: str) -> Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    [outcome] = add(home, [path])
    return outcome


@pytest.mark.parametrize(
    ("name", "header", "row", "source"),
    [
        ("edubasealldata20240329.csv", REGISTER, REGISTER_ROW, "gias_register"),
        ("edubasealldata20240329.csv", REGISTER + ",OfstedRating (name)", REGISTER_ROW + ",Good", "gias_register"),
        ("edubaseallstatefunded20240329.csv", REGISTER, REGISTER_ROW, "gias_register"),
        ("edubaseallstatefunded20240329.csv", EXTRACT, EXTRACT_ROW, "gias_extract"),
        ("edubaseallacademiesandfree20240329.csv", EXTRACT, EXTRACT_ROW, "gias_extract"),
        ("allgroupsdata20240329.csv", GROUPS, GROUPS_ROW, "gias_groups"),
        (
            "grouplinks_edubaseallacademiesandfree20240329.csv",
            MEMBERS.format(uid="Linked UID"),
            MEMBERS_ROW,
            "gias_group_links",
        ),
        ("alllinksdata20240329.csv", MEMBERS.format(uid="Group UID"), MEMBERS_ROW, "gias_memberships"),
        ("academiesmatmembership20240329.csv", MEMBERS.format(uid="Group UID"), MEMBERS_ROW, "gias_memberships"),
    ],
)
def test_a_dated_file_is_told_by_name_and_header(home, tmp_path, name, header, row, source):
    outcome = added(home, tmp_path, name, header, row)
    assert (outcome.status, outcome.source, outcome.academic_year) == ("accepted", source, "2023/24"), outcome.reason


def test_the_spine_is_a_register_of_its_year(home, tmp_path):
    outcome = added(home, tmp_path / "2017-2018", "england_spine.csv", SPINE, SPINE_ROW)
    assert (outcome.status, outcome.source, outcome.academic_year) == ("accepted", "spine", "2017/18"), outcome.reason


@pytest.mark.parametrize(
    ("name", "lines", "reason"),
    [
        (
            "edubasealldata20240329.csv",
            ["URN,LA (code)", "117083,919"],
            "not gias_register: no column",
        ),
        ("alllinksdata20240329.csv", [MEMBERS.format(uid="Group"), MEMBERS_ROW], "no column LINKED UID"),
        ("edubasealldata20240230.csv", [REGISTER, REGISTER_ROW], "does not exist"),
        ("edubasealldata20240329.csv", [REGISTER], "a header and no rows beneath it"),
        ("edubasealldata20240329.csv", [""], "the file is empty"),
        ("edubasealldata20240329.csv", ["<!DOCTYPE html>", "<p>busy</p>"], "a web page saved as .csv"),
        ("edubasealldata20240329.csv", [REGISTER, REGISTER_ROW + ',"cut'], "broken quoting"),
        ("allgroupsdata20240329.csv", ["Group UID,Group Name", "2044,A TRUST"], "not gias_groups: no column"),
    ],
)
def test_a_file_that_is_no_register_is_refused_in_one_line(home, tmp_path, name, lines, reason):
    outcome = added(home, tmp_path, name, *lines)
    assert outcome.status == "rejected"
    assert reason.lower() in outcome.reason.lower() and "\n" not in outcome.reason
    assert not list(home.raw.rglob("*.csv"))


@pytest.mark.parametrize("name", ["governancematdata20260821.csv", "governancealldata20260821.csv"])
def test_files_of_people_are_never_kept(home, tmp_path, name):
    outcome = added(home, tmp_path, name, "GID,URN,Forename 1,Surname", "1,100001,A,Person")
    assert outcome.status == "skipped" and "personal names" in outcome.reason
    assert not home.raw.exists() or not list(home.raw.rglob("*"))
