"""Who exists: the county's and the national cloud's schools, with the traits their outcomes grow from.

Spreads follow the real Hertfordshire files of 2024/25 (cohort sizes, disadvantaged shares, persistence from
year to year, how closely results follow disadvantage). Planted cases are put in by planted.py afterwards.
"""

from datetime import date

import numpy as np

from sample_county.county import names
from sample_county.county.schools import (
    COUNTY,
    COUNTY_NAME,
    FIRST_URN,
    Authority,
    Register,
    School,
    Site,
)
from sample_county.county.streams import stream

CLOUD_AUTHORITIES = 60
FIRST_TRUST_UID = 90001
LEAST_SCHOOLS = 120

# Of 420 schools; primaries take whatever is left, so that any number of schools keeps the county's shape.
_COUNTY_KINDS = {
    "nursery": 9,
    "infant": 24,
    "first": 8,
    "junior": 24,
    "middle": 4,
    "upper": 3,
    "secondary": 62,
    "all_through": 2,
    "utc": 1,
    "special": 19,
    "pru": 5,
    "independent": 11,
    "independent_special": 2,
    "fe": 2,
}
_COUNTY_TOTAL = 420

_ESTAB_FROM = {
    "nursery": 1000,
    "pru": 1100,
    "infant": 2000,
    "first": 2000,
    "junior": 2000,
    "primary": 2000,
    "middle": 4300,
    "upper": 4400,
    "secondary": 4000,
    "all_through": 4500,
    "utc": 4550,
    "independent": 6000,
    "independent_special": 6100,
    "special": 7000,
    "fe": 8000,
}

# Governance: type and weight; the commonest in the county's real counterpart first.
_GOVERNANCE = {
    "primary": {"CY": 48, "ACC": 21, "VA": 14, "VC": 7, "AC": 5, "F": 3, "FD": 2},
    "secondary": {"ACC": 68, "AC": 13, "FD": 8, "F": 5, "CY": 4, "VA": 2},
    "special": {"CYS": 75, "ACCS": 25},
    "pru": {"PRU": 65, "APC": 35},
}
_ONE_GOVERNANCE = {"nursery": "NUR", "utc": "UTC", "independent": "IND", "independent_special": "INDSS", "fe": "FE"}
_AGES = {
    "nursery": ((2, 5, 1),),
    "infant": ((3, 7, 8), (5, 7, 1), (4, 7, 1)),
    "first": ((3, 9, 7), (4, 9, 2)),
    "junior": ((7, 11, 1),),
    "primary": ((3, 11, 65), (4, 11, 25), (5, 11, 7), (2, 11, 3)),
    "middle": ((9, 13, 1),),
    "upper": ((13, 18, 1),),
    "secondary": ((11, 18, 85), (11, 16, 15)),
    "all_through": ((4, 18, 1),),
    "utc": ((14, 19, 1),),
    "special": ((3, 19, 5), (4, 11, 3), (11, 16, 5), (11, 19, 2)),
    "pru": ((5, 16, 1), (11, 16, 2)),
    "independent": ((3, 18, 3), (11, 18, 4)),
    "independent_special": ((6, 16, 1),),
    "fe": ((16, 99, 1),),
}
_PRIMARY_COHORTS = np.array([5, 8, 13, 17, 20, 25, 30, 45, 58, 89])
_PRIMARY_WEIGHTS = np.array([2.5, 3, 5, 5, 5, 9, 36, 7, 23, 4.5])

_LEAST_AT_SECONDARY = 20
"""Disadvantaged pupils, or pupils with another language, of a secondary school's year: so that hardly anywhere they are
so few as to be hidden, for the authority's row counts them all the same."""

_SECONDARY_KINDS = ("secondary", "upper", "utc", "all_through", "independent", "fe")


def _cloud_kinds(index: int) -> dict[str, int]:
    """One of the sixty authorities beside the county: about 25 primaries, 6 secondaries, 2 special schools."""
    return {
        "nursery": index % 2,
        "infant": 2 + index % 2,
        "first": 2 if index % 12 == 0 else 0,
        "junior": 2,
        "primary": 21,
        "middle": 2 if index % 12 == 0 else 0,
        "upper": 1 if index % 12 == 0 else 0,
        "secondary": 6 if index % 12 else 5,
        "all_through": 1 if index % 10 == 3 else 0,
        "utc": 1 if index % 8 == 5 else 0,
        "special": 2,
        "pru": (index + 1) % 2,
        "independent": 1 if index % 3 == 1 else 0,
        "fe": 1 if index % 2 else 0,
    }


