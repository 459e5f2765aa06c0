"""The register of establishments as published: full file, extract of academies, groups and their members.

cp1252, text in quotes, numbers bare, dates dd-mm-yyyy (of groups dd/mm/yyyy). Names of people are left blank. Links
between establishments are `links`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sample_county.names import CONSTITUENCIES, TOWNS
from sample_county.rolls import Rolls
from sample_county.schools import FIRST_URN, Register, School
from sample_county.tables import header

AS_AT = date(2026, 8, 21)
REGISTER = "edubasealldata20260821.csv"
GROUPS = "allgroupsdata20260821.csv"
MEMBERSHIPS = "alllinksdata20260821.csv"
EXTRACT_AS_AT = date(2021, 12, 31)
EXTRACT = "edubaseallacademiesandfree20211231.csv"
GROUP_LINKS_AS_AT = date(2024, 3, 29)
GROUP_LINKS = "grouplinks_edubaseallacademiesandfree20240329.csv"

_BARE = {"URN", "StatutoryLowAge", "StatutoryHighAge", "NumberOfPupils", "SchoolCapacity", "UKPRN", "Linked UID"}
_TOWNS_OF_A_DISTRICT = 3
_DIOCESES = {"Church of England": "Diocese of Exampleminster", "Roman Catholic": "Diocese of Lanternford"}
_FIRST_SINGLE_TRUST_UID = 70_000
_FIRST_FEDERATION_UID = 60_000
_MULTI, _SINGLE, _FEDERATION = "Multi-academy trust", "Single-academy trust", "Federation"
_GROUP_CODES = {_MULTI: "06", _SINGLE: "10", _FEDERATION: "01"}
_TRUST_FLAGS = {_MULTI: "Supported by a multi-academy trust", _SINGLE: "Supported by a single-academy trust"}
_TRUSTS_BEGAN = date(2010, 9, 1)
_PHASES = {
    "nursery": "Nursery",
    "infant": "Primary",
    "first": "Primary",
    "junior": "Primary",
    "primary": "Primary",
    "middle": "Middle deemed secondary",
    "upper": "Secondary",
    "secondary": "Secondary",
    "utc": "Secondary",
    "all_through": "All-through",
    "fe": "16 plus",
    "consortium": "16 plus",
}
_TYPE_CODES = {
    "CY": "01",
    "VA": "02",
    "VC": "03",
    "FD": "05",
    "CYS": "07",
    "INDSS": "10",
    "IND": "11",
    "PRU": "14",
    "NUR": "15",
    "FE": "18",
    "AC": "28",
    "": "31",
    "ACC": "34",
    "F": "35",
    "UTC": "40",
    "APC": "42",
    "ACCS": "44",
}


class Group(NamedTuple):
    """One group of schools; `number` is Companies House's, blank for a federation."""

    uid: int
    name: str
    group_type: str
    number: str
    began: date


class Membership(NamedTuple):
    """One school in one group."""

    school: School
    group: Group
    joined: date


def register_text(register: Register, on_roll: Rolls) -> str:
    """Every establishment that is or was open; `on_roll` counts the newest census, school by school."""
    pupils = dict(zip((s.urn for s in register.schools), on_roll.pupils.tolist(), strict=True))
    groups = {(m.school.urn, m.group.group_type == _FEDERATION): m.group for m in memberships(register)}
    schools = sorted([*register.schools, *(school for school, _ in register.consortia)], key=lambda s: s.urn)
    rows = [
        _identity(school, register, AS_AT)
        | _closure(school)
        | _size(school, pupils.get(school.urn, 0))
        | _groups(groups.get((school.urn, False)), groups.get((school.urn, True)))
        | _place(school, register)
        for school in schools
    ]
    return _text("gias_edubasealldata_2026", rows)


def extract_text(register: Register) -> str:
    """The academies open at the end of 2021, without codes."""
    day = EXTRACT_AS_AT
    schools = sorted((s for s in register.schools if s.words.is_academy and s.is_open(day)), key=lambda s: s.urn)
    return _text(
        "gias_extract_2021", [_identity(school, register, day) | _place(school, register) for school in schools]
    )


