"""How a long file of Explore Education Statistics is put into text: one row per area or school, year and group.

The columns every such file begins with, and the marks it uses for an absence. What a row says belongs elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence

from sample_county.schools import Authority
from sample_county.tables import quoted

Row = Mapping[str, str]
_MARKS = {"SUPP": "c", "LOWCOV": "x", "NP": "x", "NA": "z", "NE": "z", "NEW": "z", "": "z"}
LEVELS = ("Local authority", "Regional", "National")


def period(year: int) -> str:
    """2025 -> 202425."""
    return f"{year - 1}{year % 100:02d}"


def mark(cell: str) -> str:
    """A performance-table cell as these files print it: no per cent sign, one letter for an absence."""
    bare = cell.strip()
    return _MARKS.get(bare, bare.rstrip("%"))


def england(level: str, year: int) -> dict[str, str]:
    return {
        "time_period": period(year),
        "time_identifier": "Academic year",
        "geographic_level": level,
        "country_code": "E92000001",
        "country_name": "England",
    }


def place(level: str, year: int, authority: Authority | None) -> dict[str, str]:
    """The first columns of a row about an authority, its region or England."""
    row = england(level, year)
    if authority and level != "National":
        row |= {"region_code": f"E1209{authority.region_number:04d}", "region_name": authority.region}
    if authority and level not in ("National", "Regional"):
        row |= {
            "old_la_code": str(authority.code),
            "new_la_code": f"E10000{authority.code}",
            "la_name": authority.name,
        }
    return row


def areas(authorities: Sequence[Authority]) -> list[tuple[str, Authority | None, list[int]]]:
    """Every area with a row: level, an authority that names it, and the authorities it adds up (by position)."""
    found: list[tuple[str, Authority | None, list[int]]] = [
        ("Local authority", authority, [n]) for n, authority in enumerate(authorities)
    ]
    for number in sorted({authority.region_number for authority in authorities}):
        members = [n for n, authority in enumerate(authorities) if authority.region_number == number]
        found.append(("Regional", authorities[members[0]], members))
    found.append(("National", None, list(range(len(authorities)))))
    return found


def long_text(names: Sequence[str], rows: Iterable[Row]) -> str:
    """Lines ended by a line feed; every row as long as the header."""
    lines = [",".join(quoted(name) for name in names)]
    lines += [",".join(quoted(row.get(name, "")) for name in names) for row in rows]
    return "\n".join(lines) + "\n"
