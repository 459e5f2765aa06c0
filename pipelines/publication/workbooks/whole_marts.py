"""A sheet for a mart as it stands: every column, headed and explained as the mart describes it. For marts whose rows
are already what a reader wants; a mart that needs choosing or joining has a sheet of its own elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.publication.views.handling import LOCAL_RELEASE, TOO_FEW, of_returns
from pipelines.publication.views.reading import Marts
from pipelines.publication.workbooks.desktop_indicators import HIDDEN_SENTENCES, without_hidden
from pipelines.publication.workbooks.sheets import Column, Sheet

QUOTED = ("risk_indicators", "risk_screen", "held_files")  # what the sentences of indicators are read from
LONG = 40  # characters from which a column of text wraps
RATED = re.compile(r"(^|_)rating$|_draft$")
NOT_FOR_READING = ("la_code", "review_year", "file_id", "line", "source_column", "moderated_by", "decided_by")
FORMATS = (("_pct", "pct1"), ("_gbp", "gbp0"), ("_n", "count"))


@dataclass(frozen=True)
class Counted:
    """Columns that rest on figures: they are shown only where all of these are of enough pupils. `figures`: SQL for the
    value, its number of pupils and its release ("null" where nothing says it), of each; the row names the `measure`.
    """

    figures: tuple[tuple[str, str, str], ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Whole:
    """A mart that becomes a sheet as it stands, and what one sees there. `where`: which of its rows. `sentences`:
    columns that may quote the sentence of a risk indicator. `beside`: other marts that its SQL reads.
    """

    mart: str
    name: str
    title: str
    purpose: str
    order: str = "all"
    where: str = "true"
    leave_out: tuple[str, ...] = ()
    counted: tuple[Counted, ...] = ()
    sentences: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def marts(self) -> tuple[str, ...]:
        """What its sheet reads."""
        return (self.mart, *self.beside, *(QUOTED if self.sentences else ()))


def sheet(marts: Marts, whole: Whole, descriptions: Mapping[str, Mapping[str, str]]) -> Sheet:
    """The sheet of a mart that the build has. Rows of the authority alone."""
    left_out = {*NOT_FOR_READING, *whole.leave_out}
    types = {name: kind for name, kind in marts.columns(whole.mart).items() if name not in left_out}
    names = sorted(types, key=lambda name: (name != "school_name", name != "urn"))
    here = _measured(marts, whole.mart, names)
    columns = tuple(
        Column(name, _heading(name), _kind(name, types[name], here[name]), _width(name, here[name]),
               " ".join(descriptions.get(whole.mart, {}).get(name, "").split()), empty="none")
        for name in names
    )  # fmt: skip
    selected = ", ".join(_selected(name, types[name], whole) for name in names)
    of_authority = "mart.la_code = getvariable('la_code')" if "la_code" in marts.columns(whole.mart) else "true"
    quoting = (f"with {HIDDEN_SENTENCES}", "left join hidden on mart.urn = hidden.urn") if whole.sentences else ("", "")
    query = f'{quoting[0]} select {selected} from "{whole.mart}" as mart {quoting[1]}'
    return Sheet(
        whole.name,
        whole.title,
        whole.purpose,
        whole.marts,
        f"{query} where {of_authority} and {whole.where} order by {whole.order}",
        columns,
    )


def _measured(marts: Marts, mart: str, names: list[str]) -> dict[str, int]:
    """The longest text of each column."""
    lengths = ", ".join(f'coalesce(max(length("{name}"::varchar)), 0) as "{name}"' for name in names)
    (longest,) = marts.query(f'select {lengths} from "{mart}"')
    return {name: int(longest[name]) for name in names}


def _selected(name: str, kind: str, whole: Whole) -> str:
    """SQL for a column: codes as words, what reads as a sentence, a name or a number as it stands; figures of too few
    pupils as the words for that.
    """
    cell = f'mart."{name}"'
    if name in whole.sentences:
        cell = without_hidden(cell)
    elif kind == "VARCHAR" and name not in ("urn", "school_name"):
        cell = f"case when regexp_full_match({cell}, '[a-z0-9]+(_[a-z0-9]+)+') then words({cell}) else {cell} end"
    elif kind.endswith("[]"):
        cell = f"list_aggregate({cell}, 'string_agg', ', ')"
    for counted in whole.counted:
        if name in counted.columns:
            few = _too_few(counted)
            return (
                f'case when {few} then null else {cell} end as "{name}",'
                f" case when {few} then '{TOO_FEW}' end as \"{name}_absent\""
            )
    return f'{cell} as "{name}"'


def _too_few(counted: Counted) -> str:
    """SQL for whether any of the figures may not be shown. Where nothing says which release a figure is of, the
    stricter rule holds for every measure that the authority's own returns give.
    """
    likely = f"case when mart.measure in ({_listed(of_returns())}) then '{LOCAL_RELEASE}' end"
    return " or ".join(
        f"({value} is not null and not shown(coalesce({release}, {likely}), {n}, counted(mart.measure, {value}, {n})))"
        for value, n, release in counted.figures
    )


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


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
