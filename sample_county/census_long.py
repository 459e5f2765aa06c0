"""The school census told again by school with counts: pupils and their characteristics, and special needs.

The same counts as the census table of the year, for the county's state-funded schools. Columns of which the sample
knows nothing hold the mark for that.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from sample_county.long_text import Row, long_text, place
from sample_county.rolls import Rolls
from sample_county.schools import COUNTY, Authority, School
from sample_county.tables import decimals, header

YEAR = 2025
PUPILS, SPECIAL_NEEDS = "spc_school_level_underlying_data_2025.csv", "sen_school_level_underlying_data_2025.csv"
_LANGUAGE = "number of pupils whose first language is"
_MEALS = "number of pupils known to be eligible for free school meals (Per"
_MEALS_OF = "number of pupils (used for FSM calculation in Performance Tables"
_MEALS_SHARE = "% of pupils known to be eligible for free school meals (Performa"
_TOO_FEW = 2


def pupils_text(schools: Sequence[School], on_roll: Rolls, county: Authority) -> str:
    """Nursery schools have nobody of the age that free meals are counted for."""
    return _text("spc_schools", _pupils(schools, on_roll, county))


def _pupils(schools: Sequence[School], on_roll: Rolls, county: Authority) -> Iterator[Row]:
    for n, school, who in _schools(schools, on_roll, county):
        pupils, girls, eal = int(on_roll.pupils[n]), int(on_roll.girls[n]), int(on_roll.eal[n])
        unclassified, meals = int(on_roll.unclassified[n]), int(on_roll.fsm[n])
        row = who | {
            "Estab": str(school.estab),
            "LAEstab": f"{school.la}{school.estab}",
            "headcount total girls": str(girls),
            "headcount total boys": str(pupils - girls),
            "full time pupils": str(pupils),
            "part time pupils": "0",
            "headcount of pupils": str(pupils),
            "fte pupils": str(pupils),
            f"{_LANGUAGE} known or believed to be English": str(pupils - eal - unclassified),
            f"{_LANGUAGE} known or believed to be other than English": _hidden(eal),
            f"{_LANGUAGE} unclassified": _hidden(unclassified),
        }
        if school.kind != "nursery":
            of = int(on_roll.fsm6_of[n])
            share = str(decimals(np.array([100 * meals / max(of, 1)]), 1)[0])
            few = 0 < meals <= _TOO_FEW
            row |= {_MEALS_OF: str(of), _MEALS: _hidden(meals), _MEALS_SHARE: "c" if few else share}
        yield row


def special_needs_text(schools: Sequence[School], on_roll: Rolls, county: Authority) -> str:
    return _text("sen_schools", _special_needs(schools, on_roll, county))


def _special_needs(schools: Sequence[School], on_roll: Rolls, county: Authority) -> Iterator[Row]:
    for n, school, who in _schools(schools, on_roll, county):
        yield who | {
            "estab": str(school.estab),
            "laestab": f"{school.la}{school.estab}",
            "Total pupils": str(int(on_roll.pupils[n])),
            "SEN support": _hidden(int(on_roll.sen_support[n])),
            "EHC plan": _hidden(int(on_roll.ehcp[n])),
        }


def _schools(
    schools: Sequence[School], on_roll: Rolls, county: Authority
) -> Iterator[tuple[int, School, dict[str, str]]]:
    for n, school in enumerate(schools):
        if school.la == COUNTY and school.is_state_funded and school.kind != "fe" and on_roll.is_open[n]:
            who = {
                "URN": str(school.urn),
                "school_name": school.name,
                "sex_of_school_description": school.gender,
                "type_of_establishment": school.words.information,
                "denomination": school.religion,
                "school_postcode": school.postcode,
            }
            yield n, school, place("School", YEAR, county) | who


def _hidden(number: int) -> str:
    return "c" if 0 < number <= _TOO_FEW else str(number)


def _text(layout: str, rows: Iterator[Row]) -> str:
    blank = dict.fromkeys(header(layout), "z")
    return long_text(header(layout), (blank | dict(row) for row in rows))
