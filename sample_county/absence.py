"""Absence tables as published: England files (schools, then England by phase) and a single-authority file.

Only the single-authority file has rows for the authority; in all total rows the phase stands in ESTAB.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.facts import ABSENCE
from sample_county.pupils import place_numbers
from sample_county.rolls import Rolls
from sample_county.schools import COUNTY, School
from sample_county.streams import stream
from sample_county.tables import Numbers, csv_text, decimals, header, put, ratio, texts

YEARS = tuple(ABSENCE)
PHASES = ("PRI", "SEC", "SPE")
_SPREAD = {"PRI": 1.35, "SEC": 2.2, "SPE": 4.0}
_PERSISTENT_PER_POINT = {"PRI": 4.6, "SEC": 4.1, "SPE": 2.1}
_PERSISTENT_NOISE = {"PRI": 2.0, "SEC": 2.0, "SPE": 4.0}
_COUNTY = {"PRI": 0.10, "SEC": -0.20, "SPE": -0.10}
_TOO_FEW = 2


@dataclass
class Absences:
    """One year: schools in file order with enrolments, overall rate and persistently absent pupils."""

    schools: list[School]
    enrolments: Numbers
    overall: Numbers
    persistent: Numbers

    def text(self, la: int | None = None) -> str:
        """The England file, or the download for one authority."""
        chosen = [n for n, school in enumerate(self.schools) if la in (None, school.la)]
        rates = decimals(self.overall[chosen], 1)
        share = decimals(100 * ratio(self.persistent[chosen], self.enrolments[chosen]), 1)
        share = put(share, self.persistent[chosen] <= _TOO_FEW, "SUPP")
        kept = [self.schools[n] for n in chosen]
        rows = [[str(s.la) for s in kept], [str(s.estab) for s in kept], [str(s.urn) for s in kept]]
        totals = [] if la is None else [(str(la), phase, self.total(phase, la)) for phase in PHASES]
        totals += [("NAT", phase, self.total(phase, None)) for phase in PHASES]
        columns = {
            "LA": texts(rows[0] + [area for area, _, _ in totals]),
            "ESTAB": texts(rows[1] + [phase for _, phase, _ in totals]),
            "URN": texts(rows[2] + [""] * len(totals)),
            "PERCTOT": texts(rates.tolist() + [overall for _, _, (overall, _) in totals]),
            "PPERSABS10": texts(share.tolist() + [persistent for _, _, (_, persistent) in totals]),
        }
        return csv_text(header("abs"), columns)

    def total(self, phase: str, la: int | None) -> tuple[str, str]:
        """Overall and persistent absence of a phase, each pupil counting once."""
        mask = np.array([s.phase == phase and la in (None, s.la) for s in self.schools])
        enrolled = float(self.enrolments[mask].sum())
        if not enrolled:
            return "", ""
        overall = np.array([(self.overall * self.enrolments)[mask].sum() / enrolled])
        persistent = np.array([100 * self.persistent[mask].sum() / enrolled])
        return str(decimals(overall, 1)[0]), str(decimals(persistent, 1)[0])


def draw(schools: Sequence[School], on_roll: Rolls, seed: int, year: int) -> Absences:
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
