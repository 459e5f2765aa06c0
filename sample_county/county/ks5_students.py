"""One year's students at the end of 16 to 18 study, drawn one by one: cohorts, entries, points, retention."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.county.facts import KS5_POINTS, KS5_RETAINED
from sample_county.county.pupils import place_numbers
from sample_county.county.schools import School, results_day
from sample_county.county.streams import stream
from sample_county.county.tables import Numbers

COHORTS = ("ALEV", "ACAD", "AGEN", "TLEV")
VALUE_ADDED_SPREAD = 1.05
"""Standard deviation of one entry's value added, as the published intervals imply."""

_ALEVEL_SPREAD, _VOCATIONAL_SPREAD = 9.5, 8.0


@dataclass
class Students:
    """Arrays with one element per student; by cohort: membership, entries, points summed over entries."""

    school_of: Numbers
    disadvantaged: Numbers
    member: dict[str, Numbers]
    entries: dict[str, Numbers]
    points: dict[str, Numbers]
    value_added: dict[str, Numbers]
    retained: Numbers
    best_three: Numbers
    takes_three: Numbers
    top_grades: Numbers


def draw(schools: Sequence[School], seed: int, year: int) -> Students:
    """Students of the schools and colleges open when the year's results began to be theirs."""
    rng = stream(seed, "ks5", year)
    wobble = rng.normal(0, 0.06, len(schools)).tolist()
    size = [
        max(1, round(_usual_size(school) * (1 + noise))) if school.is_open(results_day(year)) else 0
        for school, noise in zip(schools, wobble, strict=True)
    ]
    school_of = np.repeat(np.arange(len(schools)), size)
    n = len(school_of)

    def trait(values: Sequence[float]) -> Numbers:
        return np.array(values, dtype=float)[school_of]

    is_college = trait([school.kind == "fe" for school in schools]) > 0
    offers_technical = trait([school.urn % 4 == 0 for school in schools]) > 0
    disadvantaged = rng.random(n) < np.where(
        is_college, 0.28, 0.7 * trait([school.site.disadvantaged for school in schools])
    )
    places = place_numbers(schools)
    year_effect = rng.normal(0, 0.08, len(schools))[places][school_of]
    effect = trait([school.site.sixth_form_effect for school in schools]) + year_effect
    ability = 0.9 * rng.normal(size=n) + effect - 0.4 * disadvantaged

    alevel = ~is_college & (rng.random(n) < 0.84 + 0.08 * ability)
    academic = alevel | (~is_college & (rng.random(n) < 0.015))
    offers_applied = trait([school.urn % 7 > 0 for school in schools]) > 0
    applied = np.where(is_college, rng.random(n) < 0.20, offers_applied & (rng.random(n) < np.where(alevel, 0.24, 0.8)))
    technical = np.where(is_college, rng.random(n) < 0.045, offers_technical & ~alevel & (rng.random(n) < 0.35))
    member = dict(zip(COHORTS, (alevel, academic, applied, technical), strict=True))

    alevels = np.where(alevel, 3 - (rng.random(n) < 0.18) - (rng.random(n) < 0.05) + (rng.random(n) < 0.04), 0)
    entries = {
        "ALEV": alevels,
        "ACAD": np.where(academic, np.maximum(alevels, 1), 0),
        "AGEN": applied.astype(int),
        "TLEV": technical.astype(int),
    }
    mean = KS5_POINTS[year]
    grade = 10 * np.clip(np.round((mean["ALEV"] + 0.2 + _ALEVEL_SPREAD * ability) / 10 * 3) / 3, 0, 6)
    for number, school in enumerate(schools):
        fixed = school.site.fixed.ks5.get(year)
        members = np.flatnonzero((school_of == number) & alevel & (fixed is not None))
        if fixed and len(members):
            grade[members] = np.clip(grade[members] + fixed[0] - grade[members].mean(), 0, 60)
    vocational = np.clip(np.round((mean["AGEN"] + 1.8 + _VOCATIONAL_SPREAD * ability) / 5) * 5, 0, 50)
    points = {
        "ALEV": np.round(grade * alevels),
        "ACAD": np.round(grade * entries["ACAD"]),
        "AGEN": vocational * applied,
        "TLEV": np.clip(vocational + mean["TLEV"] - mean["AGEN"], 0, 50) * technical,
    }
    usual_gain = 0.85 * trait([school.site.sixth_form_effect for school in schools]) - 0.10 * disadvantaged
    settled = trait([_settled_gain(school, year) for school in schools])
    gain = np.where(np.isnan(settled), usual_gain, settled)
    kept = trait([_settled_retention(school, year) for school in schools])
    likely = np.where(np.isnan(kept), KS5_RETAINED[year] / 100 + 0.008 + 0.02 * effect - 0.05 * disadvantaged, kept)
    return Students(
        school_of=school_of,
        disadvantaged=disadvantaged,
        member=member,
        entries=entries,
        points=points,
        value_added={cohort: gain + 0.55 * rng.normal(size=n) for cohort in COHORTS},
        retained=rng.random(n) < likely,
        best_three=np.minimum(grade + 0.6, 60),
        takes_three=alevels >= 3,
        top_grades=(alevels >= 3) & (grade + 5 * rng.normal(size=n) > 47.5),
    )


def _usual_size(school: School) -> float:
    if school.kind == "fe":
        return 1.5 * school.site.per_year
    return school.site.per_year * school.site.sixth_form_share


def _settled_gain(school: School, year: int) -> float:
    """Value added that goes with a planted school's points: six hundredths of a grade per point away from England."""
    fixed = school.site.fixed.ks5.get(year)
    return 0.06 * (fixed[0] - KS5_POINTS[year]["ALEV"]) if fixed else np.nan


def _settled_retention(school: School, year: int) -> float:
    fixed = school.site.fixed.ks5.get(year)
    return fixed[1] if fixed else np.nan
