"""The data-quality page: what is held, what is missing or overdue, what was left out, and what reconciles.

Pure but for the catalogue: what should be held on a day is `sources.calendar`'s; there is no clock here, the day is the
build's own.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.publication.views.figures import day, written
from pipelines.publication.views.sources import file_label, is_local
from pipelines.publication.views.words import SOURCE_STANDINGS, words
from pipelines.sources.calendar import Held, standing
from pipelines.sources.catalogue import Source, load_catalogue

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class HeldFile:
    """A held file as the page lists it."""

    label: str
    year: str
    release: str
    published_on: str
    rows: str
    rejected: str
    left_out: str


@dataclass(frozen=True)
class SourceLine:
    """A source of the catalogue, how it stands, and its files."""

    title: str
    publisher: str
    standing: str
    is_behind: bool
    next_due: str
    files: list[HeldFile]


@dataclass(frozen=True)
class Reconciliation:
    """A published figure made again from school rows."""

    subject: str
    year: str
    published: str
    recomputed: str
    difference: str
    tolerance: str
    is_reconciled: bool
    detail: str


@dataclass(frozen=True)
class QualityPage:
    """All that the page prints. `on`: the day on which the sources stand so."""

    on: str
    held: list[SourceLine]
    not_held: list[SourceLine]
    reconciled_n: int
    reconciliations: list[Reconciliation]
    findings: list[tuple[str, str, str, str, str, str]]


def quality_page(held_files: Rows, findings: Rows, on: date) -> QualityPage:
    """The page. `held_files`, `findings`: of the marts `held_files` and `data_quality`. `on`: the build's day."""
    by_source: dict[str, Rows] = defaultdict(list)
    for row in held_files:
        by_source[row["source"]].append(row)
    lines = [_source(source, by_source[source.id], on) for source in load_catalogue().sources]
    made_again = [_reconciliation(row) for row in findings if row["is_reconciled"] is not None]
    labels = {row["file_id"]: file_label(row) for row in held_files}
    local = {row["file_id"] for row in held_files if is_local(row)}
    return QualityPage(
        on=day(on),
        held=[line for line in lines if line.files],
        not_held=[line for line in lines if not line.files],
        reconciled_n=sum(one.is_reconciled for one in made_again),
        reconciliations=sorted(made_again, key=lambda one: (one.is_reconciled, one.subject, one.year)),
        findings=[
            (
                words(row["check"]),
                labels.get(row["file_id"], words(row["source"])),
                str(row["academic_year"] or ""),
                f"line {row['line']}" if row["line"] else "",
                str(row["subject"]),
                # a rejected cell of the authority's own return may be a number of pupils; a school's number is none
                "see the checks of that return"
                if row["file_id"] in local and row["check"] != "unknown_school"
                else str(row["detail"]),
            )
            for row in findings
            if row["is_reconciled"] is None and row["check"] != "held"
        ],
    )


def _source(source: Source, files: Rows, on: date) -> SourceLine:
    files = sorted(files, key=lambda row: (row["academic_year"], row["published_on"]))
    stands = standing(source, [Held(row["academic_year"], row["release"], row["published_on"]) for row in files], on)
    due = stands.due
    next_due = f"{due.academic_year or 'copy'} by {day(due.closes)}" if due else ""
    missed = stands.missed
    standing_words = SOURCE_STANDINGS[stands.state]
    if stands.is_failing and missed is not None and files:
        standing_words += f": {missed.academic_year or 'a later copy'} was expected by {day(missed.closes)}"
    return SourceLine(
        title=source.title,
        publisher=source.publisher,
        standing=standing_words,
        is_behind=stands.is_failing,
        next_due=next_due,
        files=[_file(row) for row in files],
    )


def _file(row: Row) -> HeldFile:
    return HeldFile(
        label=file_label(row),
        year=row["academic_year"],
        release=words(row["release"]),
        published_on=day(row["published_on"]) + (" (assumed)" if row["published_on_is_assumed"] else ""),
        rows=written(row["rows_n"]),
        rejected=written(row["rejected_rows_n"]),
        left_out=str(row["quarantine_reason"] or ""),
    )


def _reconciliation(row: Row) -> Reconciliation:
    return Reconciliation(
        subject=words(row["subject"]),
        year=str(row["academic_year"] or ""),
        published=_number(row["published_value"]),
        recomputed=_number(row["recomputed_value"]),
        difference=_number(row["difference"]),
        tolerance=_number(row["tolerance"]),
        is_reconciled=bool(row["is_reconciled"]),
        detail=str(row["detail"]),
    )


def _number(value: float | None) -> str:
    return written(value, "", 0 if value is None or float(value).is_integer() else 2)
