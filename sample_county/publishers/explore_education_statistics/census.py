"""The school census told again by school with counts: pupils and their characteristics, and special needs.

The same counts as the census table of the year, for the county's state-funded schools. Columns of which the sample
knows nothing hold the mark for that.
"""

from collections.abc import Iterator

from sample_county.county.county import County
from sample_county.county.schools import COUNTY, School
from sample_county.county.tables import File, decimal
from sample_county.publishers.explore_education_statistics.long_text import Row, long_file, school_row

YEAR = 2025
_OTHER_LANGUAGE = "number of pupils whose first language is known or believed to be other than English"
_MEALS = "number of pupils known to be eligible for free school meals (Per"
_MEALS_OF = "number of pupils (used for FSM calculation in Performance Tables"
_MEALS_SHARE = "% of pupils known to be eligible for free school meals (Performa"
_TOO_FEW = 2


def files(county: County) -> Iterator[File]:
    yield long_file(YEAR, "spc_school_level_underlying_data_2025.csv", "spc_schools", _pupils(county), "z")
    yield long_file(YEAR, "sen_school_level_underlying_data_2025.csv", "sen_schools", _special_needs(county), "z")


def _pupils(county: County) -> Iterator[Row]:
    """Nursery schools have nobody of the age that free meals are counted for."""
    on_roll = county.rolls(YEAR)
    for n, school in _schools(county):
        row = school_row(school, YEAR) | {
            "headcount of pupils": str(int(on_roll.pupils[n])),
            _OTHER_LANGUAGE: _hidden(int(on_roll.eal[n])),
        }
        if school.kind != "nursery":
            of, meals = int(on_roll.fsm6_of[n]), int(on_roll.fsm[n])
            share = "c" if 0 < meals <= _TOO_FEW else decimal(100 * meals / max(of, 1), 1)
            row |= {_MEALS_OF: str(of), _MEALS: _hidden(meals), _MEALS_SHARE: share}
        yield row


def _special_needs(county: County) -> Iterator[Row]:
    on_roll = county.rolls(YEAR)
    for n, school in _schools(county):
        yield school_row(school, YEAR) | {
            "Total pupils": str(int(on_roll.pupils[n])),
            "SEN support": _hidden(int(on_roll.sen_support[n])),
            "EHC plan": _hidden(int(on_roll.ehcp[n])),
        }


def _schools(county: County) -> Iterator[tuple[int, School]]:
    for n, school in enumerate(county.schools):
        if school.la == COUNTY and school.is_state_funded and school.kind != "fe" and county.rolls(YEAR).is_open[n]:
            yield n, school


def _hidden(number: int) -> str:
    return "c" if 0 < number <= _TOO_FEW else str(number)
