"""Where the county's gap lies: within schools or between them, and at which schools most pupils are short of national.

Pure: rows of the mart `gap_decomposition` in, tables out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.publication.views.figures import doubt_in_words, measures, signed, written
from pipelines.publication.views.handling import Audience, is_shown

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

LISTED = 10  # schools, of those with most pupils short


@dataclass(frozen=True)
class ShortSchool:
    """A school with disadvantaged pupils short of national."""

    urn: str
    name: str
    pupils: str
    value: str
    short: str
    so_far: str


@dataclass(frozen=True)
class Decomposition:
    """One measure's newest year. `sentence`: the county in words."""

    id: str
    measure: str
    title: str
    year: str
    national: str
    sentence: str
    schools: list[ShortSchool]


def decompositions(rows: Rows, schools: Mapping[str, Row]) -> list[Decomposition]:
    """The newest year of each headline measure, in the seed's order. `rows`: one LA's; `schools`: by URN."""
    by_measure: dict[str, Rows] = defaultdict(list)
    for row in rows:
        by_measure[row["measure"]].append(row)
    found: list[Decomposition] = []
    for name, measure in measures().items():
        if measure.is_headline and name in by_measure:
            newest = max(row["academic_year"] for row in by_measure[name])
            found += _newest(name, [row for row in by_measure[name] if row["academic_year"] == newest], schools)
    return found


def _newest(name: str, rows: Rows, schools: Mapping[str, Row]) -> Iterable[Decomposition]:
    county = next((row for row in rows if row["component"] == "county"), None)
    if county is None:
        return
    measure = measures()[name]
    short = sorted(
        (row for row in rows if row["component"] == "school" and (row["pupils_short_of_national"] or 0) > 0),
        key=lambda row: (-row["pupils_short_of_national"], row["urn"]),
    )
    yield Decomposition(
        id=f"where-{name}",
        measure=name,
        title=measure.title,
        year=county["academic_year"],
        national=written(county["national_disadvantaged_value"], measure.unit, measure.decimals),
        sentence=_sentence(county, next((row for row in rows if row["component"] == "not_shown"), None)),
        schools=[
            ShortSchool(
                urn=row["urn"],
                name=str(schools[row["urn"]]["school_name"]) if row["urn"] in schools else row["urn"],
                pupils=written(row["disadvantaged_n"]),
                value=written(row["disadvantaged_value"], measure.unit, measure.decimals),
                short=written(row["pupils_short_of_national"], "", 1),
                so_far=written(row["pupils_short_so_far"], "", 1),
            )
            for row in [row for row in short if is_shown("final", row["disadvantaged_n"], None, Audience.INTERNAL)][
                :LISTED
            ]
        ],
    )


def _sentence(county: Row, not_shown: Row | None) -> str:
    parts = []
    if county["within_part"] is not None and county["between_part"] is not None:
        parts.append(
            f"Of the gap to the county's other pupils {signed(county['within_part'], '', 1)} lies within schools and"
            f" {signed(county['between_part'], '', 1)} between them."
        )
    short = county["pupils_short_of_national"]
    if short is not None and short > 0:
        parts.append(
            f"{written(short)} more of {written(county['disadvantaged_n'])} disadvantaged pupils would have to succeed"
            " for the county to reach disadvantaged pupils nationally."
        )
    elif short is not None:
        parts.append("The county's disadvantaged pupils are not below disadvantaged pupils nationally.")
    if not_shown is not None and not_shown["disadvantaged_n"] is not None:
        hidden = written(not_shown["disadvantaged_n"])
        parts.append(f"{hidden} disadvantaged pupils are at schools whose figures are not published.")
    if doubt := doubt_in_words(county):
        parts.append(f"{doubt}.")
    return " ".join(parts)
