"""Where the figures of one page come from: each cited cell once, numbered in the order of citing.

A published file is named as its publisher names it. The authority's own returns are named by their title alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.publication.views.handling import LOCAL_RELEASE, LOCAL_SOURCE

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """One cited place in a file. `number` is its anchor's on the page."""

    number: int
    place: str


@dataclass(frozen=True)
class CitedFile:
    """A held file with the places cited from it."""

    name: str
    title: str
    publisher: str
    academic_year: str
    release: str
    published_on: Any
    is_published_on_assumed: bool
    landing_page: str
    licence: str
    cells: list[Cell] = field(default_factory=list)


class Sources:
    """Collects the citations of one page. `files`: the held files by `file_id`."""

    def __init__(self, files: Mapping[str, Row]) -> None:
        self._files = files
        self._numbers: dict[tuple[str, str], int] = {}
        self._cited: dict[str, CitedFile] = {}

    def cite(self, row: Row) -> int | None:
        """The number of the row's source (file_id, and line and source_column where it has them), None where no held
        file stands behind it.
        """
        held = self._files.get(row.get("file_id") or "")
        if held is None:
            return None
        place = _place(row)
        key = (held["file_id"], place)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            file = self._cited.setdefault(held["file_id"], _cited(held))
            file.cells.append(Cell(self._numbers[key], place))
        return self._numbers[key]

    def release(self, row: Row) -> str | None:
        """The release of the file behind a row."""
        held = self._files.get(row.get("file_id") or "")
        return held["release"] if held else None

    def is_local(self, row: Row) -> bool:
        """Whether one of the authority's own returns stands behind a row."""
        held = self._files.get(row.get("file_id") or "")
        return held is not None and is_local(held)

    @property
    def files(self) -> list[CitedFile]:
        """The cited files in the order of their first citing."""
        return list(self._cited.values())


def file_label(held: Row) -> str:
    """What a held file is called in a page: the publisher's own name for it, or the title of a local return."""
    return str(held["title"]) if held["release"] == LOCAL_RELEASE or is_local(held) else str(held["file_name"])


def is_local(held: Row) -> bool:
    """Whether a file is one of the authority's own returns."""
    return str(held["source"]).startswith(LOCAL_SOURCE)


def _place(row: Row) -> str:
    parts = []
    if row.get("line"):
        parts.append(f"line {row['line']}")
    if row.get("source_column"):
        parts.append(str(row["source_column"]))
    return ", ".join(parts) or "the file as a whole"


def _cited(held: Row) -> CitedFile:
    return CitedFile(
        name=file_label(held),
        title=held["title"],
        publisher=held["publisher"],
        academic_year=held["academic_year"],
        release=held["release"],
        published_on=held["published_on"],
        is_published_on_assumed=bool(held["published_on_is_assumed"]),
        landing_page=held["landing_page"] if str(held["landing_page"] or "").startswith("https://") else "",
        licence=held["licence"],
    )