def _county_kinds(schools: int) -> dict[str, int]:
    kinds = {kind: max(1, round(n * schools / _COUNTY_TOTAL)) for kind, n in _COUNTY_KINDS.items()}
    kinds["primary"] = schools - sum(kinds.values())
    return kinds


def draw(seed: int, schools: int) -> Register:
    """The whole register before the planted cases: the county first, then the cloud, in URN order."""
    if schools < LEAST_SCHOOLS:
        raise ValueError(f"a county of {schools} schools cannot hold the planted cases: at least {LEAST_SCHOOLS}")
    rng = stream(seed, "population")
    namer = names.Namer(rng)
    county = Authority(COUNTY, COUNTY_NAME, names.REGIONS[0], 1, True)
    authorities = [county]
    for index in range(CLOUD_AUTHORITIES):
        region = index % len(names.REGIONS)
        authorities.append(
            Authority(500 + index, f"Sample Authority {index + 1:02d}", names.REGIONS[region], region + 1, False)
        )
    trusts = [(FIRST_TRUST_UID + n, f"{word} Learning Trust") for n, word in enumerate(names.TRUST_WORDS)] + [
        (FIRST_TRUST_UID + 100 + n, f"Sample Academies Trust {n + 1:02d}") for n in range(40)
    ]
    register = Register(authorities, [], trusts)
    for index, authority in enumerate(authorities):
        kinds = _county_kinds(schools) if authority.is_county else _cloud_kinds(index - 1)
        level = _Level(authority, rng)
        for kind, number in kinds.items():
            for nth in range(number):
                urn = FIRST_URN + len(register.schools)
                register.schools.append(_school(rng, namer, level, kind, nth, urn, trusts))
    return register


class _Level:
    """How disadvantaged and how effective one authority is."""

    def __init__(self, authority: Authority, rng: np.random.Generator) -> None:
        self.authority = authority
        drawn_disadvantage, drawn_effect = rng.beta(9.6, 18.4), rng.normal(0, 0.08)
        if authority.is_county:
            self.primary, self.secondary = 0.21, 0.16
            self.primary_effect, self.secondary_effect = COUNTY_PRIMARY, COUNTY_SECONDARY
        else:
            self.primary, self.secondary = drawn_disadvantage, 0.86 * drawn_disadvantage
            self.primary_effect, self.secondary_effect = drawn_effect, drawn_effect


COUNTY_PRIMARY, COUNTY_SECONDARY = -0.06, -0.17


def _pick(rng: np.random.Generator, weights: dict[str, int]) -> str:
    options = list(weights)
    chances = np.array(list(weights.values()), dtype=float)
    return options[int(rng.choice(len(options), p=chances / chances.sum()))]


def _school(
    rng: np.random.Generator,
    namer: names.Namer,
    level: _Level,
    kind: str,
    nth: int,
    urn: int,
    trusts: list[tuple[int, str]],
) -> School:
    is_primary = kind in ("infant", "first", "junior", "primary", "middle", "nursery")
    governance = "primary" if is_primary else "secondary"
    nf_type = _ONE_GOVERNANCE.get(kind) or _pick(rng, _GOVERNANCE.get(kind, _GOVERNANCE[governance]))
    ages = _AGES[kind]
    chances = np.array([weight for _, _, weight in ages], dtype=float)
    low, high, _ = ages[int(rng.choice(len(ages), p=chances / chances.sum()))]
    site = _site(rng, level, kind, high)
    faith = "Does not apply"
    if nf_type in ("VA", "VC"):
        faith = "Church of England" if nf_type == "VC" or rng.random() < 0.5 else "Roman Catholic"
    elif nf_type in ("ACC", "AC", "F") and rng.random() < 0.25:
        faith = ("Church of England", "Roman Catholic", "None")[int(rng.integers(3))]
    authority = level.authority
    is_academy = nf_type in ("ACC", "AC", "F", "UTC", "ACCS", "APC")
    school = School(
        urn=urn,
        la=authority.code,
        estab=_ESTAB_FROM[kind] + _estab_step(kind, nth),
        name=namer.school(kind, faith, is_academy),
        kind=kind,
        nf_type=nf_type,
        low=low,
        high=high,
        site=site,
        religion=faith,
        gender=_pick(rng, {"Mixed": 86, "Girls": 8, "Boys": 6}) if kind == "secondary" else "Mixed",
        town=names.TOWNS[int(rng.integers(len(names.TOWNS)))] if authority.is_county else authority.name,
        postcode=names.postcode("XA" if authority.is_county else "XB", urn - FIRST_URN),
        constituency=int(rng.integers(len(names.CONSTITUENCIES))),
    )
    if is_academy:
        own = (0, len(names.TRUST_WORDS)) if authority.is_county else (len(names.TRUST_WORDS), len(trusts))
        school.trust = int(rng.integers(*own)) if rng.random() < 0.85 else None
        school.opened = date(int(rng.integers(2011, 2022)), 9, 1)
    return school


