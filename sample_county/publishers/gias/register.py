"""The register of establishments as published: full file, extract of academies, groups and their members.

cp1252, text in quotes, numbers bare, dates dd-mm-yyyy (of groups dd/mm/yyyy). Names of people are left blank.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sample_county.county.county import County
from sample_county.county.names import CONSTITUENCIES, TOWNS
from sample_county.county.schools import FIRST_URN, YEARS, Link, School
from sample_county.county.tables import File, cp1252, header

AS_AT = date(2026, 8, 21)
LINKS = "links_edubasealldata20260821.csv"
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


def files(county: County) -> Iterator[File]:
    """Every establishment that is or was open, an older extract of academies, groups, members and links."""
    register = sorted([*county.schools, *(school for school, _ in county.register.consortia)], key=lambda s: s.urn)
    pupils = dict(zip((s.urn for s in county.schools), county.rolls(YEARS[-1]).pupils.tolist(), strict=True))
    groups = {(m.school.urn, m.group.group_type == _FEDERATION): m.group for m in _memberships(county)}
    rows = [
        _identity(school, county, AS_AT)
        | _closure(school)
        | _size(school, pupils.get(school.urn, 0))
        | _groups(groups.get((school.urn, False)), groups.get((school.urn, True)))
        | _place(school, county)
        for school in register
    ]
    academies = [s for s in register if s.words.is_academy and s.is_open(EXTRACT_AS_AT)]
    extract = [_identity(school, county, EXTRACT_AS_AT) | _constituency(school, county) for school in academies]
    yield cp1252(f"gias/{REGISTER}", _text("gias_edubasealldata_2026", rows))
    yield cp1252(f"gias/{EXTRACT}", _text("gias_extract_2021", extract))
    yield cp1252(f"gias/{GROUPS}", _text("gias_allgroups_2026", _group_rows(county)))
    yield cp1252(f"gias/{MEMBERSHIPS}", _text("gias_memberships_2024", _member_rows(county, AS_AT)))
    links = _member_rows(county, GROUP_LINKS_AS_AT)
    yield cp1252(f"gias/{GROUP_LINKS}", _text("gias_grouplinks_2024", links, cut_last=True))
    yield cp1252(f"gias/{LINKS}", _links(county.register.links))


def _links(links: Iterable[Link]) -> str:
    """Sorted by URN; the file ends without a line end, as the real one does, and a day may be empty quotes."""
    lines = [",".join(f'"{name}"' for name in header("gias_links_2026"))]
    for link in sorted(links, key=lambda link: (link.urn, link.link_urn, link.link_type)):
        lines.append(f'{link.urn},{link.link_urn},"{link.link_name}","{link.link_type}","{_day(link.on)}"')
    return "\r\n".join(lines)


def _group_rows(county: County) -> list[dict[str, str]]:
    """Every group, by its number."""
    return [
        {
            "Group UID": str(group.uid),
            "Group Name": group.name,
            "Companies House Number": group.number,
            "Group Type": group.group_type,
            "Open date"
            if group.group_type == _FEDERATION
            else "Incorporated on (open date)": f"{group.began:%d/%m/%Y}",
            "Group Status": "Open",
        }
        for group in sorted({m.group for m in _memberships(county)})
    ]


def _memberships(county: County) -> list[Membership]:
    """Who is in which group: academies in their trust or one of their own, and the planted federation."""
    found = []
    for school in county.schools:
        if school.words.is_academy:
            joined = school.opened or _TRUSTS_BEGAN
            found.append(Membership(school, _trust(school, county), joined))
        elif school.planted == "federation":
            group = Group(_FIRST_FEDERATION_UID, "The Lanternmere Federation", _FEDERATION, "", date(2019, 9, 1))
            found.append(Membership(school, group, group.began))
    return sorted(found, key=lambda member: (member.school.urn, member.group.uid))


def _trust(school: School, county: County) -> Group:
    if school.trust is None:
        uid = _FIRST_SINGLE_TRUST_UID + school.urn - FIRST_URN
        return Group(uid, f"{school.name} Trust", _SINGLE, f"{uid:08d}", school.opened or _TRUSTS_BEGAN)
    uid, name = county.register.trusts[school.trust]
    return Group(uid, name, _MULTI, f"{uid:08d}", _TRUSTS_BEGAN)


def _member_rows(county: County, day: date) -> list[dict[str, str]]:
    """Members on a day; a group's number is `Group UID` in the one layout, `Linked UID` in the other."""
    return [
        {
            "URN": str(school.urn),
            "Group UID": str(group.uid),
            "Linked UID": str(group.uid),
            "Group Name": group.name,
            "Companies House Number": group.number,
            "Group Type": group.group_type,
            "Joined date": _day(joined),
            "LA (code)": str(school.la),
        }
        for school, group, joined in _memberships(county)
        if joined <= day and school.is_open(day)
    ]


def _identity(school: School, county: County, day: date) -> dict[str, str]:
    is_open = school.closed is None or school.closed > day
    is_new = school.words.is_academy and not school.predecessor
    return {
        "URN": str(school.urn),
        "LA (code)": str(school.la),
        "LA (name)": county.authority_of[school.la].name,
        "EstablishmentNumber": f"{school.estab:04d}",
        "EstablishmentName": school.name,
        "TypeOfEstablishment (code)": _TYPE_CODES[school.nf_type],
        "TypeOfEstablishment (name)": school.words.information or "Sixth form centres",
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
        "OfficialSixthForm (name)": school.sixth_form_words,
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
    cells = {"TrustSchoolFlag (name)": "Not applicable"}
    if trust:
        flag = _TRUST_FLAGS[trust.group_type]
        cells |= {
            "TrustSchoolFlag (name)": flag,
            "Trusts (code)": str(trust.uid),
            "Trusts (name)": trust.name,
        }
    if federation:
        cells |= {
            "Federations (name)": federation.name,
        }
    return cells


def _place(school: School, county: County) -> dict[str, str]:
    la = county.authority_of[school.la]
    number = TOWNS.index(school.town) // _TOWNS_OF_A_DISTRICT if la.is_county else 0
    return _constituency(school, county) | {
        "Diocese (name)": _DIOCESES.get(school.religion, "Not applicable"),
        "DistrictAdministrative (name)": f"{TOWNS[number * _TOWNS_OF_A_DISTRICT]} District"
        if la.is_county
        else la.name,
    }


def _constituency(school: School, county: County) -> dict[str, str]:
    la = county.authority_of[school.la]
    name = CONSTITUENCIES[school.constituency] if la.is_county else la.name
    return {"ParliamentaryConstituency (name)": name}


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
