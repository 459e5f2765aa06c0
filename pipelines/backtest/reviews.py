"""The past reviews that can be replayed: each mid-September and mid-December with recent results before it and enough
time after it to know what followed. Reads the held files' sidecars, and is pure otherwise.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.provenance import held_files
from pipelines.seeds import seed
from pipelines.sources.catalogue import load_catalogue

# methods section 8: the desk-top exercise of September, and of December when results by school are out
DAYS_OF_REVIEW = ((9, 15), (12, 15))
NEWEST_RESULTS = timedelta(days=366)  # a review calls older results last year's


def reviews(home: Home, first: date | None, last: date) -> list[date]:
    """The days of review from `first` (else of the oldest results) to `last`, both included, before which school
    results had come out within a year. Raises RaygError where there is none.
    """
    published = sorted(
        file.provenance.published_on for file in held_files(home) if file.provenance.source in _sources_of_results()
    )
    if not published:
        raise RaygError("No key stage results by school are held: add the files of past years with `rayg add`.")
    days = [
        day for day in _days(first or published[0], last) if any(day - NEWEST_RESULTS < out <= day for out in published)
    ]
    if not days:
        raise RaygError(
            f"No review between {first or published[0]} and {last} can be replayed: results by school were published"
            f" from {published[0]} to {published[-1]}, and a review counts where 12 months have passed since."
        )
    return days


def _days(first: date, last: date) -> Iterator[date]:
    for year in range(first.year, last.year + 1):
        for month, day in DAYS_OF_REVIEW:
            if first <= date(year, month, day) <= last:
                yield date(year, month, day)


def _sources_of_results() -> set[str]:
    """The sources by school that the scored indicators of this year's attainment are read from."""
    scored = {
        row["measure"]
        for row in seed("indicators")
        if row["domain"] == "attainment"
        and row["provision"] == "whole_school"
        and row["years_back_allowed"] == "0"
        and int(row["points"]) > 0
    }
    by_school = {source.id for source in load_catalogue().sources if source.grain.startswith("school")}
    return {row["source"] for row in seed("column_map") if row["measure"] in scored} & by_school
