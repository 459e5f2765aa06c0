"""The declarations in `schemas/`: one file per return, its columns and what each may hold.

Lists that the project keeps elsewhere (KPIs, pupil groups) are read from there, so that a return accepts what the build
knows and nothing else. Judging cells belongs in `check`.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.seeds import seed

SCHEMA_FOLDER = Path(__file__).with_name("schemas")

Kind = Literal[
    "la_code",
    "urn",
    "academic_year",
    "review_year",
    "choice",
    "count",
    "percentage",
    "number",
    "target",
    "date",
    "text",
]


class Column(BaseModel):
    """One column: what it may hold, and how it depends on other columns of its row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind
    note: str
    required: bool = False  # never blank
    choices: tuple[str, ...] = ()
    choices_from: tuple[str, str] | None = None  # a seed and its column; or, of row_dimensions, a field of this return
    choices_with: str | None = None  # a column of that seed: only rows that fill it in give choices
    least: float | None = None
    most: float | None = None
    part_of: str | None = None  # a count of some of the pupils that this other column counts
    share: str | None = None  # a percentage: the count whose share of `part_of` it is
    may_lie_ahead: bool = False  # a date that may be planned: every other is of something that has happened
    not_before: str | None = None  # a date that cannot be earlier than this other one
    target_of: str | None = None  # the column that names the KPI: its unit bounds the target


class Return(BaseModel):
    """One return. `refused_whole`: a file with one bad line is not kept; else the line is left out and reported."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    about: str
    refused_whole: bool
    columns: tuple[Column, ...] = Field(alias="column", min_length=1)
    kpi_units: dict[str, tuple[float, float] | None] = {}  # filled in where a column is a target: its bounds by KPI

    @model_validator(mode="after")
    def _columns_exist(self) -> "Return":
        names = [column.name for column in self.columns]
        named = {
            other
            for column in self.columns
            for other in (column.part_of, column.share, column.not_before, column.target_of)
            if other
        }
        if len(set(names)) < len(names) or not named <= set(names):
            raise ValueError(f"{self.id}: a column stands twice, or a rule names one that does not stand")
        return self

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@cache
def return_named(name: str) -> Return | None:
    """The return of that id; None where there is none."""
    path = SCHEMA_FOLDER / f"{name}.toml"
    if not path.is_file():
        return None
    return _with_lists(Return.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))))


@cache
def returns() -> dict[str, Return]:
    """Every return by its id, in the order of the files' names."""
    names = sorted(path.stem for path in SCHEMA_FOLDER.glob("*.toml"))
    return {name: declared for name in names if (declared := return_named(name))}


def _with_lists(declared: Return) -> Return:
    """The declaration with the lists it borrows written out."""
    columns = tuple(
        column.model_copy(update={"choices": _list(declared.id, *column.choices_from, column.choices_with)})
        if column.choices_from
        else column
        for column in declared.columns
    )
    bounds = _kpi_bounds() if any(column.kind == "target" for column in columns) else {}
    return declared.model_copy(update={"columns": columns, "kpi_units": bounds})


def _list(source: str, name: str, column: str, filled: str | None) -> tuple[str, ...]:
    rows = [row for row in seed(name) if filled is None or row[filled]]
    if name == "row_dimensions":
        return tuple(row["token"] for row in rows if row["source"] == source and row["field"] == column)
    return tuple(dict.fromkeys(row[column] for row in rows))


def _kpi_bounds() -> dict[str, tuple[float, float] | None]:
    """The least and most of each KPI's target; None where the seed has no bounds. A gap lies between two values."""
    of_measure = {row["measure"]: _bounds(row) for row in seed("measures")}
    of_kpi: dict[str, tuple[float, float] | None] = {}
    for row in seed("kpis"):
        bounds = of_measure.get(row["measure"])
        if bounds and row["gap_type"]:
            widest = bounds[1] - bounds[0]
            bounds = (-widest, widest)
        of_kpi[row["kpi"]] = bounds
    return of_kpi


def _bounds(measure: dict[str, str]) -> tuple[float, float] | None:
    if measure["unit"] == "pct":
        return 0, 100
    return (float(measure["least"]), float(measure["most"])) if measure["least"] else None
