"""The authority's own returns of the sample county: one of each, filled as officers fill the templates.

Results are of the newest year with published tables, so that both ways can be seen: what is published in a school's
name replaces the return (key stages 2 and 4), what never is stands (early years, phonics, multiplication check).
Some rows are planted: a cohort of nobody, a count left blank, a line that cannot stand; what is told of single schools
is in `lists`. Headers stand here as the officers' file has them; what a column may hold is the pipeline's.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np

from sample_county.county.county import County
from sample_county.county.schools import COUNTY, School, label
from sample_county.county.streams import stream
from sample_county.county.tables import File, utf8_bom
from sample_county.publishers.local import lists

YEAR = 2025
_IN_SUMMER = date(2025, 6, 1)
ATTENDANCE_UP_TO = "2026-07-17"
FILES = {
    "eyfsp": "local_eyfsp.csv",
    "phonics": "local_phonics.csv",
    "mtc": "local_mtc.csv",
    "ks2": "local_ks2.csv",
    "ks4": "local_ks4.csv",
    "alevel": "local_alevel.csv",
    "attendance": "local_attendance.csv",
    "targets": "local_targets.csv",
    "moderation": "local_moderation.csv",
    "registers": "local_registers.csv",
    "interventions": "local_interventions.csv",
    "intelligence": "local_intelligence.csv",
}
_ABOUT = ("la_code", "academic_year", "urn", "pupil_group")
_KS2_SUBJECTS = ("rwm", "reading", "writing", "maths", "gps")
_GLD, _PHONICS, _FULL_MARKS, _MTC_MEAN = 0.68, 0.80, 0.37, 20.9
_KS2 = {
    "rwm": (0.62, 0.08),
    "reading": (0.75, 0.33),
    "writing": (0.72, 0.13),
    "maths": (0.74, 0.26),
    "gps": (0.73, 0.30),
}
_ATTAINMENT8, _STRONG_PASS, _PASS, _EBACC = 46.0, 0.45, 0.65, 4.1
_POINTS, _BEST_THREE, _ENTRIES_EACH = 35.0, 35.8, 2.7
_PERSISTENT, _MISSED, _SESSIONS_EACH = 0.17, 0.067, 370

Rows = list[list[object]]


def files(county: County) -> Iterator[File]:
    for name, text in texts(county.schools, county.seed).items():
        yield utf8_bom(f"local/{FILES[name]}", text)


def texts(schools: Sequence[School], seed: int) -> dict[str, str]:
    """The text of each file, by its name in FILES."""
    county = [school for school in schools if school.la == COUNTY and school.phase and school.is_open(_IN_SUMMER)]
    county = [school for school in county if school.closed is None and school.is_state_funded]
    young = [school for school in county if school.has_early_years]
    mainstream = [school for school in county if not school.is_special]
    draw = _Draw(seed)
    of = lists.told_of(mainstream, seed)
    return {
        "eyfsp": _results("gld_n,gld_pct", young, draw.eyfsp, cohort=True, has_wrong_line=True),
        "phonics": _results("expected_n,expected_pct", young, draw.phonics, cohort=True),
        "mtc": _results(
            "mean_score,full_marks_n,full_marks_pct",
            [school for school in mainstream if school.has_ks2],
            draw.mtc,
            cohort=True,
        ),
        "ks2": _results(_ks2_header(), [school for school in mainstream if school.has_ks2], draw.ks2, cohort=True),
        "ks4": _results(
            "attainment8,engmaths_95_n,engmaths_95_pct,engmaths_94_n,engmaths_94_pct,ebacc_points",
            [school for school in mainstream if school.has_ks4],
            draw.ks4,
            cohort=True,
        ),
        "alevel": _results(
            "students_n,best_three_students_n,entries_n,points_per_entry,best_three_points",
            [school for school in mainstream if school.has_sixth_form],
            draw.alevel,
        ),
        "attendance": _results(
            "up_to,enrolments_n,persistent_n,persistent_pct,sessions_possible_n,sessions_missed_n,sessions_missed_pct",
            county,
            draw.attendance,
            year=YEAR + 1,
        ),
        "targets": _csv("kpi,academic_year,target,agreed_by,agreed_on", _targets(draw.rng)),
        "moderation": _csv(
            "urn,review_year,provision,from_rating,to_rating,decided_by,role,decided_on,reason,supersedes",
            lists.moderation(of),
        ),
        "registers": _csv("register,urn,entered_on,reason,reviewed_on,removed_on", lists.registers(of)),
        "interventions": _csv("urn,intervention,started_on,ended_on,paid_by,note", lists.interventions(of)),
        "intelligence": _csv("urn,kind,noted_on,source,note", lists.intelligence(of)),
    }


class _Draw:
    """One school's row of each return, drawn for a number of pupils."""

    def __init__(self, seed: int) -> None:
        self.rng = stream(seed, "local returns")

    def _part(self, pupils: int, share: float, school: School) -> int:
        shifted = min(max(share + 0.05 * school.site.effect - 0.12 * (school.site.disadvantaged - 0.2), 0.02), 0.98)
        return int(self.rng.binomial(pupils, shifted))

    def _score(self, mean: float, spread: float, school: School) -> str:
        return f"{mean + spread * (school.site.effect + self.rng.normal(0, 0.3)):.1f}"

    def eyfsp(self, pupils: int, school: School) -> list[object]:
        return [pupils, self._part(pupils, _GLD, school), ""]

    def phonics(self, pupils: int, school: School) -> list[object]:
        met = self._part(pupils, _PHONICS, school)
        return [pupils, met, round(100 * met / pupils) if pupils else ""]

    def mtc(self, pupils: int, school: School) -> list[object]:
        mean = self._score(_MTC_MEAN, 0.8, school) if pupils else ""
        return [pupils, mean, self._part(pupils, _FULL_MARKS, school), ""]

    def ks2(self, pupils: int, school: School) -> list[object]:
        cells: list[object] = [pupils]
        for subject in _KS2_SUBJECTS:
            for share in _KS2[subject]:
                cells += [self._part(pupils, share, school), ""]
        return cells

    def ks4(self, pupils: int, school: School) -> list[object]:
        strong = self._part(pupils, _STRONG_PASS, school)
        passed = strong + self._part(pupils - strong, (_PASS - _STRONG_PASS) / (1 - _STRONG_PASS), school)
        scores = [self._score(_ATTAINMENT8, 4, school), self._score(_EBACC, 0.3, school)] if pupils else ["", ""]
        return [pupils, scores[0], strong, "", passed, "", scores[1]]

    def alevel(self, pupils: int, school: School) -> list[object]:
        students = round(pupils * school.site.sixth_form_share)
        if not students:
            return [0, 0, 0, "", ""]
        points = [self._score(mean, 2, school) for mean in (_POINTS, _BEST_THREE)]
        return [students, int(self.rng.binomial(students, 0.8)), round(students * _ENTRIES_EACH), *points]

    def attendance(self, pupils: int, school: School) -> list[object]:
        enrolments = max(pupils * 7, 7)
        sessions = enrolments * _SESSIONS_EACH
        raised = 1 + 0.25 * min(max(school.site.absence_effect, -2), 2)
        missed = round(sessions * _MISSED * raised)
        return [
            ATTENDANCE_UP_TO,
            enrolments,
            int(self.rng.binomial(enrolments, _PERSISTENT * raised)),
            "",
            sessions,
            missed,
            "",
        ]


