"""Every column the sample county fills is read: by a seed, a suite, or the catalogue that knows the file by it.

The mirror image of `tests/realdata/coverage.py`: there what is published is read, here what is read is published.
"""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache

from pipelines.home import Home, project_root
from pipelines.landing.intake import Outcome
from pipelines.provenance import HeldFile, held_files
from pipelines.sources.catalogue import Source, column_keys, load_catalogue
from pipelines.tables.decode import read_table

ABSENT = {"", "NA", "z", "NULL"}
"""What a column holds that the sample leaves out, by publication."""

READ_BY_NOBODY: dict[tuple[str, str], str] = {
    ("ks5", f"ENTRIES_{kind}{group}{year}"): "a student has several entries: pupils are counted, not entries"
    for kind in ("ALEV", "ACAD", "AGEN")
    for group in ("", "_DIS", "_NOTDIS")
    for year in ("", "_24")
}
"""(source, column): why it is filled all the same."""


@cache
def seed(name: str) -> list[dict[str, str]]:
    path = project_root() / "dbt_project" / "seeds" / "cells" / f"{name}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def of_source(name: str, source: str) -> Iterator[dict[str, str]]:
    return (row for row in seed(name) if row["source"] == source)


def key(column: str) -> str:
    return column_keys([column])[0]


def measured(source: str) -> set[str]:
    """Columns that hold a measure, or stand beside one."""
    rows = of_source("column_map", source)
    return {
        key(cell) for row in rows for name, cell in row.items() if cell and name.endswith(("column", "column_name"))
    }


def suite(source: str) -> Iterator[str]:
    """Columns that a suite speaks of."""
    path = project_root() / "expectations" / f"{source}.json"
    for expectation in json.loads(path.read_text(encoding="utf-8"))["expectations"] if path.exists() else []:
        for name, value in expectation["kwargs"].items():
            if name in ("column", "column_A", "column_B"):
                yield value
            elif name in ("column_list", "column_set"):
                yield from value
            elif name == "row_condition":
                yield from re.findall(r"[A-Za-z_]\w*|`[^`]+`", value)


def keys_and_fields(source: Source) -> set[str]:
    """Columns that say what a row is about, or that are proved before anything is read."""
    names = [row["column_name"] for row in of_source("field_map", source.id)]
    names += [row["field"] for row in of_source("row_dimensions", source.id)]
    names += [cell for row in of_source("percentages", source.id) for cell in (row["column_name"], row["of_column"])]
    names += [*source.required, *source.row_key, *source.urn_columns, source.la_column or ""]
    return {key(name.strip("`")) for name in (*names, *suite(source.id))}


def suffixes(file: HeldFile) -> list[str]:
    """Endings by which this file's columns carry another year's value."""
    rows = of_source("carried_suffixes", file.provenance.source)
    return [row["suffix"] for row in rows if row["folder_academic_year"] in ("", file.provenance.academic_year)]


def filled(file: HeldFile, source: Source) -> list[str]:
    table = read_table(file.path.read_bytes(), file.path.name, source, source.sheet)
    lines = [cells for _, cells in table.lines]
    return [
        name
        for at, name in zip(range(len(table.header)), column_keys(table.header), strict=True)
        if any(at < len(cells) and cells[at].strip() not in ABSENT for cells in lines)
    ]


def test_every_filled_column_is_read_or_listed_with_a_reason(taken: tuple[Home, list[Outcome]]) -> None:
    home, _ = taken
    unread, columns = set(), 0
    for file in held_files(home):
        source = load_catalogue().source(file.provenance.source)
        assert source is not None
        measures, others = measured(source.id), keys_and_fields(source)
        for name in filled(file, source):
            columns += 1
            bases = {name, *(name.removesuffix(suffix) for suffix in suffixes(file))}
            if not bases & measures and name not in others:
                unread.add((source.id, name))
    assert columns > 2000
    assert unread == set(READ_BY_NOBODY)
