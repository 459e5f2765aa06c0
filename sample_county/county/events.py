"""What happened to schools: conversions, mergers, shared sixth forms, and the links that record them."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from sample_county.county.schools import COUNTY, FIRST_URN, Link, Register, School
from sample_county.county.streams import stream

FIRST_PREDECESSOR_URN = FIRST_URN + 90_000
_FIRST_FORGOTTEN_URN = FIRST_URN + 50_000

_CONVERSIONS = (
    date(2022, 4, 1),
    date(2023, 2, 1),
    date(2023, 9, 1),
    date(2024, 4, 1),
    date(2024, 9, 1),
    date(2025, 9, 1),
)
_SPONSORED = (date(2022, 12, 1), date(2025, 1, 1))


def convert(
    register: Register, school: School, on: date, nf_type: str, *, carries_history: bool, name: str | None = None
) -> School:
    """Turns a school into an academy on a day; returns its predecessor, which keeps the earlier results.

    The school keeps its own URN; the predecessor gets a new one, like every other closed school of the sample.
    """
    before = replace(
        school,
        urn=_next_predecessor(register),
        name=name or school.name.replace("Academy", "School"),
        nf_type="CY" if school.religion == "Does not apply" else "VC",
        trust=None,
        opened=None,
        closed=on - timedelta(days=1),
        converts_to=school.urn,
        planted="",
    )
    school.nf_type, school.opened = nf_type, on
    school.predecessor, school.carries_history = before.urn, carries_history
    if school.trust is None:
        school.trust = school.urn % 12 if school.la == COUNTY else 12 + school.urn % 40
    if nf_type == "AC":
        school.estab += 900
    register.schools.append(before)
    link_both(register, before, school, "Successor", "Predecessor", on)
    return before


def join(register: Register, parts: list[School], result: School, on: date) -> None:
    """An amalgamation: several schools close and one opens in their place."""
    for part in parts:
        part.closed = on - timedelta(days=1)
        link_both(register, part, result, "Successor - amalgamated", "Predecessor - amalgamated", on)
    for part in parts[1:]:
        register.links.append(Link(result.urn, part.urn, part.name, "Result of Amalgamation", on))


def link_both(register: Register, old: School, new: School, forward: str, backward: str, on: date | None) -> None:
    register.links.append(Link(old.urn, new.urn, new.name, forward, on))
    register.links.append(Link(new.urn, old.urn, old.name, backward, on))


def _next_predecessor(register: Register) -> int:
    taken = [school.urn for school in register.schools] + [school.urn for school, _ in register.consortia]
    return 1 + max([FIRST_PREDECESSOR_URN, *taken])


def happen(register: Register, seed: int) -> None:
    """The unplanned events of every authority, and the links of academies that opened long ago."""
    rng = stream(seed, "events")
    taken: set[int] = set()
    for authority in register.authorities:
        own = [s for s in register.schools if s.la == authority.code and not s.planted and s.closed is None]
        primaries = [s for s in own if s.kind == "primary" and s.nf_type == "ACC"]
        days = _CONVERSIONS if authority.is_county else (_CONVERSIONS[authority.code % 6],)
        for school, on in zip(primaries, days, strict=False):
            convert(register, school, on, "ACC", carries_history=True)
            taken.add(school.urn)
        sponsored = [s for s in own if s.kind == "primary" and s.nf_type == "AC"]
        some = _SPONSORED if authority.is_county else (_SPONSORED[authority.code % 2],)
        for school, on in zip(sponsored, some, strict=False):
            convert(register, school, on, "AC", carries_history=False)
            taken.add(school.urn)
        if authority.is_county:
            secondaries = [s for s in own if s.kind == "secondary"]
            _open_from_below(secondaries.pop())
            with_sixth_form = [s for s in secondaries if s.has_sixth_form and s.nf_type == "ACC"]
            _share_a_sixth_form(register, with_sixth_form[:3])
            for school in with_sixth_form[3:4]:
                convert(register, school, date(2023, 1, 1), "ACC", carries_history=True)
                taken.add(school.urn)
    _remember(register, rng, taken)


def _open_from_below(school: School) -> None:
    """A free school that opened with its youngest year: listed at key stage 4 years before it has pupils there."""
    school.nf_type, school.opened, school.first_results = "F", date(2024, 9, 1), 2029
    school.high, school.site.sixth_form_share = 16, 0.0


def _share_a_sixth_form(register: Register, members: list[School]) -> None:
    """Three schools teach their sixth forms together: links that are not lineage, and a row of its own in 16-18."""
    first = members[0]
    consortium = replace(
        first,
        urn=_next_predecessor(register),
        estab=4900,
        name=f"{first.town} Joint Sixth Form",
        kind="consortium",
        nf_type="",
        low=16,
        high=19,
        religion="Unknown",
        trust=None,
        opened=None,
        inspection=None,
    )
    register.consortia.append((consortium, [school.urn for school in members]))
    for school in members:
        link_both(register, school, consortium, "Sixth Form Centre Link", "Sixth Form Centre School", None)


def _remember(register: Register, rng: np.random.Generator, taken: set[int]) -> None:
    """Academies that opened before the sample begins: their predecessors are known from links alone.

    Nearly a quarter of links have no date, and not every link is recorded from both sides.
    """
    forgotten = _FIRST_FORGOTTEN_URN
    for school in list(register.schools):
        if not school.words.is_academy or school.predecessor or school.urn in taken or school.opened is None:
            continue
        if school.nf_type in ("F", "UTC") or school.planted:
            continue
        old = replace(school, urn=forgotten)
        forgotten += 1
        on = school.opened if rng.random() < 0.72 else None
        if rng.random() < 0.97:
            register.links.append(Link(old.urn, school.urn, school.name, "Successor", on))
        if rng.random() < 0.93:
            register.links.append(Link(school.urn, old.urn, old.name, "Predecessor", on))
    for urn, link_type in ((FIRST_URN + 40, "Expansion"), (FIRST_URN + 41, "Closure"), (FIRST_URN + 42, "Other")):
        school = register.by_urn()[urn]
        register.links.append(Link(urn, urn + 1, register.by_urn()[urn + 1].name, link_type, school.opened))
