"""The source catalogue: the shape of the files in `publications/`, and their loader.

Each publication's names, origin and distinguishing columns stand there, once. Reading a file's content belongs in
`landing`; dbt's seeds say what its columns mean.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pipelines.provenance import Release
from pipelines.sources.delivery import Fetch, Route

CATALOGUE_FOLDER = Path(__file__).with_name("publications")
EDITIONS = ("csv", "xlsx")  # of one table, as publishers offer it
_EDITION = re.compile(r"\.(csv|xlsx)(\.gz)?$", re.IGNORECASE)
_NOTE_NUMBERS = re.compile(r"(\s*\([0-9]+\))+$")  # "Allocation (11)": the number of a note, which changes by year

# In any case; a digit is one from 0 to 9. Unicode letters of one case alone (a long s) are no letters of a name.
NAMES = re.IGNORECASE | re.ASCII

# How often something new comes out; `irregular`: without a rhythm; `ended`: never again.
Cadence = Literal["annual", "termly", "monthly", "fortnightly", "daily", "irregular", "ended"]


def column_keys(header: Iterable[str]) -> tuple[str, ...]:
    """The keys that identify columns, however the publisher writes them this year.

    A key is in upper case with single blanks and without numbers of notes. A key that repeats is numbered (` #2`).
    """
    seen: Counter[str] = Counter()
    keys = []
    for name in header:
        key = _NOTE_NUMBERS.sub("", " ".join(name.split())).upper()
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return tuple(keys)


class TotalRows(BaseModel):
    """The rows about an area, not a school: `column` holds one of `values`. They carry no URN."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    values: tuple[str, ...]
    key: tuple[str, ...]  # identifies a total row


