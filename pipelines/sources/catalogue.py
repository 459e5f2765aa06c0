"""The source catalogue: the shape of catalogue.toml, and its loader.

What a publication is called, where it comes from and how it is told from others stands there, once. Reading a
file's content belongs in `landing`; what its columns mean belongs in dbt's seeds.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

CATALOGUE_FILE = Path(__file__).with_name("catalogue.toml")

Release = Literal["provisional", "revised", "final", "local_unvalidated", "snapshot"]


class TotalRows(BaseModel):
    """Which rows are about an area, not a school: `column` holds one of `values`. They carry no URN."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    values: tuple[str, ...]
    key: tuple[str, ...]  # what tells one total row from another


class Publication(BaseModel):
    """Something a publisher puts out, and the names its files come under."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    publisher: str
    names: tuple[str, ...]  # regular expressions; groups `release`, and `year`, `month`, `day`, say what a name says
    required: tuple[str, ...] = ()  # column names that prove the content

    def match_name(self, name: str) -> re.Match[str] | None:
        """The match of the first pattern that fits the whole of `name`, in any case."""
        matches = (re.fullmatch(pattern, name, re.IGNORECASE) for pattern in self.names)
        return next((match for match in matches if match), None)

    def missing(self, header: tuple[str, ...]) -> list[str]:
        """The required columns that a header lacks, in any case."""
        held = {column.upper() for column in header}
        return [column for column in self.required if column.upper() not in held]


class Source(Publication):
    """A publication that this version reads."""

    licence: str
    landing_page: str
    route: str  # how it is delivered
    sheet: str | None = None  # the sheet to read where a file is a workbook
    grain: str
    role: Literal["results", "context", "register", "inspections"]
    required: tuple[str, ...] = Field(min_length=1)
    urn_columns: tuple[str, ...] = Field(min_length=1)  # six digits in every row that is not a total
    row_key: tuple[str, ...]  # two rows with the same key contradict each other, unless they are identical
    la_column: str | None = None  # its first three digits are the LA
    total_rows: TotalRows | None = None
    default_release: Release  # where the name does not say
    release_months: dict[Release, int] = {}  # 9 to 12: the autumn after the academic year; 1 to 8: the year after
    published_within_year: bool = False  # the months 1 to 8 fall inside the academic year
    dated_by_name: bool = False  # a dated copy: its date gives the academic year and the day of publication
    newest_carried_year_is_previous: bool = False  # `_24` is the newest carried year in the file of 2024/25

    @property
    def releases(self) -> tuple[str, ...]:
        """The releases a file of this source may be, an authority's own unvalidated results among them."""
        published = tuple(self.release_months) or (self.default_release,)
        return published if "snapshot" in published else (*published, "local_unvalidated")

    @model_validator(mode="after")
    def _keys_are_required(self) -> "Source":
        total = self.total_rows
        keys = {*self.urn_columns, *self.row_key, *((total.column, *total.key) if total else ())}
        keys |= {self.la_column} if self.la_column else set()
        if missing := keys - set(self.required):
            raise ValueError(f"{self.id}: key columns must be required: {sorted(missing)}")
        if not self.dated_by_name and self.default_release not in self.release_months:
            raise ValueError(f"{self.id}: release_months lacks the default release {self.default_release}")
        return self


class Catalogue(BaseModel):
    """Everything in catalogue.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    sample_la_code: str
    documentation: tuple[str, ...]
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
        return any(re.fullmatch(pattern, name, re.IGNORECASE) for pattern in self.documentation)

    def source(self, source_id: str) -> Source | None:
        return next((source for source in self.sources if source.id == source_id), None)


@cache
def load_catalogue() -> Catalogue:
    """The catalogue as it stands in catalogue.toml."""
    return Catalogue.model_validate(tomllib.loads(CATALOGUE_FILE.read_text(encoding="utf-8")))
