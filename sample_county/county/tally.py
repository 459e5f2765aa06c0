"""Adding pupils up into the rows of a table, and finding a row again in a later year's table.

The rows of every performance table here are: schools, consortia (16 to 18 only), authorities, all schools in
England, state-funded schools in England. Authority and England rows are sums over the same pupils.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sample_county.county.schools import Authority, School
from sample_county.county.tables import Cells, Numbers, csv_text, put

ALL_SCHOOLS, STATE_FUNDED = "ALL", "STATE"
_AFTER_ALL_AUTHORITIES = "~"


@dataclass
class Tally:
    """`school_of` holds each pupil's index into `schools`; only those in `listed` get a row of their own.

    A consortium's row adds up its members (by URN); no other row counts it.
    """

    schools: Sequence[School]
    school_of: Numbers
    authorities: Sequence[Authority]
    listed: Numbers
    consortia: Sequence[tuple[School, Sequence[int]]] = ()
    places: list[School] = field(init=False)
    keys: list[str] = field(init=False)

    def __post_init__(self) -> None:
        codes = {authority.code: n for n, authority in enumerate(self.authorities)}
        self._la = np.array([codes[school.la] for school in self.schools])
        self._state = np.array([school.is_state_funded for school in self.schools])
        self._position = {school.urn: n for n, school in enumerate(self.schools)}
        self.places = [self.schools[n] for n in self.listed.tolist()] + [place for place, _ in self.consortia]
        self.keys = [str(place.urn) for place in self.places]
        self.keys += [f"LA{authority.code}" for authority in self.authorities] + [ALL_SCHOOLS, STATE_FUNDED]
        row = np.arange(len(self.keys))
        self.is_place: Numbers = row < len(self.places)
        self.is_england_all: Numbers = row == len(self.keys) - 2
        self.is_england_state: Numbers = row == len(self.keys) - 1
        self.is_england: Numbers = self.is_england_all | self.is_england_state
        self.is_la: Numbers = ~self.is_place & ~self.is_england

    @property
    def rows_n(self) -> int:
        return len(self.keys)

    def where(self, places: Sequence[bool]) -> Numbers:
        """A mask over all rows from one over the places; aggregate rows are never in it."""
        return np.array([*places, *[False] * (self.rows_n - len(self.places))])

    def cells(self, places: Sequence[str], la: Sequence[str] | str, england: str) -> Cells:
        """Text for the places, then for the authorities, then for England's two rows."""
        las = [la] * len(self.authorities) if isinstance(la, str) else list(la)
        return np.array([*places, *las, england, england], dtype=object)

    def count(self, chosen: Numbers | None = None) -> Numbers:
        """Pupils (those chosen by a mask) in each row."""
        return self.total(np.ones(len(self.school_of)), chosen).astype(np.int64)

    def total(self, values: Numbers, chosen: Numbers | None = None) -> Numbers:
        """Sum of a pupil's value in each row."""
        where = self.school_of if chosen is None else self.school_of[chosen]
        weights = values if chosen is None else values[chosen]
        return self.spread(np.bincount(where, weights=weights, minlength=len(self.schools)))

    def spread(self, by_school: Numbers) -> Numbers:
        """Per-school figures as the table's rows: schools as they are, the rest summed."""
        shared = [sum(by_school[self._position[urn]] for urn in members) for _, members in self.consortia]
        state = by_school * self._state
        by_la = np.bincount(self._la, weights=state, minlength=len(self.authorities))
        rows: Numbers = np.concatenate(
            [by_school[self.listed], np.array(shared), by_la, [by_school.sum()], [state.sum()]]
        )
        return rows

    def areas(self, by_place: Numbers) -> Numbers:
        """Figures of the listed schools summed for the authorities and for England's two rows."""
        listed = by_place[: len(self.listed)]
        state = listed * self._state[self.listed]
        by_la = np.bincount(self._la[self.listed], weights=state, minlength=len(self.authorities))
        rows: Numbers = np.concatenate([by_la, [listed.sum()], [state.sum()]])
        return rows

    def authority_of(self) -> list[str]:
        """The authority each row belongs to; England's rows sort after every authority."""
        codes = [str(place.la) for place in self.places] + [str(a.code) for a in self.authorities]
        return [*codes, _AFTER_ALL_AUTHORITIES, _AFTER_ALL_AUTHORITIES]


