"""The school workforce table of one year: teachers, assistants, ratio and pay, with England's rows by phase."""

from collections.abc import Sequence

import numpy as np

from pipelines.sample.rolls import Rolls
from pipelines.sample.schools import School
from pipelines.sample.streams import stream
from pipelines.sample.tables import Cells, Numbers, csv_text, half_up, header, ratio, texts

YEAR = 2021
_PHASES = {"PRI": "Primary", "SEC": "Secondary"}
_PUPILS_PER_TEACHER = {"PRI": 20.6, "SEC": 16.6, "SPE": 6.2}
_TEACHERS, _ASSISTANTS, _STAFF = (
    "Total Number of Teachers",
    "Total Number of Teaching Assistants",
    ("Total Number of Non Classroom-based School Support Staff, Excluding Auxiliary Staff"),
)


def text(schools: Sequence[School], on_roll: Rolls, seed: int) -> str:
    """The England file of 2020/21, schools first; England's rows hold the phase in place of a number."""
    rng = stream(seed, "workforce", YEAR)
    noise, pay = rng.normal(1, 0.07, len(schools)), rng.normal(41500, 2600, len(schools))
    chosen = [n for n, school in enumerate(schools) if school.phase and school.is_state_funded and on_roll.is_open[n]]
    pupils = np.array([on_roll.pupils[n] for n in chosen])
    each = np.array([_PUPILS_PER_TEACHER[schools[n].phase] * noise[n] for n in chosen])
    teachers = np.maximum(half_up(pupils / each, 1) / 10, 1.0)
    salary = np.array([pay[n] for n in chosen])
    groups = [np.array([at]) for at in range(len(chosen))]
    groups += [np.flatnonzero([schools[n].phase == phase for n in chosen]) for phase in _PHASES]
    total = np.array([teachers[group].sum() for group in groups])
    rolls = np.array([pupils[group].sum() for group in groups])
    mean_pay = np.array([np.dot(teachers[group], salary[group]) / teachers[group].sum() for group in groups])
    columns = {
        "LA Number": texts([*(str(schools[n].la) for n in chosen), *["NAT"] * len(_PHASES)]),
        "Establishment Number": texts([*(str(schools[n].estab) for n in chosen), *_PHASES]),
        "URN": texts([*(str(schools[n].urn) for n in chosen), *[""] * len(_PHASES)]),
        "School Phase": texts([*(_PHASES.get(schools[n].phase, "Special") for n in chosen), *[""] * len(_PHASES)]),
        "Pupil:     Teacher Ratio": _tenths(ratio(rolls, total)),
        "Mean Gross FTE Salary of All Teachers (£s)": texts([f"£{pay:,.0f}" for pay in mean_pay.tolist()]),
    }
    for name, share in ((_TEACHERS, 1.0), (_ASSISTANTS, 0.8), (_STAFF, 0.27)):
        columns[f"{name} (Headcount)"] = texts([f"{value:,.0f}" for value in (1.13 * share * total).tolist()])
        full = "Full-time Equivalent" if name == _ASSISTANTS else "Full-Time Equivalent"
        columns[f"{name} ({full})"] = _tenths(share * total)
    return csv_text(header("swf_2020-21"), columns)


def _tenths(values: Numbers) -> Cells:
    return texts([f"{units / 10:,.1f}" for units in half_up(values, 1).tolist()])
