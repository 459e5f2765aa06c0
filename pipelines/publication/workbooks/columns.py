"""Columns that several sheets have. What a sheet's query must give beside them stands with the sheet."""

from pipelines.publication.workbooks.sheets import Column

SCHOOL = (
    Column("school_name", "School", "long", 34),
    Column("urn", "URN", width=9),
    Column("school_kind", "Kind", width=12),
    Column("sector", "Sector", width=12),
)
OF_SCHOOL = "d.school_name, d.urn, words(d.school_kind) as school_kind, words(d.sector) as sector"  # SQL for SCHOOL
YEAR = Column("academic_year", "Year", width=9)
VALUE = Column("value", "Value", "by_row", 9)
ENGLAND = Column("national_value", "England", "by_row", 9, empty="not held")
MINUS_ENGLAND = Column(
    "difference", "Minus England", "by_row", 9, "Value minus England's, both as printed.", empty="not held"
)
NEIGHBOURS = Column("neighbour_mean", "Neighbours", "by_row", 11, empty="not held")
QUARTILE = Column("quartile", "Quartile", "quartile", 9, "Quarter of the ranking, 1 best.", empty="not ranked")
DOUBT = Column(
    "doubt", "In doubt (†)", "long", 30, "What speaks against the row's figure with the mark †; it stands as printed.",
    empty="–",
)  # fmt: skip
RELEASE = Column("release", "Release", width=12)
BASIS = Column("basis", "Basis", width=14)


def rank(width: float) -> tuple[Column, Column]:
    """The rank among authorities, and of how many."""
    return (
        Column("la_rank", "Rank", "count", width, empty="not ranked"),
        Column("la_count", "of", "count", width, empty="not ranked"),
    )


def gap(width: float) -> tuple[Column, Column, Column]:
    """A gap and its interval."""
    return (
        Column("gap", "Gap", "by_row", width),
        Column("gap_lower_ci", "Interval from", "by_row", width, empty="no interval"),
        Column("gap_upper_ci", "to", "by_row", width, empty="no interval"),
    )