def groups_text(register: Register) -> str:
    """Every group, by its number."""
    rows = [
        {
            "Group UID": str(group.uid),
            "Group ID": "" if group.group_type == _FEDERATION else f"TR{group.uid:05d}",
            "Group Name": group.name,
            "Companies House Number": group.number,
            "Group Type (code)": _GROUP_CODES[group.group_type],
            "Group Type": group.group_type,
            "Open date": f"{group.began:%d/%m/%Y}" if group.group_type == _FEDERATION else "",
            "Incorporated on (open date)": "" if group.group_type == _FEDERATION else f"{group.began:%d/%m/%Y}",
            "Group Status (code)": "OPEN",
            "Group Status": "Open",
            "Head of Group Title": "Not recorded",
        }
        for group in sorted({m.group for m in memberships(register)})
    ]
    return _text("gias_allgroups_2026", rows)


def memberships_text(register: Register) -> str:
    """Members as at the register's day, in the layout that calls a group's number `Group UID`."""
    return _text("gias_memberships_2024", _member_rows(register, AS_AT))


def group_links_text(register: Register) -> str:
    """Members as at March 2024, in the layout that calls a group's number `Linked UID`; rows lack their last cell."""
    rows = [row | {"Linked UID": row["Group UID"]} for row in _member_rows(register, GROUP_LINKS_AS_AT)]
    return _text("gias_grouplinks_2024", rows, cut_last=True)


def memberships(register: Register) -> list[Membership]:
    """Who is in which group: academies in their trust or one of their own, and the planted federation."""
    found = []
    for school in register.schools:
        if school.words.is_academy:
            joined = school.opened or _TRUSTS_BEGAN
            found.append(Membership(school, _trust(school, register), joined))
        elif school.planted == "federation":
            group = Group(_FIRST_FEDERATION_UID, "The Lanternmere Federation", _FEDERATION, "", date(2019, 9, 1))
            found.append(Membership(school, group, group.began))
    return sorted(found, key=lambda member: (member.school.urn, member.group.uid))


def _trust(school: School, register: Register) -> Group:
    if school.trust is None:
        uid = _FIRST_SINGLE_TRUST_UID + school.urn - FIRST_URN
        return Group(uid, f"{school.name} Trust", _SINGLE, f"{uid:08d}", school.opened or _TRUSTS_BEGAN)
    uid, name = register.trusts[school.trust]
    return Group(uid, name, _MULTI, f"{uid:08d}", _TRUSTS_BEGAN)


def _member_rows(register: Register, day: date) -> list[dict[str, str]]:
    las = {authority.code: authority.name for authority in register.authorities}
    return [
        {
            "URN": str(school.urn),
            "Group UID": str(group.uid),
            "Group Name": group.name,
            "Companies House Number": group.number,
            "Group Type (code)": _GROUP_CODES[group.group_type],
            "Group Type": group.group_type,
            "Group Status (code)": "OPEN",
            "Group Status": "Open",
            "Incorporated on (open date)": "" if group.group_type == _FEDERATION else _day(group.began),
            "Joined date": _day(joined),
            "EstablishmentName": school.name,
            "TypeOfEstablishment (code)": _TYPE_CODES[school.nf_type],
            "TypeOfEstablishment (name)": school.words.information,
            "PhaseOfEducation (name)": _PHASES.get(school.kind, "Not applicable"),
            "LA (code)": str(school.la),
            "LA (name)": las[school.la],
        }
        for school, group, joined in memberships(register)
        if joined <= day and school.is_open(day)
    ]


