"""What pupils of every key stage have in common: which school, which groups, how a group is made standard."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.county.schools import COUNTY, School, results_day
from sample_county.county.tables import Numbers

Settled = Sequence[tuple[int, int, float] | None]
"""Per school: pupils, disadvantaged pupils and an outcome that a planted case fixes, else None."""


@dataclass
class Traits:
    """Arrays with one element per pupil; `gap`, `intake` and `effect` are the school's, in standard deviations."""

    school_of: Numbers
    girl: Numbers
    disadvantaged: Numbers
    eal: Numbers
    unclassified: Numbers
    sen_support: Numbers
    ehcp: Numbers
    mobile: Numbers
    is_county: Numbers
    is_special: Numbers
    is_state: Numbers
    gap: Numbers
    intake: Numbers
    effect: Numbers


def draw_traits(
    schools: Sequence[School],
    rng: np.random.Generator,
    year: int,
    settled: Settled,
    mobility: float,
    gaps: tuple[float, float],
) -> Traits:
    """Pupils of the schools that were open when the year's results began to be theirs.

    `mobility` scales how many arrived recently; `gaps` are the usual disadvantage gap in the cloud and county.
    """
    wobble = rng.normal(0, 0.045, len(schools)).tolist()
    size = [
        (int(fixed[0]) if fixed else max(1, round(school.site.per_year * (1 + noise))))
        if school.is_open(results_day(year)) and year >= school.first_results
        else 0
        for school, fixed, noise in zip(schools, settled, wobble, strict=True)
    ]
    school_of = np.repeat(np.arange(len(schools)), size)
    n = len(school_of)
    sites = [school.site for school in schools]

    def trait(values: list[float]) -> Numbers:
        return np.array(values, dtype=float)[school_of]

    share_of_girls = {"Girls": 1.0, "Boys": 0.0}
    girl = rng.random(n) < trait([share_of_girls.get(school.gender, 0.488) for school in schools])
    disadvantaged = rng.random(n) < trait([site.disadvantaged for site in sites])
    for number, fixed in enumerate(settled):
        if fixed:
            members = np.flatnonzero(school_of == number)
            disadvantaged[members] = np.arange(len(members)) < fixed[1]
    eal = rng.random(n) < trait([site.eal for site in sites])
    unclassified = ~eal & (rng.random(n) < 0.004)
    ehcp = rng.random(n) < trait([site.ehcp for site in sites])
    sen_support = ~ehcp & (rng.random(n) < trait([site.sen_support for site in sites]))
    mobile = rng.random(n) < mobility * trait([site.mobile for site in sites])
    is_county = trait([school.la == COUNTY for school in schools]) > 0
    own_gap = trait([np.nan if site.fixed.gap is None else site.fixed.gap for site in sites])
    return Traits(
        school_of=school_of,
        girl=girl,
        disadvantaged=disadvantaged,
        eal=eal,
        unclassified=unclassified,
        sen_support=sen_support,
        ehcp=ehcp,
        mobile=mobile,
        is_county=is_county,
        is_special=trait([school.is_special for school in schools]) > 0,
        is_state=trait([school.is_state_funded for school in schools]) > 0,
        gap=np.where(np.isnan(own_gap), np.where(is_county, gaps[1], gaps[0]), own_gap),
        intake=trait([site.intake for site in sites]),
        effect=trait([site.effect for site in sites]),
    )


def place_numbers(schools: Sequence[School]) -> Numbers:
    """The same number for schools that are one place (a school and its predecessor)."""
    seen: dict[int, int] = {}
    return np.array([seen.setdefault(id(school.site), len(seen)) for school in schools])


def standard(values: Numbers, reference: Numbers) -> Numbers:
    """Values in standard deviations from the mean of the reference pupils."""
    chosen = values[reference]
    out: Numbers = (values - chosen.mean()) / chosen.std()
    return out
