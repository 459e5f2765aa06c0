"""Who a row of the performance tables is about: names, numbers, addresses, closures and conversions."""

from collections.abc import Sequence
from datetime import date

from sample_county.names import CONSTITUENCIES
from sample_county.schools import School, publication_day, results_day
from sample_county.tables import Cells, quoted
from sample_county.tally import Tally

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


def record_types(tally: Tally, la: str, england: str, state: str) -> Cells:
    """1 mainstream, 2 special, 3 consortium; the aggregate rows' codes differ by key stage."""
    kinds = {"special": "2", "independent_special": "2", "consortium": "3"}
    cells = tally.cells([kinds.get(place.kind, "1") for place in tally.places], la, england)
    cells[-1] = state
    return cells


def identity(tally: Tally, by_urn: dict[int, School], year: int, blank: str, iclose: str) -> dict[str, Cells]:
    """The identifying columns of all key stages; a table prints those that its header names.

    `blank` and `iclose` are what aggregate rows hold.
    """
    places = tally.places
    following = [by_urn.get(place.converts_to) for place in places]
    closed = [is_closed(place, after, year) for place, after in zip(places, following, strict=True)]
    joining = [
        after if after and after.opened and after.opened <= publication_day(year) and not gone else None
        for after, gone in zip(following, closed, strict=True)
    ]

    def column(cells: Sequence[str], la: Sequence[str] | str = blank, england: str = blank) -> Cells:
        return tally.cells([quoted(cell) for cell in cells], la, england)

    nf_types = [_SPELLED_OUT.get(place.nf_type, place.nf_type) for place in places]
    return {
        "ALPHAIND": column([str(100 + 37 * place.urn % 65000) for place in places]),
        "LEA": column([str(place.la) for place in places], [str(a.code) for a in tally.authorities]),
        "ESTAB": column([str(place.estab) for place in places]),
        "URN": column([str(place.urn) for place in places]),
        "SCHNAME": column([place.name for place in places]),
        "ADDRESS1": column([place.street for place in places]),
        "ADDRESS2": column([place.locality for place in places]),
        "ADDRESS3": column([""] * len(places)),
        "TOWN": column([place.town for place in places]),
        "PCODE": column([place.postcode for place in places]),
        "TELNUM": column([place.telephone for place in places]),
        "PCON_CODE": column([f"E149{place.constituency:05d}" for place in places]),
        "PCON_NAME": column([CONSTITUENCIES[place.constituency] for place in places]),
        "URN_AC": column([str(after.urn) if after else "0" for after in joining]),
        "SCHNAME_AC": column([after.name if after else "" for after in joining]),
        "OPEN_AC": column([f"{after.opened:%Y%m%d}" if after and after.opened else "" for after in joining]),
        "NFTYPE": column(nf_types),
        "NFTYPE/FESITYPE": column(nf_types),
        "ICLOSE": column(["1" if gone else "0" for gone in closed], iclose, iclose),
        "RELDENOM": column([place.religion for place in places]),
        "AGERANGE": column([f"{place.low}-{place.high}" for place in places]),
    }