def _identity(school: School, register: Register, day: date) -> dict[str, str]:
    las = {authority.code: authority.name for authority in register.authorities}
    is_open = school.closed is None or school.closed > day
    is_new = school.words.is_academy and not school.predecessor
    return {
        "URN": str(school.urn),
        "LA (code)": str(school.la),
        "LA (name)": las[school.la],
        "EstablishmentNumber": f"{school.estab:04d}",
        "EstablishmentName": school.name,
        "TypeOfEstablishment (code)": _TYPE_CODES[school.nf_type],
        "TypeOfEstablishment (name)": school.words.information or "Sixth form centres",
        "EstablishmentTypeGroup (name)": school.words.minor_group,
        "EstablishmentStatus (code)": "1" if is_open else "2",
        "EstablishmentStatus (name)": "Open" if is_open else "Closed",
        "ReasonEstablishmentOpened (name)": "Academy Converter"
        if school.nf_type == "ACC"
        else "New Provision"
        if is_new
        else "Not applicable",
        "OpenDate": _day(school.opened),
        "PhaseOfEducation (name)": _PHASES.get(school.kind, "Not applicable"),
        "StatutoryLowAge": str(school.low),
        "StatutoryHighAge": str(school.high),
        "Boarders (name)": "No boarders",
        "OfficialSixthForm (name)": _sixth_form(school),
        "Gender (name)": school.gender,
        "ReligiousCharacter (name)": school.religion,
        "AdmissionsPolicy (name)": "Non-selective" if school.phase == "SEC" else "Not applicable",
        "UKPRN": str(10_900_000 + school.urn - FIRST_URN),
    }


def _closure(school: School) -> dict[str, str]:
    if school.closed is None or school.closed > AS_AT:
        return {"ReasonEstablishmentClosed (name)": "Not applicable"}
    reason = "Academy Converter" if school.converts_to else "Result of Amalgamation/Merger"
    return {"ReasonEstablishmentClosed (name)": reason, "CloseDate": _day(school.closed)}


def _size(school: School, pupils: int) -> dict[str, str]:
    nursery = "Not applicable"
    if school.phase == "PRI":
        nursery = "Has Nursery Classes" if school.low <= 3 else "No Nursery Classes"
    if not pupils:
        return {"NurseryProvision (name)": nursery}
    room = -(-pupils // 30) * 30
    return {"NurseryProvision (name)": nursery, "SchoolCapacity": str(room), "NumberOfPupils": str(pupils)}


def _groups(trust: Group | None, federation: Group | None) -> dict[str, str]:
    cells = {"TrustSchoolFlag (name)": "Not applicable", "FederationFlag (name)": "Not under a federation"}
    if trust:
        flag = _TRUST_FLAGS[trust.group_type]
        cells |= {
            "TrustSchoolFlag (name)": flag,
            "Trusts (code)": str(trust.uid),
            "Trusts (name)": trust.name,
        }
    if federation:
        cells |= {
            "FederationFlag (name)": "Supported by a federation",
            "Federations (code)": str(federation.uid),
            "Federations (name)": federation.name,
        }
    return cells


def _place(school: School, register: Register) -> dict[str, str]:
    la = {authority.code: authority for authority in register.authorities}[school.la]
    number = TOWNS.index(school.town) // _TOWNS_OF_A_DISTRICT if la.is_county else 0
    district = f"{TOWNS[number * _TOWNS_OF_A_DISTRICT]} District" if la.is_county else la.name
    return {
        "Street": school.street,
        "Locality": school.locality,
        "Town": school.town,
        "County (name)": la.name,
        "Postcode": school.postcode,
        "Diocese (name)": _DIOCESES.get(school.religion, "Not applicable"),
        "GOR (name)": la.region,
        "DistrictAdministrative (code)": f"E99{school.la:03d}{number:03d}",
        "DistrictAdministrative (name)": district,
        "ParliamentaryConstituency (name)": CONSTITUENCIES[school.constituency] if la.is_county else la.name,
        "GSSLACode (name)": f"E99000{school.la:03d}",
    }


def _sixth_form(school: School) -> str:
    if school.kind in ("nursery", "pru", "infant") or (school.kind == "special" and school.high < 16):
        return "Not applicable"
    return "Has a sixth form" if school.high >= 18 else "Does not have a sixth form"


def _day(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _text(layout: str, rows: Iterable[dict[str, str]], *, cut_last: bool = False) -> str:
    names = header(layout)
    lines = [",".join(f'"{name}"' for name in names)]
    printed = names[:-1] if cut_last else names
    lines += [",".join(_cells(row, printed)) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def _cells(row: dict[str, str], names: Sequence[str]) -> list[str]:
    return [
        row[name] if name in _BARE and row.get(name) else '"' + row.get(name, "").replace('"', '""') + '"'
        for name in names
    ]
