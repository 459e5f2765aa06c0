"""What Dagster's pages show beside a built table: its columns with their types, and for the main marts a small picture
in text. Read from the building file after dbt. Nothing is computed that a mart does not say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg
import duckdb

from pipelines.publication.views.words import BANDS, COLOURS

BAR = "█"
LONGEST_BAR = 30


@dataclass(frozen=True)
class Picture:
    """A table of text: `query` gives its rows from `mart`, which must have the columns that `needs` names; with
    `has_bars` the last column's number is a bar too.
    """

    name: str
    needs: str  # names of columns
    query: str
    headings: tuple[str, ...]
    has_bars: bool = True


# In the words and order that people use.
PICTURES: dict[str, tuple[Picture, ...]] = {
    "rayg_drafts": (
        Picture(
            "ratings",
            "provision draft_rating",
            f"""
            with counted as (select provision, draft_rating, count(*) as n from mart group by all)
            select replace(provision, '_', ' '), replace(draft_rating, '_', ' '), n from counted
            order by provision = 'whole_school' desc, provision, list_position({list(COLOURS)}, draft_rating) nulls last
            """,
            ("provision", "draft", "schools"),
        ),
    ),
    "risk_screen": (
        Picture(
            "bands",
            "band unscreened_reason",
            f"""
            with counted as (select band, unscreened_reason, count(*) as n from mart group by all)
            select replace(band, '_', ' '), coalesce(replace(unscreened_reason, '_', ' '), ''), n from counted
            order by list_position({list(BANDS)}, band), unscreened_reason
            """,
            ("band", "why not screened", "schools"),
        ),
    ),
    "risk_indicators": (
        Picture(
            "triggered",
            "title state",
            """
            select title, count(*) from mart where state = 'triggered' group by all order by 2 desc, 1
            """,
            ("indicator", "schools triggered"),
        ),
        Picture(
            "states",
            "state",
            "select replace(state, '_', ' '), count(*) from mart group by all order by 2 desc, 1",
            ("state", "rows"),
        ),
    ),
    "japr_kpis": (
        Picture(
            "newest",
            "kpi title academic_year value change national_value la_rank la_count target_status status la_code",
            """
            select title, academic_year, printf('%g', value), coalesce(printf('%+g', change), ''),
                coalesce(printf('%g', national_value), ''), coalesce(la_rank || ' of ' || la_count, ''),
                replace(target_status, '_', ' ')
            from mart where status = 'reported'
            qualify row_number() over (partition by la_code, kpi order by academic_year desc) = 1
            order by priority, kpi, la_code
            """,
            ("indicator", "year", "value", "change", "England", "rank", "target"),
            has_bars=False,
        ),
    ),
    "data_quality": (
        Picture(
            "found",
            "check severity is_reconciled",
            """
            select "check", severity,
                coalesce(case when is_reconciled then 'agrees' when not is_reconciled then 'differs' end, ''), count(*)
            from mart group by all order by all
            """,
            ("check", "severity", "reconciled", "rows"),
        ),
    ),
    "inspections": (
        Picture(
            "regimes",
            "framework event_kind",
            "select replace(framework, '_', ' '), event_kind, count(*) from mart group by all order by all",
            ("regime", "kind", "inspections"),
        ),
    ),
    "observations": (
        Picture(
            "years",
            "academic_year",
            "select academic_year, count(*) from mart group by all order by academic_year desc",
            ("academic year", "observations"),
        ),
        Picture(
            "statuses",
            "status",
            "select replace(status, '_', ' '), count(*) from mart group by all order by 2 desc, 1",
            ("status", "observations"),
        ),
    ),
    "schools": (
        Picture(
            "sectors",
            "sector status",
            "select coalesce(sector, 'not known'), status, count(*) from mart group by all order by all",
            ("sector", "status", "schools"),
        ),
    ),
    "held_files": (
        Picture(
            "sources",
            "source academic_year",
            "select source, min(academic_year), max(academic_year), count(*) from mart group by all order by source",
            ("source", "from", "to", "files"),
        ),
    ),
}


def table_metadata(
    connection: duckdb.DuckDBPyConnection, described: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, Any]]:
    """The metadata of every table in the building file, by name. Views are left out, since reading would run them.

    `described`: for each table, what each column holds.
    """
    return {
        name: {
            "dagster/row_count": _count(connection, schema, name),
            "dagster/column_schema": _columns(connection, schema, name, described.get(name, {})),
            **_pictures(connection, schema, name),
        }
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
    }


def _count(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> int:
    row = connection.execute(f'select count(*) from "{schema}"."{name}"').fetchone()
    return int(row[0]) if row else 0


def _columns(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, described: Mapping[str, str]
) -> dg.TableSchema:
    rows = connection.execute(f'describe "{schema}"."{name}"').fetchall()
    return dg.TableSchema([dg.TableColumn(row[0], row[1], description=described.get(row[0]) or None) for row in rows])


def _pictures(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> dict[str, Any]:
    pictures = {}
    columns = {row[0] for row in connection.execute(f'describe "{schema}"."{name}"').fetchall()}
    for picture in PICTURES.get(name, ()):
        if not columns.issuperset(picture.needs.split()):
            continue  # a project with other columns, as some tests have
        query = picture.query.replace("from mart", f'from "{schema}"."{name}"')
        rows = connection.execute(query).fetchall()
        pictures[picture.name] = dg.MetadataValue.md(as_markdown(picture, rows))
    return pictures


def as_markdown(picture: Picture, rows: list[tuple[Any, ...]]) -> str:
    """The rows as a table. A bar beside each number of the last column shows its size."""
    headings = (*picture.headings, "") if picture.has_bars else picture.headings
    most = max((row[-1] for row in rows), default=0) if picture.has_bars else 0
    lines = [headings, tuple("---" for _ in headings)]
    for row in rows:
        bar = (BAR * max(1, round(LONGEST_BAR * row[-1] / most)),) if most else ()
        lines.append((*(f"{value:,}" if isinstance(value, int) else str(value) for value in row), *bar))
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
