"""A sheet for a mart as it stands: every column, headed and explained as the mart describes it. For marts whose rows
are already what a reader wants; a mart that needs choosing or joining has a sheet of its own elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.publication.workbooks.marts import Marts
from pipelines.publication.workbooks.sheets import Column, Sheet

LONG = 40  # characters from which a column of text wraps
RATED = re.compile(r"(^|_)rating$|_draft$")
NOT_FOR_READING = ("la_code", "file_id", "line", "source_column", "moderated_by", "decided_by")
FORMATS = (("_pct", "pct1"), ("_gbp", "gbp0"), ("_n", "count"))


@dataclass(frozen=True)
class Whole:
    """A mart that becomes a sheet as it stands, and what one sees there."""

    mart: str
    name: str
    title: str
    purpose: str


def sheet(marts: Marts, whole: Whole, descriptions: Mapping[str, Mapping[str, str]]) -> Sheet:
    """The sheet of a mart that the build has. Rows of the authority, in the order of all columns."""
    types = {name: kind for name, kind in marts.columns(whole.mart).items() if name not in NOT_FOR_READING}
    names = sorted(types, key=lambda name: (name != "school_name", name != "urn"))
    here = _measured(marts, whole.mart, names)
    columns = tuple(
        Column(name, _heading(name), _kind(name, types[name], here[name]), _width(name, here[name]),
               " ".join(descriptions.get(whole.mart, {}).get(name, "").split()), empty="none")
        for name in names
    )  # fmt: skip
    selected = ", ".join(_selected(name, types[name]) for name in names)
    of_authority = "where la_code = getvariable('la_code')" if "la_code" in marts.columns(whole.mart) else ""
    return Sheet(
        whole.name,
        whole.title,
        whole.purpose,
        (whole.mart,),
        f'select {selected} from "{whole.mart}" {of_authority} order by all',
        columns,
    )


def _measured(marts: Marts, mart: str, names: list[str]) -> dict[str, int]:
    """The longest text of each column."""
    asked = ", ".join(f'coalesce(max(length("{name}"::varchar)), 0) as "{name}"' for name in names)
    (found,) = marts.rows(f'select {asked} from "{mart}"')
    return {name: int(found[name]) for name in names}


def _selected(name: str, kind: str) -> str:
    """Codes as words; what reads as a sentence, a name or a number as it stands."""
    if kind == "VARCHAR" and name not in ("urn", "school_name"):
        is_code = f"regexp_full_match(\"{name}\", '[a-z0-9]+(_[a-z0-9]+)+')"
        return f'case when {is_code} then words("{name}") else "{name}" end as "{name}"'
    return f"list_aggregate(\"{name}\", 'string_agg', ', ') as \"{name}\"" if kind.endswith("[]") else f'"{name}"'


def _kind(name: str, kind: str, longest: int) -> str:
    if kind == "DATE":
        return "date"
    if kind in ("VARCHAR", "BOOLEAN") or kind.endswith("[]"):
        return "rating" if RATED.search(name) else "band" if name == "band" else "long" if longest > 16 else "text"
    return next((given for end, given in FORMATS if name.endswith(end)), "score1" if kind == "DOUBLE" else "count")


def _width(name: str, longest: int) -> float:
    return max(10, min(longest + 2, 60 if longest > LONG else 24), min(len(name) * 0.7, 16))


def _heading(name: str) -> str:
    """`months_on_register` -> `Months on register`; a unit at the end becomes words."""
    for end, said in (("_pct", " (%)"), ("_gbp", " (£)"), ("_n", " (number)"), ("_on", " on")):
        if name.endswith(end):
            name = name.removesuffix(end) + said
            break
    text = name.removeprefix("is_").removeprefix("has_").replace("_", " ")
    return "URN" if text == "urn" else text[:1].upper() + text[1:]
