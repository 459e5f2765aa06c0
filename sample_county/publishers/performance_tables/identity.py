"""Who a row of the performance tables is about: names, numbers, kinds and closures."""

from collections.abc import Sequence
from datetime import date

from sample_county.county.schools import School, publication_day, results_day
from sample_county.county.tables import Cells, quoted
from sample_county.county.tally import Tally

_RECORD_TYPES = {"special": "2", "independent_special": "2", "consortium": "3"}
_SPELLED_OUT = {"FE": "General Further Education College"}


def is_listed(school: School, year: int) -> bool:
    """A school has a row if the year's results are its own, or if a sponsor opened it during that year."""
    return school.is_open(results_day(year)) or is_new(school, year)


def is_new(school: School, year: int) -> bool:
    """A sponsored academy opened during the year: listed without results beside its closed predecessor."""
    if school.nf_type != "AC" or school.opened is None:
        return False
    return results_day(year) < school.opened < date(year, 8, 31)


def is_closed(school: School, successor: School | None, year: int) -> bool:
    """Closed by the time of publication, other than by becoming a converter academy."""
    if school.closed is None or school.closed >= publication_day(year):
        return False
    if successor is None:
        return True
    return successor.nf_type != "ACC" and school.closed < date(year, 8, 31)


def identity(
    tally: Tally, by_urn: dict[int, School], year: int, record_types: tuple[str, str, str], blank: str, iclose: str
) -> dict[str, Cells]:
    """The identifying columns of all key stages; a table prints those that its header names.

    `record_types` of authorities, England and state-funded England; 1 mainstream, 2 special, 3 consortium.
    `blank` and `iclose` are what aggregate rows hold.
    """
    places = tally.places
    closed = [is_closed(place, by_urn.get(place.converts_to), year) for place in places]

    def column(cells: Sequence[str], la: Sequence[str] | str = blank, england: str = blank) -> Cells:
        return tally.cells([quoted(cell) for cell in cells], la, england)

    la, england, state = record_types
    types = column([_RECORD_TYPES.get(place.kind, "1") for place in places], la, england)
    types[-1] = state
    nf_types = column([_SPELLED_OUT.get(place.nf_type, place.nf_type) for place in places])
    return {
        "RECTYPE": types,
        "LEA": column([str(place.la) for place in places], [str(a.code) for a in tally.authorities]),
        "ESTAB": column([str(place.estab) for place in places]),
        "URN": column([str(place.urn) for place in places]),
        "SCHNAME": column([place.name for place in places]),
        "NFTYPE": nf_types,
        "NFTYPE/FESITYPE": nf_types,
        "ICLOSE": column(["1" if gone else "0" for gone in closed], iclose, iclose),
    }
