"""How a long file is put into text: one row per area or school, year and group.

The columns every such file begins with, and the marks it uses for an absence. What a row says belongs elsewhere.
"""

from collections.abc import Iterable, Mapping

from sample_county.county.county import County
from sample_county.county.schools import Authority, School, year_folder
from sample_county.county.tables import File, header, rows_text, utf8

Row = Mapping[str, str]
Area = tuple[str, Authority | None, set[int]]
"""Level, an authority that names it, and the codes of the authorities it adds up."""

_MARKS = {"SUPP": "c", "LOWCOV": "x", "NP": "x", "NA": "z", "NE": "z", "NEW": "z", "": "z"}


def long_file(year: int, name: str, layout: str, rows: Iterable[Row], absent: str = "") -> File:
    """Lines ended by a line feed; every row as long as the header, columns not given hold `absent`."""
    return utf8(f"explore-education-statistics/{year_folder(year)}/{name}", long_text(layout, rows, absent))


def long_text(layout: str, rows: Iterable[Row], absent: str = "") -> str:
    return rows_text(header(layout), rows, absent=absent, end="\n")


def period(year: int) -> str:
    """2025 -> 202425."""
    return f"{year - 1}{year % 100:02d}"


def mark(cell: str) -> str:
    """A performance-table cell as these files print it: no per cent sign, one letter for an absence."""
    bare = cell.strip()
    return _MARKS.get(bare, bare.rstrip("%"))


def place(level: str, year: int, authority: Authority | None) -> dict[str, str]:
    """The first columns of a row about an authority, its region or England."""
    row = {"time_period": period(year), "geographic_level": level, "region_code": "", "old_la_code": ""}
    if authority and level != "National":
        row["region_code"] = f"E1209{authority.region_number:04d}"
    if authority and level not in ("National", "Regional"):
        row["old_la_code"] = str(authority.code)
    return row


def school_row(school: School, year: int) -> dict[str, str]:
    """The first columns of a school's row."""
    return {
        "time_period": period(year),
        "geographic_level": "School",
        "old_la_code": str(school.la),
        "school_urn": str(school.urn),
        "URN": str(school.urn),
        "school_name": school.name,
    }


def areas(county: County) -> list[Area]:
    """Every area with a row: authorities, regions, England."""
    las = county.authorities
    found: list[Area] = [("Local authority", authority, {authority.code}) for authority in las]
    for number in sorted({authority.region_number for authority in las}):
        members = [authority for authority in las if authority.region_number == number]
        found.append(("Regional", members[0], {authority.code for authority in members}))
    return [*found, ("National", None, {authority.code for authority in las})]


def county_and_england(county: County) -> list[Area]:
    own = county.authority
    return [("Local authority", own, {own.code}), ("National", None, {a.code for a in county.authorities})]