class Publication(BaseModel):
    """Something a publisher issues, and the names of its files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    publisher: str
    names: tuple[str, ...]  # regular expressions; groups `release`, `academic_year`, and `year`, `month`, `day` say it
    required: tuple[str, ...] = ()  # column names that prove the content

    def match_name(self, name: str) -> re.Match[str] | None:
        """The match of the first pattern that fits the whole of `name`, in any case and in any edition of the table:
        what is published as csv comes as a workbook or packed too.
        """
        names = (name, *(f"{stem}.{edition}" for edition in EDITIONS for stem in [_EDITION.sub("", name)]))
        matches = (re.fullmatch(pattern, one, NAMES) for one in names for pattern in self.names)
        return next((match for match in matches if match), None)

    def missing(self, header: tuple[str, ...]) -> list[str]:
        """The required columns that a header lacks, by their keys."""
        held = set(column_keys(header))
        return [column for column in self.required if column_keys([column])[0] not in held]


class Source(Publication):
    """A publication that this version reads."""

    licence: str
    landing_page: str
    route: str  # how it is delivered
    # What its route needs to find it; none: by hand. Not in the dump, since no landed file depends on it.
    fetch: tuple[Fetch, ...] = Field(default=(), exclude=True)
    sheet: str | None = None  # the sheet to read where a file is a workbook: a regular expression over its name
    grain: str
    role: Literal["results", "context", "register", "inspections", "return"]  # a return: the authority's own lists
    required: tuple[str, ...] = Field(min_length=1)
    urn_columns: tuple[str, ...] = ()  # six digits in every row that is not a total; none where no row is a school's
    row_key: tuple[str, ...] = ()  # two rows with the same key contradict each other, unless identical; none: all of it
    preference: int = 1  # of two sources that print the same number in the same release, the lower stands
    is_log: bool = False  # rows carry their own dates: a later copy serves an earlier `--as-at`, row by row
    period_column: str | None = None  # each row's own time period: the newest gives the file's academic year
    la_column: str | None = None  # its first three digits are the LA
    total_rows: TotalRows | None = None
    default_release: Release  # where the name does not say
    release_months: dict[Release, int] = {}  # 9 to 12: the autumn after the academic year; 1 to 8: the year after
    published_within_year: bool = False  # the months 1 to 8 fall inside the academic year
    # When to look for the next issue (`calendar`). Not in the dump, since no landed file depends on it.
    cadence: Cadence | None = Field(default=None, exclude=True)  # none: annual by release_months, monthly without any
    usual_day: int = Field(default=15, ge=1, le=28, exclude=True)  # monthly: by when last month's copy is out
    quiet_months: tuple[int, ...] = Field(default=(), exclude=True)  # fortnightly: nothing comes out in these
    expected: tuple[Release, ...] = Field(default=(), exclude=True)  # releases that still come; none: every month's
    last_year: str | None = Field(default=None, exclude=True)  # the last academic year of a series that has ended
    dated_by_name: bool = False  # a dated copy: its date gives the academic year and the day of publication
    dated_by_columns: tuple[str, ...] = ()  # where its name holds no date: the newest day these print stands for it
    newest_carried_year_is_previous: bool = False  # `_24` is the newest carried year in the file of 2024/25

    @property
    def folder(self) -> str:
        """The folder of its files under `raw/`: the authority's own returns lie together, apart from the others."""
        return f"local/{self.id}" if self.route == "local" else self.id

    @property
    def releases(self) -> tuple[str, ...]:
        """The releases a file of this source may be, an authority's own unvalidated results among them."""
        published = tuple(self.release_months) or (self.default_release,)
        return published if "snapshot" in published else (*published, "local_unvalidated")

    @property
    def rhythm(self) -> Cadence:
        """The cadence, where none is given the one that the release months suggest."""
        return self.cadence or ("annual" if self.release_months else "monthly")

    @model_validator(mode="after")
    def _fetched_by_its_route(self) -> "Source":
        if strangers := {ask.ROUTE for ask in self.fetch} - {self.route}:
            raise ValueError(f"{self.id}: its route is {self.route}, and fetch has keys of {sorted(strangers)}")
        return self

    @model_validator(mode="after")
    def _keys_are_required(self) -> "Source":
        total = self.total_rows
        keys = {*self.urn_columns, *self.row_key, *self.dated_by_columns}
        keys |= {total.column, *total.key} if total else set()
        keys |= {column for column in (self.la_column, self.period_column) if column}
        if missing := keys - set(self.required):
            raise ValueError(f"{self.id}: key columns must be required: {sorted(missing)}")
        if not self.dated_by_name and self.default_release not in self.release_months:
            raise ValueError(f"{self.id}: release_months lacks the default release {self.default_release}")
        return self

    @model_validator(mode="after")
    def _comes_when_it_can(self) -> "Source":
        if (self.cadence == "ended") != (self.last_year is not None):
            raise ValueError(f"{self.id}: a series that has ended has a last_year, and no other has")
        if strangers := set(self.expected) - set(self.release_months):
            raise ValueError(f"{self.id}: release_months lacks the expected {sorted(strangers)}")
        if self.cadence == "annual" and not self.release_months:
            raise ValueError(f"{self.id}: what comes out once a year has release_months")
        return self


class Catalogue(BaseModel):
    """Everything in the folder `publications`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    sample_la_code: str
    documentation: tuple[str, ...]
    routes: dict[str, Route] = Field(alias="route")
    sources: tuple[Source, ...] = Field(alias="source")
    unread: tuple[Publication, ...]

    @field_validator("sources")
    @classmethod
    def _ids_are_unique(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        if len({source.id for source in sources}) < len(sources):
            raise ValueError("two sources share an id")
        return sources

    def is_documentation(self, name: str) -> bool:
        """Whether a file of this name describes other files."""
        return any(re.fullmatch(pattern, name, NAMES) for pattern in self.documentation)

    def source(self, source_id: str) -> Source | None:
        return next((source for source in self.sources if source.id == source_id), None)


@cache
def load_catalogue() -> Catalogue:
    """The catalogue as it stands in the folder `publications`."""
    return Catalogue.model_validate(read_folder(CATALOGUE_FOLDER))


def read_folder(folder: Path) -> dict[str, Any]:
    """The files of a folder as one: lists of publications joined in the order of the files' names."""
    fields: dict[str, Any] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
            fields[key] = [*fields[key], *value] if key in ("source", "unread") and key in fields else value
    return fields
