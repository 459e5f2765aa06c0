"""The real register files: lineage from every copy of the links, blank days, trusts, one school per history.

What belongs here: what the register, its links and its groups come to. What does not: the schools' results.
"""

from collections import Counter
from datetime import date, datetime

import pytest

from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData, Row, read_rows

# the list in the dossier of sources, counted on the copy of August 2026
LINK_TYPES = {
    "Successor": 17182,
    "Predecessor": 16810,
    "Predecessor - merged": 281,
    "Successor - merged": 231,
    "Predecessor - amalgamated": 140,
    "Sixth Form Centre School": 137,
    "Successor - amalgamated": 135,
    "Result of Amalgamation": 115,
    "Sixth Form Centre Link": 59,
    "Successor - Split School": 54,
    "Predecessor - Split School": 51,
    "Other": 15,
    "Merged - change in age range": 9,
    "Merged - expansion in school capacity and changer in age range": 9,
    "Merged - expansion of school capacity": 5,
    "Expansion": 3,
    "Closure": 3,
}
REFERENCE = date(2026, 8, 21)  # the newest day of publication held
NOT_LINEAGE = {"Sixth Form Centre School", "Sixth Form Centre Link", "Other", "Expansion", "Closure"}


@pytest.fixture(scope="module")
def older_links(real: RealData) -> list[Row]:
    return read_rows(real.root / "gias" / "links_edubasealldata20190901.csv")


def test_links_by_type_are_those_of_the_dossier(real: RealData, hertfordshire: Built) -> None:
    landed = dict(
        hertfordshire.rows(
            """
            select link_type, count(*) from warehouse.stg_gias_links
            inner join warehouse.stg_files using (file_id)
            where published_on = (select max(published_on) from warehouse.stg_files where source = 'gias_links')
            group by link_type
            """
        )
    )
    assert landed == LINK_TYPES == Counter(row["LINKTYPE"] for row in real.links())
    known = {link_type for (link_type,) in hertfordshire.rows("select link_type from warehouse.link_types")}
    assert landed.keys() <= known


def test_lineage_holds_every_pair_of_both_copies_once(
    real: RealData, older_links: list[Row], hertfordshire: Built
) -> None:
    """Every pair the newest copy naming it calls lineage, but those still to come and those without a direction."""
    newest: dict[frozenset[str], list[Row]] = {}
    for copy in (older_links, real.links()):
        named: dict[frozenset[str], list[Row]] = {}
        for row in copy:
            named.setdefault(frozenset((row["URN"], row["LINKURN"])), []).append(row)
        newest |= named
    lineage = {pair: [row for row in of_pair if row["LINKTYPE"] not in NOT_LINEAGE] for pair, of_pair in newest.items()}
    rows = hertfordshire.rows("select urn, ancestor_urn from warehouse.int_links")
    kept = {frozenset(row) for row in rows}
    assert len(kept) == len(rows)
    assert kept <= {pair for pair, of_pair in lineage.items() if of_pair}
    only_older = {frozenset((row["URN"], row["LINKURN"])) for row in older_links} - {
        frozenset((row["URN"], row["LINKURN"])) for row in real.links()
    }
    assert only_older & kept
    why: Counter[str] = Counter()
    for pair, of_pair in lineage.items():
        if not of_pair or pair in kept:
            continue
        heirs = {heir for row in of_pair for heir in heir_of(row)}
        if all(row["LINKESTABLISHEDDATE"] and day(row) > REFERENCE for row in of_pair):
            why["to come"] += 1
        elif not heirs:
            why["without a direction, neither or both known as open"] += 1
        elif len(heirs) == 2:
            why["printed both ways round, and nothing tells which came first"] += 1
        else:
            raise AssertionError(f"lost: {of_pair}")
    print(f"lineage pairs: {len(rows):,}; left out: {dict(why)}")
    assert len(rows) > 17_000


def heir_of(row: Row) -> list[str]:
    """Which of the two came after the other, as the row's type says; nobody where it says nothing."""
    if row["LINKTYPE"].startswith("Predecessor"):
        return [row["URN"]]
    return [row["LINKURN"]] if row["LINKTYPE"].startswith("Successor") else []


def day(row: Row) -> date:
    return datetime.strptime(row["LINKESTABLISHEDDATE"], "%d-%m-%Y").date()


def test_centres_of_sixth_forms_are_no_ancestors(real: RealData, hertfordshire: Built) -> None:
    centres: dict[frozenset[str], set[str]] = {}
    for row in real.links():
        centres.setdefault(frozenset((row["URN"], row["LINKURN"])), set()).add(row["LINKTYPE"])
    only_centres = {pair for pair, types in centres.items() if types <= NOT_LINEAGE}
    assert len(only_centres) > 100
    rows = hertfordshire.rows("select urn, ancestor_urn from school_lineage where generation = 1")
    assert not only_centres & {frozenset(row) for row in rows}