def _results(
    columns: str,
    schools: Sequence[School],
    row: Callable[[int, School], list[object]],
    *,
    cohort: bool = False,
    has_wrong_line: bool = False,
    year: int = YEAR,
) -> str:
    """All pupils and those with free school meals of each school. The last school has nobody with free school meals,
    the last but one left its counts blank; in the wrong line a letter stands among the digits.
    """
    rows: Rows = []
    for school in schools:
        pupils = max(round(school.site.per_year), 1)
        fsm = 0 if school is schools[-1] else min(max(round(pupils * school.site.disadvantaged), 1), pupils)
        for group, number in (("all", pupils), ("fsm", fsm)):
            rows.append([COUNTY, label(year), school.urn, group, *row(number, school)])
    if len(schools) > 1:
        unsaid = rows[-3]
        unsaid[len(_ABOUT) + 1 :] = [""] * len(unsaid[len(_ABOUT) + 1 :])
    if has_wrong_line:
        rows.append([*rows[0][:3], "girls", 14, "1O", ""])
    header = [*_ABOUT, *(["cohort_n"] if cohort else []), *columns.split(",")]
    return _csv(",".join(header), rows)


def _ks2_header() -> str:
    stems = (f"{subject}_{standard}" for subject in _KS2_SUBJECTS for standard in ("expected", "higher"))
    return ",".join(f"{stem}_n,{stem}_pct" for stem in stems)


def _targets(rng: np.random.Generator) -> Rows:
    first, second = (int(rng.integers(low, low + 4)) for low in (62, 66))
    attainment8 = f"{rng.uniform(47, 50):.1f}"
    return [
        ["ks2_rwm", label(YEAR), first, "Performance board", "2024-10-15"],
        ["ks2_rwm", label(YEAR + 1), second, "Performance board", "14/10/2025"],
        ["ks4_attainment8", label(YEAR + 1), attainment8, "Performance board", "14/10/2025"],
    ]


def _csv(header: str, rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue()
