"""One year's key stage 4 pupils, drawn one by one: grades, entries, Progress 8.

Levels are set so that the national cloud's pupils meet England's mean grades.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.county.facts import KS4_MEAN_GRADE
from sample_county.county.pupils import Traits, draw_traits, place_numbers, standard
from sample_county.county.schools import School
from sample_county.county.streams import stream
from sample_county.county.tables import Numbers

PILLARS = ("ENG", "MAT", "2SCI", "HUM", "LAN")
PROGRESS_SPREAD = 1.27
"""Standard deviation of a pupil's Progress 8 score, as the published intervals imply."""

_SUBJECTS = ("ENG", "MAT", "SCI", "HUM", "LAN", "OPEN")
_GIRLS_AHEAD = {"ENG": 0.32, "MAT": -0.08, "SCI": 0.02, "HUM": 0.18, "LAN": 0.22, "OPEN": 0.26}
_GRADE_SPREAD = 2.15
_COMMON, _OWN = np.sqrt(0.80), np.sqrt(0.20)
_GAP, _COUNTY_GAP = -0.55, -0.30
_SEN_SUPPORT, _EHCP, _SPECIAL, _EAL = -0.55, -1.1, -2.6, 0.12
_POINTS_PER_SPREAD = 18.5


@dataclass
class Ks4Pupils:
    """Arrays with one element per pupil; pillars GCSE grades (0: not entered)."""

    who: Traits
    prior: Numbers
    prior_known: Numbers
    attainment8: Numbers
    pillar: dict[str, Numbers]
    entered: dict[str, Numbers]
    takes_any: Numbers
    progress: Numbers

    @property
    def ebacc_points(self) -> Numbers:
        """Average points over the five parts, parts not entered counting nothing."""
        return _sum(self.pillar[part] for part in PILLARS) / 5


def draw(schools: Sequence[School], seed: int, year: int) -> Ks4Pupils:
    rng = stream(seed, "ks4", year)
    settled = [school.site.fixed.ks4.get(year) for school in schools]
    who = draw_traits(schools, rng, year, settled, 0.5, (_GAP, _GAP + _COUNTY_GAP))
    n = len(who.school_of)
    reference = who.is_state & ~who.is_county & ~who.is_special
    born = who.gap * who.disadvantaged + _SEN_SUPPORT * who.sen_support + _EHCP * who.ehcp
    born = born + _SPECIAL * who.is_special + _EAL * who.eal + who.intake + 0.9 * rng.normal(size=n)
    places = place_numbers(schools)
    year_effect = rng.normal(0, 0.05, len(schools))[places][who.school_of]
    ability = standard(born + who.effect + year_effect, reference)
    prior = standard(born + 0.75 * rng.normal(size=n), reference)

    own = {subject: rng.normal(size=n) for subject in _SUBJECTS}
    culture = np.array([school.site.ebacc for school in schools])[who.school_of]
    chance = {name: rng.random(n) for name in (*PILLARS, "OPEN", "five", "triple", "filled")}
    grades = _grades(year, ability, own, who.girl)
    for number, fixed in enumerate(settled):
        if fixed:
            members = np.flatnonzero(who.school_of == number)
            for _ in range(3 if len(members) else 0):
                points = _points(grades, _entries(ability, culture, chance), chance)
                mean = np.mean(_sum(points.values())[members])
                ability[members] += (fixed[2] - mean) / _POINTS_PER_SPREAD
                grades = _grades(year, ability, own, who.girl)
    entered = _entries(ability, culture, chance)
    points = _points(grades, entered, chance)
    pillar = {
        "ENG": grades["ENG"] * entered["ENG"],
        "MAT": grades["MAT"] * entered["MAT"],
        "2SCI": grades["SCI"] * entered["2SCI"],
        "HUM": grades["HUM"] * entered["HUM"],
        "LAN": grades["LAN"] * entered["LAN"],
    }
    takes_any = entered["ENG"] | entered["MAT"] | entered["2SCI"]
    return Ks4Pupils(
        who=who,
        prior=prior,
        prior_known=rng.random(n) > np.where(who.is_special, 0.40, 0.055),
        attainment8=_sum(points.values()),
        pillar=pillar,
        entered=entered,
        takes_any=takes_any,
        progress=_above_expected(_sum(points.values()), prior, who.is_state) / 10,
    )


def _sum(arrays: Iterable[Numbers]) -> Numbers:
    total: Numbers = np.sum(list(arrays), axis=0)
    return total


def _grades(year: int, ability: Numbers, own: dict[str, Numbers], girl: Numbers) -> dict[str, Numbers]:
    """GCSE grades 0 to 9 in each subject, had the pupil been entered."""
    out = {}
    for subject in _SUBJECTS:
        level = _COMMON * ability + _OWN * own[subject] + _GIRLS_AHEAD[subject] * (girl - 0.49)
        mean = KS4_MEAN_GRADE[year][subject]
        out[subject] = np.clip(np.round(mean + _GRADE_SPREAD * level), 0, 9)
    return out


def _entries(ability: Numbers, culture: Numbers, chance: dict[str, Numbers]) -> dict[str, Numbers]:
    """Who is entered for each part of the English Baccalaureate; languages depend most on the school."""
    usual = {"ENG": 0.975, "MAT": 0.985, "2SCI": 0.97, "HUM": 0.83, "LAN": 0.46}
    reach = {"ENG": -2.3, "MAT": -2.4, "2SCI": -2.2, "HUM": -1.9, "LAN": -1.7}
    entered = {}
    for pillar in PILLARS:
        likely: Numbers | float = usual[pillar]
        if pillar in ("HUM", "LAN"):
            likely = likely + 0.08 * ability + (0.19 if pillar == "LAN" else 0.05) * culture
        entered[pillar] = (chance[pillar] < likely) & (ability > reach[pillar])
    return entered


def _points(grades: dict[str, Numbers], entered: dict[str, Numbers], chance: dict[str, Numbers]) -> dict[str, Numbers]:
    """Attainment 8 points by element: English and mathematics count twice, three slots each for the rest."""
    humanities = grades["HUM"] * entered["HUM"]
    languages = grades["LAN"] * entered["LAN"]
    third = np.maximum(humanities, np.maximum(languages, (grades["SCI"] - 1) * (chance["triple"] < 0.3)))
    any_open = entered["ENG"] | entered["MAT"]
    return {
        "ENG": 2 * grades["ENG"] * entered["ENG"],
        "MAT": 2 * grades["MAT"] * entered["MAT"],
        "EBAC": (2 * grades["SCI"] + 0.5 * (chance["2SCI"] < 0.3)) * entered["2SCI"] + np.maximum(third, 0),
        "OPEN": np.where(any_open, 3 * grades["OPEN"] - (chance["filled"] < 0.25) * grades["OPEN"], 0.0)
        + 0.25 * np.where(any_open & (chance["OPEN"] < 0.38), np.floor(chance["five"] * 4), 0.0),
    }


def _above_expected(values: Numbers, prior: Numbers, is_state: Numbers) -> Numbers:
    """Difference from the mean of state-funded pupils in the same fortieth of prior attainment."""
    edges = np.quantile(prior[is_state], np.linspace(0, 1, 41)[1:-1])
    band = np.searchsorted(edges, prior)
    total = np.bincount(band[is_state], weights=values[is_state], minlength=40)
    pupils = np.bincount(band[is_state], minlength=40)
    above: Numbers = values - (total / np.maximum(pupils, 1))[band]
    return above
