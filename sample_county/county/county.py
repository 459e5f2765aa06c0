"""The county of one seed: its register, its planted cases, and each year's pupils, drawn when first asked for."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar

from sample_county.county import events, ks2_pupils, ks4_pupils, ks5_students, planted, population
from sample_county.county.absences import Absences, draw_absences
from sample_county.county.ks2_pupils import Ks2Pupils
from sample_county.county.ks4_pupils import Ks4Pupils
from sample_county.county.ks5_students import Students
from sample_county.county.rolls import Rolls, rolls
from sample_county.county.schools import Authority, School

P = ParamSpec("P")
T = TypeVar("T")


class County:
    """Raises ValueError for a county too small to hold the planted cases."""

    def __init__(self, seed: int = 998, schools: int = 420) -> None:
        self.seed = seed
        self.register = population.draw(seed, schools)
        self.cases = planted.plant(self.register)
        events.happen(self.register, seed)
        self.disputes = planted.dispute(self.register, self.cases)
        self._held: dict[Any, Any] = {}

    def once(self, work: "Callable[Concatenate[County, P], T]", *args: P.args, **named: P.kwargs) -> T:
        """What `work` makes of this county, made the first time it is asked for."""
        key = (work, *args, *sorted(named.items()))
        if key not in self._held:
            self._held[key] = work(self, *args, **named)
        held: T = self._held[key]
        return held

    @cached_property
    def authority(self) -> Authority:
        return next(authority for authority in self.authorities if authority.is_county)

    @property
    def authorities(self) -> list[Authority]:
        return self.register.authorities

    @cached_property
    def authority_of(self) -> dict[int, Authority]:
        return {authority.code: authority for authority in self.authorities}

    @property
    def schools(self) -> list[School]:
        return self.register.schools

    @cached_property
    def by_urn(self) -> dict[int, School]:
        return self.register.by_urn()

    @cached_property
    def ks2_schools(self) -> list[School]:
        return [school for school in self.schools if school.has_ks2]

    @cached_property
    def ks4_schools(self) -> list[School]:
        return [school for school in self.schools if school.has_ks4]

    @cached_property
    def ks5_schools(self) -> list[School]:
        return [school for school in self.schools if school.has_sixth_form or school.kind == "fe"]

    def rolls(self, year: int) -> Rolls:
        return self.once(_rolls, year)

    def absences(self, year: int) -> Absences:
        return self.once(_absences, year)

    def ks2(self, year: int) -> Ks2Pupils:
        """The pupils of `ks2_schools`."""
        return self.once(_ks2, year)

    def ks4(self, year: int) -> Ks4Pupils:
        """The pupils of `ks4_schools`."""
        return self.once(_ks4, year)

    def ks5(self, year: int) -> Students:
        """The students of `ks5_schools`."""
        return self.once(_ks5, year)


def _rolls(county: County, year: int) -> Rolls:
    return rolls(county.schools, county.seed, year)


def _absences(county: County, year: int) -> Absences:
    return draw_absences(county.schools, county.rolls(year), county.seed, year)


def _ks2(county: County, year: int) -> Ks2Pupils:
    return ks2_pupils.draw(county.ks2_schools, county.seed, year)


def _ks4(county: County, year: int) -> Ks4Pupils:
    return ks4_pupils.draw(county.ks4_schools, county.seed, year)


def _ks5(county: County, year: int) -> Students:
    return ks5_students.draw(county.ks5_schools, county.seed, year)
