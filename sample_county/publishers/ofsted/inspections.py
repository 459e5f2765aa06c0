"""Ofsted's management information as at 31 August 2025: latest inspections of state-funded schools.

cp1252, 76 columns; a row's latest inspection may be the predecessor's ('No'). Planted schools bring their own
inspection; the rest are drawn here.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from sample_county.county.county import County
from sample_county.county.names import CONSTITUENCIES
from sample_county.county.schools import Inspection, School
from sample_county.county.streams import stream
from sample_county.county.tables import File, cp1252, header, rows_text

AS_AT = date(2025, 8, 31)
FILE_NAME = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2025.csv"
_SINGLE_GRADES_ENDED = date(2024, 9, 2)
_NUMBERS_WITHOUT_LETTERS = date(2015, 9, 1)
_KEY_JUDGEMENTS_BEGAN = date(2019, 9, 1)
_PHASES = {
    "nursery": "Nursery",
    "special": "Special",
    "pru": "PRU",
    "secondary": "Secondary",
    "upper": "Secondary",
    "utc": "Secondary",
    "all_through": "Secondary",
}
_TYPE_OF_INSPECTION = {
    "Section 8 deemed section 5": "S8 No Formal Designation Visit",
    "Section 8 conversion": "Maintained Academy and School Short inspection",
}


def files(county: County) -> Iterator[File]:
    yield cp1252(f"ofsted/2024-2025/{FILE_NAME}", rows_text(header("ofsted_2025-08"), _rows(county)))


def draw(county: County) -> dict[int, Inspection]:
    """An inspection for every open state-funded school but the newest and those that bring their own."""
    rng = stream(county.seed, "inspections")
    found: dict[int, Inspection] = {}
    for school in inspected(county.schools):
        drawn = _inspection(school, county.by_urn.get(school.predecessor), rng)
        own = school.inspection if school.planted else drawn
        if own:
            found[school.urn] = own
    return found


def inspected(schools: Sequence[School], day: date = AS_AT) -> list[School]:
    """The schools of a file: state-funded, open on its day, colleges left out."""
    return sorted((s for s in schools if s.is_state_funded and s.words.ofsted and s.is_open(day)), key=lambda s: s.urn)


def _inspection(school: School, before: School | None, rng: np.random.Generator) -> Inspection | None:
    """Drawn with the same number of draws for every school, so that one school's story moves no other's."""
    u = rng.random(12).tolist()
    quality = school.site.effect + school.site.intake + 0.5 * (u[0] - 0.5)
    if u[1] < 0.40:
        on = date(2015, 1, 5) + timedelta(days=int(u[2] * 1680))
    elif u[1] < 0.83:
        on = date(2021, 9, 7) + timedelta(days=int(u[2] * 1040))
    else:
        on = date(2024, 9, 10) + timedelta(days=int(u[2] * 290))
    on = _in_term(on)
    if school.opened and before is None and (AS_AT - school.opened).days < 900:
        return None
    urn = school.urn
    if school.opened and on < school.opened:
        if before is None:
            on = _in_term(school.opened + timedelta(days=500))
        else:
            urn = before.urn
    if on > date(2025, 7, 15):
        return None
    grade = 2
    if (quality > 0.25 and u[3] < 0.5) or u[3] < 0.09:
        grade = 1
    elif (quality < -0.3 and u[3] > 0.75) or u[3] > 0.985:
        grade = 3
    if u[3] > 0.996:
        grade = 4
    before_that = "1" if grade == 1 and u[8] <= 0.6 else ("4" if u[8] > 0.97 else ("3" if u[8] > 0.72 else "2"))
    overall = "Not judged" if on >= _SINGLE_GRADES_ENDED else str(grade)
    best = "1" if grade == 1 or u[4] < 0.12 else str(min(grade, 3))
    judgements = ("9", "9", "9", str(grade)) if on < _KEY_JUDGEMENTS_BEGAN else (str(grade), best, best, str(grade))
    latest = Inspection(
        inspected_on=on,
        overall=overall,
        judgements=judgements,
        urn=urn,
        category=("SM" if u[5] < 0.5 else "SWK") if grade == 4 else "",
        safeguarding="No" if grade == 4 and u[5] < 0.5 else ("Yes" if on >= date(2017, 1, 1) else "9"),
        early_years=str(grade) if school.has_early_years else "9",
        sixth_form=str(grade) if school.has_sixth_form else "9",
        grouping=_grouping(u[6], on),
        previous_on=on - timedelta(days=1200 + int(u[7] * 1200)),
        previous_overall=before_that,
        previous_urn=urn,
    )
    if on < date(2021, 9, 1) and grade in (1, 2) and urn == school.urn and u[9] < 0.9:
        seen = date(2021, 9, 14) + timedelta(days=int(u[10] * 1380))
        latest.ungraded_on = _in_term(seen)
        latest.ungraded_outcome = _ungraded(latest.ungraded_on, grade, u[11])
    return latest


def _in_term(on: date) -> date:
    """Inspections begin from Monday to Thursday, not in August and not at Christmas."""
    if on.month == 8:
        on -= timedelta(days=45)
    if (on.month, on.day) >= (12, 18) or (on.month, on.day) <= (1, 5):
        on += timedelta(days=21)
    return on - timedelta(days=max(0, on.weekday() - 3))


def _grouping(u: float, on: date) -> str:
    if u < 0.75:
        return "S5 Inspection"
    if u < 0.90:
        return "Requires Improvement S5 Reinspection Visit 1"
    if u < 0.95:
        return "Section 8 deemed section 5"
    return "Section 8 conversion" if on < _KEY_JUDGEMENTS_BEGAN else "S5 Inspection"


def _ungraded(on: date, grade: int, u: float) -> str:
    if on >= _SINGLE_GRADES_ENDED:
        return (
            "Standards maintained"
            if u < 0.84
            else ("Improved significantly" if u < 0.94 else "Some aspects not as strong")
        )
    if grade == 1:
        return "School remains Outstanding" if u < 0.9 else "School remains Outstanding (Concerns) - S5 Next"
    if u < 0.93:
        return "School remains Good"
    return "School remains Good (Improving) - S5 Next" if u < 0.97 else "School remains Good (Concerns) - S5 Next"


def _rows(county: County) -> Iterator[dict[str, str]]:
    found = county.once(draw)
    for school in inspected(county.schools):
        row = identity(school, county)
        if seen := found.get(school.urn):
            row |= _graded(school, seen) | _previous(school, seen) | _since(school, seen)
        yield row


def identity(school: School, county: County) -> dict[str, str]:
    """What the monthly file says of a school beside its inspections."""
    la = county.authority_of[school.la]
    trust = county.register.trusts[school.trust] if school.trust is not None else None
    return {
        "URN": str(school.urn),
        "LAESTAB": f"{school.la}{school.estab}",
        "School name": school.name,
        "Ofsted phase": _PHASES.get(school.kind, "Primary"),
        "Type of education": school.words.ofsted or "",
        "School open date": day_text(school.opened),
        "Admissions policy": "Non-selective" if school.phase == "SEC" else "Not applicable",
        "Sixth form": school.sixth_form_words,
        "Designated religious character": "" if school.nf_type == "F" else school.religion,
        "Region": la.region,
        "Local authority": la.name,
        "Parliamentary constituency": CONSTITUENCIES[school.constituency] if la.is_county else la.name,
        "Multi-academy trust UID": str(trust[0]) if trust else "",
        "Multi-academy trust name": trust[1] if trust else "",
        "Postcode": school.postcode,
        "The income deprivation affecting children index (IDACI) quintile": str(
            1 + min(4, int(school.site.disadvantaged * 10))
        ),
        "Total number of pupils": str(_pupils(school)),
        "Statutory lowest age": str(school.low),
        "Statutory highest age": str(school.high),
    }


def _graded(school: School, seen: Inspection) -> dict[str, str]:
    return {
        "Inspection number of latest graded inspection": number(school.urn, 1, seen.inspected_on),
        "Inspection type": _TYPE_OF_INSPECTION.get(seen.grouping, seen.grouping),
        "Inspection type grouping": seen.grouping,
        "Inspection start date": day_text(seen.inspected_on),
        "Publication date": day_text(seen.inspected_on + timedelta(days=41)),
        "Does the latest graded inspection relate to the URN of the current school?": yes_or_no(seen.urn == school.urn),
        "URN at time of latest graded inspection": str(seen.urn),
        "Overall effectiveness": seen.overall,
        "Category of concern": seen.category,
        **judged("{}", seen.judgements),
        "Safeguarding is effective?": seen.safeguarding,
        "Early years provision (where applicable)": seen.early_years,
        "Sixth form provision (where applicable)": seen.sixth_form,
    }


def judged(pattern: str, judgements: tuple[str, str, str, str]) -> dict[str, str]:
    """The four key judgements under their names; the pattern puts them in a sentence of each file."""
    names = (
        "Quality of education",
        "Behaviour and attitudes",
        "Personal development",
        "Effectiveness of leadership and management",
    )
    spelled = [name if pattern == "{}" else name[0].lower() + name[1:] for name in names]
    return {pattern.format(name): grade for name, grade in zip(spelled, judgements, strict=True)}


def _previous(school: School, seen: Inspection) -> dict[str, str]:
    if seen.previous_on is None:
        return {}
    grade, urn = seen.previous_overall, seen.previous_urn
    has_key_judgements = seen.previous_on >= _KEY_JUDGEMENTS_BEGAN
    key = grade if has_key_judgements else "9"
    return {
        "Previous inspection number": number(school.urn, 2, seen.previous_on),
        "Previous inspection start date": day_text(seen.previous_on),
        "Previous publication date": day_text(seen.previous_on + timedelta(days=38)),
        "Does the previous graded inspection relate to the URN of the current school?": yes_or_no(urn == school.urn),
        "URN at time of previous graded inspection": str(urn),
        "Previous graded inspection overall effectiveness": grade,
        "Previous category of concern": "SM" if grade == "4" else "",
        **judged("Previous {}", (key, key, key, grade)),
        "Previous safeguarding is effective?": "Yes" if has_key_judgements else "9",
        "Previous early years provision (where applicable)": grade if school.has_early_years else "9",
        "Previous sixth form provision (where applicable)": grade if school.has_sixth_form else "9",
    }


def _since(school: School, seen: Inspection) -> dict[str, str]:
    if seen.ungraded_on is None:
        return {}
    return {
        "Latest ungraded inspection number since last graded inspection": number(school.urn, 3, seen.ungraded_on),
        "Does the ungraded inspection relate to the URN of the current school?": "Yes",
        "URN at time of the ungraded inspection": str(school.urn),
        "Date of latest ungraded inspection": day_text(seen.ungraded_on),
        "Ungraded inspection publication date": day_text(seen.ungraded_on + timedelta(days=34)),
        "Did the latest ungraded inspection convert to a graded inspection?": "No",
        "Ungraded inspection overall outcome": seen.ungraded_outcome,
    }


def yes_or_no(answer: bool) -> str:
    return "Yes" if answer else "No"


def _pupils(school: School) -> int:
    return round(school.site.per_year * max(2, min(school.high, 16) - max(school.low, 4)))


def number(urn: int, which: int, on: date) -> str:
    """Inspection numbers had letters until 2015."""
    bare = urn % 100_000 * 8 + which
    return f"ITS{400_000 + bare}" if on < _NUMBERS_WITHOUT_LETTERS else str(10_000_000 + bare)


def day_text(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