@dataclass
class Published:
    """One year's table as published: text by column, rows found by key (URN, LA<code>, ALL, STATE).

    `sums` are the unrounded sums that later years' three-year columns need; `absent` fills columns not given;
    `left_out` are keys of rows that this table does not print, `kept_back` columns that only long files tell.
    """

    names: Sequence[str]
    tally: Tally
    columns: dict[str, Cells]
    absent: str = ""
    left_out: Sequence[str] = ()
    sums: dict[str, Numbers] = field(default_factory=dict)
    kept_back: Collection[str] = ()

    def __post_init__(self) -> None:
        self._row = {key: n for n, key in enumerate(self.tally.keys)}

    def text(self, la: int | None = None, changed: tuple[str, str, str] | None = None) -> str:
        """The England file, or the download for one authority: its rows and England's.

        Authority by authority, schools before the authority's own row, England last. `changed` is a column, the key
        of a row and the text to print there instead.
        """
        authority_of = self.tally.authority_of()
        order = sorted(range(self.tally.rows_n), key=lambda n: (authority_of[n], n))
        order = [n for n in order if self.tally.keys[n] not in self.left_out]
        if la is not None:
            order = [n for n in order if authority_of[n] in (str(la), _AFTER_ALL_AUTHORITIES)]
        columns = {name: cells for name, cells in self.columns.items() if name not in self.kept_back}
        if changed:
            column, key, text = changed
            columns[column] = put(columns[column], np.array(self.tally.keys) == key, text)
        return csv_text(self.names, columns, absent=self.absent, order=order)

    def cell(self, column: str, key: str) -> str:
        return str(self.columns[column][self._row[key]])

    def rows_of(self, later: Tally) -> Numbers:
        """Where a later table's rows stand here: under their own key, else under the history they carry on; or -1."""
        found = []
        for n, key in enumerate(later.keys):
            row = self._row.get(key, -1)
            if row < 0 and n < len(later.places) and later.places[n].carries_history:
                row = self._row.get(str(later.places[n].predecessor), -1)
            found.append(row)
        return np.array(found, dtype=np.int64)

    def carried(self, column: str, rows: Numbers) -> Cells:
        """This year's text of a column at the given rows, blank where a row is -1."""
        cells: Cells = self.columns[column][rows]
        cells[rows < 0] = ""
        return cells

    def sum(self, name: str, rows: Numbers) -> Numbers:
        """This year's unrounded sum at the given rows, 0 where a row is -1."""
        values: Numbers = np.where(rows < 0, 0, self.sums[name][rows])
        return values


def carried(
    names: Sequence[str], tally: Tally, earlier: Mapping[str, Published | None], respell: Callable[[Cells], Cells]
) -> dict[str, Cells]:
    """The columns of a table that end in a suffix, from the earlier year it stands for; blank where there is none.

    Letter case may differ between a column and its carried form.
    """
    columns = {}
    for suffix, source in earlier.items():
        rows = source.rows_of(tally) if source else np.full(tally.rows_n, -1)
        printed = {} if source is None else {n.upper(): n for n in source.columns if n not in source.kept_back}
        for name in names:
            base = printed.get(name.removesuffix(suffix).upper())
            if name.endswith(suffix) and source and base:
                columns[name] = respell(source.carried(base, rows))
            elif name.endswith(suffix) and not source:
                columns[name] = np.full(tally.rows_n, "", dtype=object)
    return columns