def test_blank_days_are_filled_where_anything_tells(real: RealData, hertfordshire: Built) -> None:
    printed = sum(row["LINKESTABLISHEDDATE"] == "" for row in real.links())
    assert printed == 8271
    basis = dict(hertfordshire.rows("select coalesce(link_on_basis, ''), count(*) from warehouse.int_links group by 1"))
    filled = basis.get("ancestor_closed", 0) + basis.get("descendant_opened", 0)
    blank = filled + basis.get("", 0)
    print(f"links without a printed day: {blank:,}; filled {filled:,} ({100 * filled / blank:.0f} %): {basis}")
    assert filled > 0.2 * blank  # no full register is held: most of these schools closed before any file that is
    wrong = hertfordshire.rows(
        "select * from warehouse.int_links where (link_on is null) != (link_on_basis is null) limit 1"
    )
    assert wrong == []
    future = hertfordshire.rows(
        "select * from warehouse.int_links where link_on > (select reference_on from warehouse.stg_parameters)"
    )
    assert future == []


def test_no_ring_is_left(hertfordshire: Built) -> None:
    assert (
        hertfordshire.rows(
            """
            select one.urn from school_lineage as one
            inner join school_lineage as other on one.urn = other.ancestor_urn and one.ancestor_urn = other.urn
            """
        )
        == []
    )
    assert hertfordshire.rows("select urn from school_lineage where urn = ancestor_urn") == []


def test_every_hertfordshire_school_with_results_is_shown_under_one_school(hertfordshire: Built) -> None:
    shown = hertfordshire.rows(
        """
        select entity_code, count(distinct urn), any_value(urn), bool_and(is_predecessor = (entity_code != urn))
        from observations where entity_type = 'school' and la_code = '919' group by entity_code
        """
    )
    assert len(shown) > 500
    assert [row for row in shown if row[1] != 1 or not row[3]] == []
    known = {urn for (urn,) in hertfordshire.rows("select urn from schools")}
    assert {row[2] for row in shown} <= known
    # who is shown under another number is shown by a school that nobody has followed
    heirs = {row[2] for row in shown if row[0] != row[2]}
    assert heirs
    followed = {
        urn
        for (urn,) in hertfordshire.rows(
            "select ancestor_urn from school_lineage where not is_amalgamation and not is_split"
        )
    }
    assert not heirs & followed


def test_a_trust_is_that_of_the_newest_file_that_names_it(real: RealData, hertfordshire: Built) -> None:
    """No full register is held: Leeds' reports of February 2026 go before the inspection list of August 2025, that
    before the members of March 2024.
    """
    reported = read_rows(real.root / "ofsted" / "2025-2026" / "leeds_ofsted_data.csv")
    inspected = {row["URN"]: row["MULTI-ACADEMY TRUST UID"] for row in real.inspections()}
    inspected |= {row["URN"]: uid for row in reported if (uid := row["MULTI-ACADEMY TRUST UID"]) != "NULL"}
    path = real.root / "gias" / "grouplinks_edubaseallacademiesandfree20240329.csv"
    members = [row for row in read_rows(path) if row["GROUP TYPE"].endswith("academy trust")]
    groups = {row["GROUP UID"] for row in read_rows(real.root / "gias" / "allgroupsdata20260821.csv")}
    groups |= {row["LINKED UID"] for row in members}  # one has left the list of groups since
    trusts = dict(
        hertfordshire.rows("select urn, trust_id from warehouse.schools where status = 'open' and sector = 'academy'")
    )
    single = [row for row in members if row["GROUP TYPE"].startswith("Single") and not inspected.get(row["URN"])]
    assert len(single) > 500
    for row in single:
        assert trusts.get(row["URN"], row["LINKED UID"]) == row["LINKED UID"]
    for urn, trust_id in inspected.items():
        if trust_id and urn in trusts:
            assert trusts[urn] == trust_id
    assert {trust_id for trust_id in trusts.values() if trust_id} <= groups
    without = sum(trust_id is None for trust_id in trusts.values())
    print(f"open academies: {len(trusts):,}; {without} without a known trust")
    assert without < 0.01 * len(trusts)


def test_types_of_every_register_are_known(hertfordshire: Built) -> None:
    unknown = hertfordshire.rows("select distinct establishment_type from warehouse.schools where sector is null")
    assert unknown == []
    statuses = hertfordshire.rows(
        """
        select distinct status_code from warehouse.stg_spine
        anti join warehouse.establishment_statuses using (status_code)
        """
    )
    assert statuses == []
