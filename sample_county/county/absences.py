"""How often pupils were away, school by school and year by year: the figures behind every table of absence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.county.facts import ABSENCE
from sample_county.county.pupils import place_numbers
from sample_county.county.rolls import Rolls
from sample_county.county.schools import COUNTY, School
from sample_county.county.streams import stream
from sample_county.county.tables import Numbers, decimal

YEARS = tuple(ABSENCE)
PHASES = ("PRI", "SEC", "SPE")
_SPREAD = {"PRI": 1.35, "SEC": 2.2, "SPE": 4.0}
_PERSISTENT_PER_POINT = {"PRI": 4.6, "SEC": 4.1, "SPE": 2.1}
_PERSISTENT_NOISE = {"PRI": 2.0, "SEC": 2.0, "SPE": 4.0}
_COUNTY = {"PRI": 0.10, "SEC": -0.20, "SPE": -0.10}
TOO_FEW = 2
"""Persistently absent pupils whose share is hidden."""


@dataclass
class Absences:
    """One year: schools in file order with enrolments, overall rate and persistently absent pupils."""

    schools: list[School]
    enrolments: Numbers
    overall: Numbers
    persistent: Numbers

    def __post_init__(self) -> None:
        self._phase = np.array([school.phase for school in self.schools])
        self._la = np.array([school.la for school in self.schools])

    def total(self, phase: str, la: int | None) -> tuple[str, str]:
        """Overall and persistent absence of a phase, each pupil counting once."""
        mask = self._phase == phase if la is None else (self._phase == phase) & (self._la == la)
        enrolled = float(self.enrolments[mask].sum())
        if not enrolled:
            return "", ""
        overall = (self.overall * self.enrolments)[mask].sum() / enrolled
        return decimal(overall, 1), decimal(100 * self.persistent[mask].sum() / enrolled, 1)

    def of(self, phase: str, las: set[int]) -> list[int]:
        """Where the schools of a phase ("": of any) in some authorities stand."""
        in_phase = np.ones(len(self.schools), dtype=bool) if phase == "" else self._phase == phase
        found: list[int] = np.flatnonzero(in_phase & np.isin(self._la, list(las))).tolist()
        return found


def draw_absences(schools: Sequence[School], on_roll: Rolls, seed: int, year: int) -> Absences:
    """State-funded primary, secondary and special schools open in January."""
    rng = stream(seed, "absence", year)
    noise = rng.normal(size=(2, len(schools)))
    places = place_numbers(schools)
    effect = np.array([school.site.absence_effect for school in schools]) / 1.2
    chosen = [n for n, s in enumerate(schools) if s.phase and s.is_state_funded and on_roll.pupils[n] > 0]
    phase = [schools[n].phase for n in chosen]
    national = np.array([ABSENCE[year][p] for p in phase])
    spread = np.array([_SPREAD[p] for p in phase])
    is_county = np.array([schools[n].la == COUNTY for n in chosen])
    shift = 0.87 * effect[chosen] + 0.4 * noise[0][places][chosen]
    overall = national[:, 0] + spread * shift + is_county * np.array([_COUNTY[p] for p in phase])
    overall = np.clip(overall, 1.0, 40.0)
    slope = np.array([_PERSISTENT_PER_POINT[p] for p in phase])
    wobble = np.array([_PERSISTENT_NOISE[p] for p in phase]) * noise[1][places][chosen]
    share = np.clip(national[:, 1] + slope * (overall - national[:, 0]) + wobble, 1.5, 95)
    enrolments = np.maximum(np.round(on_roll.pupils[chosen] * 0.94), 3).astype(np.int64)
    persistent = rng.binomial(enrolments, share / 100)
    for row, n in enumerate(chosen):
        fixed = schools[n].site.fixed.absence
        if fixed:
            overall[row], persistent[row] = fixed[0], round(enrolments[row] * fixed[1] / 100)
    return Absences([schools[n] for n in chosen], enrolments, overall, persistent)
