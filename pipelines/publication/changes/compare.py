"""What changed between two builds, row by row and field by field, and which step between them changed it.

Pure: rows in, changes out. Reading builds and making the step in between is `diff`.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

DATA, RULES, UNTOLD = "data", "rules", "data or rules"
NO_ROW = "not there"
NO_VALUE = "none"


@dataclass(frozen=True)
class Watched:
    """A mart that is compared: what a row is about, and the fields that matter."""

    mart: str
    title: str
    key: tuple[str, ...]
    name: str  # the column that names the row in words
    fields: tuple[str, ...]


KPIS = Watched(
    "japr_kpis",
    "KPIs",
    ("kpi", "la_code", "academic_year"),
    "title",
    ("value", "status", "national_value", "neighbour_mean", "la_rank", "target", "target_status"),
)
SCREEN = Watched("risk_screen", "Screen", ("urn",), "school_name", ("band", "points", "rank"))
RATINGS = Watched("rayg_drafts", "Ratings", ("urn", "provision"), "school_name", ("draft_rating", "final_rating"))


@dataclass(frozen=True)
class Change:
    """One field of one row that differs: what it was and is, and what made the difference."""

    mart: str
    key: tuple[str, ...]
    name: str
    field: str
    old: str
    new: str
    causes: tuple[str, ...]  # of DATA and RULES one or both, or UNTOLD
    because: str = ""  # which file replaced which

    @property
    def cause(self) -> str:
        return " and ".join(self.causes)


@dataclass(frozen=True)
class HeldRow:
    """A held file as a build knew it."""

    file_id: str
    source: str
    la_code: str | None
    academic_year: str
    release: str
    published_on: str

    @property
    def what(self) -> str:
        """The file without its vintage: `ks2 919 2024/25`."""
        return f"{self.source} {self.la_code or 'England'} {self.academic_year}"

    @property
    def whole(self) -> str:
        return f"{self.what} {self.release}"


def changes(watched: Watched, steps: Sequence[Iterable[Row]], causes: Sequence[str]) -> list[Change]:
    """The fields that differ between the first and the last of `steps`, in the order of keys.

    `causes` has one entry per step from one set of rows to the next: a field that moved in two of them has both. A
    column that one of the builds does not have is not compared; a row that one does not have is one change.
    """
    tables = [{tuple(str(row[column]) for column in watched.key): row for row in rows} for rows in steps]
    first, last = tables[0], tables[-1]
    columns = set.intersection(*({*row} for table in tables for row in list(table.values())[:1]), set(watched.fields))
    moves = []
    for key in sorted({*first, *last}):
        whole = key in first and key in last
        for field in [field for field in watched.fields if field in columns][: None if whole else 1]:
            values = [_text(table[key][field]) if key in table else NO_ROW for table in tables]
            if values[0] == values[-1]:
                continue
            moved = {cause for at, cause in enumerate(causes) if values[at] != values[at + 1]}
            name = str((last.get(key) or first[key])[watched.name])
            moves.append(Change(watched.mart, key, name, field, values[0], values[-1], tuple(sorted(moved))))
    return moves


def file_changes(before: Iterable[HeldRow], after: Iterable[HeldRow]) -> list[str]:
    """For each publication, year and area, the newest file where it is another one, or noted otherwise."""
    was, now = _newest(before), _newest(after)
    return [replaced(was.get(what), now.get(what)) for what in sorted({*was, *now}) if was.get(what) != now.get(what)]


def replaced(old: HeldRow | None, new: HeldRow | None, held_by_both: Container[str] = ()) -> str:
    """Which file stands where which stood: `ks2 919 2024/25 revised -> final`. A file that both builds hold is
    neither new nor gone: one only reads a number from it that the other does not.
    """
    if old is None and new is None:
        return ""
    if old is None:
        assert new is not None
        return f"{new.whole} now counts" if new.file_id in held_by_both else f"{new.whole} is new"
    if new is None:
        return f"{old.whole} counts no longer" if old.file_id in held_by_both else f"{old.whole} is gone"
    if old.what != new.what:
        return f"{old.whole} -> {new.whole}"
    if old.release != new.release:
        return f"{old.whole} -> {new.release}"
    return f"{old.whole} of {old.published_on} -> of {new.published_on}"


def _newest(files: Iterable[HeldRow]) -> dict[str, HeldRow]:
    newest: dict[str, HeldRow] = {}
    for file in sorted(files, key=lambda file: (file.published_on, file.file_id)):
        newest[file.what] = file
    return newest


def _text(value: Any) -> str:
    if value is None:
        return NO_VALUE
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