def _estab_step(kind: str, nth: int) -> int:
    """Keeps the numbers of kinds that share a range apart (infant, first, junior and primary schools)."""
    offset = {"infant": 0, "first": 200, "junior": 300, "primary": 500}.get(kind, 0)
    return offset + nth


def _site(rng: np.random.Generator, level: _Level, kind: str, high: int) -> Site:
    """One school's traits. Every kind takes the same number of draws in the same order."""
    is_secondary = kind in _SECONDARY_KINDS
    mean = level.secondary if is_secondary else level.primary
    weight = (18 if is_secondary else 11) * (1 if level.authority.is_county else 0.8)
    disadvantaged = float(rng.beta(mean * weight, (1 - mean) * weight))
    normal = rng.normal(size=8)
    cohort = int(rng.choice(_PRIMARY_COHORTS, p=_PRIMARY_WEIGHTS / _PRIMARY_WEIGHTS.sum()))
    eal = float(rng.beta(1.1, 4.2))
    sen_support = float(rng.beta(8, 40))
    per_year = {
        "middle": 110.0,
        "upper": 190.0,
        "utc": 90.0,
        "all_through": 90.0,
        "secondary": float(np.clip(184 + 43 * normal[0], 60, 270)),
        "special": float(np.clip(12 + 3 * normal[0], 9, 25)),
        "pru": 12.0,
        "nursery": 40.0,
        "independent": float(np.clip(60 + 20 * normal[0], 25, 110)),
        "independent_special": 4.0,
        "fe": float(np.clip(700 + 150 * normal[0], 300, 1100)),
    }.get(kind, float(cohort))
    if is_secondary:
        disadvantaged, eal = (max(share, _LEAST_AT_SECONDARY / per_year) for share in (disadvantaged, eal))
    away = disadvantaged - (0.27 if is_secondary else 0.29)
    if is_secondary:
        intake = level.secondary_effect - 2.2 * away + 0.32 * normal[1]
        effect = -1.3 * away + 0.21 * normal[2]
    else:
        intake = 0.5 * level.primary_effect - 0.7 * away + 0.24 * normal[1]
        effect = 0.5 * level.primary_effect - 0.4 * away + 0.24 * normal[2]
    if kind == "independent":
        intake, effect = intake + 0.5, effect + 0.2
    has_sixth_form = kind in ("secondary", "upper", "utc", "all_through", "independent") and high >= 18
    return Site(
        per_year=per_year,
        disadvantaged=0.5 * disadvantaged + 0.25 if kind == "special" else disadvantaged,
        eal=eal,
        sen_support=sen_support,
        ehcp=1.0 if kind in ("special", "independent_special") else float(np.clip(0.045 + 0.03 * normal[3], 0, 0.2)),
        mobile=float(np.clip(0.076 + 0.06 * normal[4], 0, 0.45)),
        intake=intake,
        effect=effect,
        sixth_form_effect=0.8 * effect + 0.38 * normal[5],
        absence_effect=float(normal[6]) + 4.5 * away,
        sixth_form_share=float(np.clip(0.62 + 0.18 * normal[7], 0.25, 1.1)) if has_sixth_form else 0.0,
        ebacc=0.9 * float(normal[0]),
    )
