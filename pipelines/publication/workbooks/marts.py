"""The published marts of one build folder, read for the workbooks: so that a book shows what is published and no more.

Which figures may be shown is asked of `publication.handling`, here once for every query.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling

from pipelines.publication.documents.school import VERDICTS
from pipelines.publication.views.figures import printed_difference
from pipelines.publication.views.handling import TOO_FEW, Audience, counted_pupils, is_shown
from pipelines.publication.workbooks.sheets import Row
from pipelines.seeds import seed

# Short forms as people write them, where a code holds them in small letters.
SHORT_FORMS = {
    "la": "LA",
    "eal": "EAL",
    "sen": "SEN",
    "ehcp": "EHC plan",
    "fsm": "FSM",
    "utc": "UTC",
    "pru ap": "PRU or AP",
}
SEEDS = ("measures", "kpis", "indicators", "absence_states", "inspection_series", "rayg_axes")


class Marts:
    """Every mart of the folder as a view of its own name, the seeds a sheet needs as tables `seed_<name>`, and:

    `words(code)`: a code as words. `shown(release, n, numerator)`: whether a figure may be printed for the internal
    audience. `counted(unit, value, n)`: the numerator of a percentage. `absence(status, release, n, numerator)`: the
    words that stand for a figure that is not printed. `printed_difference(value, other, decimals)`: the difference of
    two figures as printed. `in_words(verdict)`: a verdict as people say it. `format_of(unit, decimals)`: a number
    format. The authority's code is `getvariable('la_code')`.
    """

    def __init__(self, folder: Path, la_code: str) -> None:
        self.la_code = la_code
        self.connection = duckdb.connect()
        self.connection.execute("set enable_progress_bar = false")
        self.connection.execute("set threads = 2")
        self.names = frozenset(path.stem for path in folder.glob("*.parquet"))
        for name in sorted(self.names):
            path = (folder / f"{name}.parquet").as_posix().replace("'", "''")
            self.connection.execute(f"create view \"{name}\" as select * from read_parquet('{path}')")
        self.connection.execute("set variable la_code = ?", [la_code])
        for name in SEEDS:
            self._load(f"seed_{name}", seed(name))
        self._define()

    def rows(self, query: str) -> list[Row]:
        """The rows of a query as dictionaries."""
        found = self.connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def columns(self, mart: str) -> dict[str, str]:
        """A mart's columns and their DuckDB types, in order."""
        return {row[0]: row[1] for row in self.connection.execute(f'describe "{mart}"').fetchall()}

    def has(self, *marts: str) -> bool:
        """Whether the build has all these marts."""
        return self.names.issuperset(marts)

    def close(self) -> None:
        self.connection.close()

    def _load(self, table: str, rows: list[dict[str, str]]) -> None:
        """A seed as a table of text, with the place of each row."""
        names = list(rows[0])
        columns = ", ".join(f'"{name}" varchar' for name in names)
        self.connection.execute(f"create table {table} (place integer, {columns})")
        marks = ", ".join("?" * (len(names) + 1))
        values: list[list[Any]] = [[number, *(row[name] or None for name in names)] for number, row in enumerate(rows)]
        self.connection.executemany(f"insert into {table} values ({marks})", values)

    def _define(self) -> None:
        @cache
        def asked(release: str | None, n: float | None, numerator: float | None) -> bool:
            return is_shown(release, n, numerator, Audience.INTERNAL)

        def shown(release: str | None, n: float | None, numerator: float | None) -> bool:
            return asked(release, n, numerator)

        functions: tuple[tuple[str, Callable[..., Any], list[Any], str], ...] = (
            ("shown", shown, ["VARCHAR", "DOUBLE", "DOUBLE"], "BOOLEAN"),
            ("counted", counted_pupils, ["VARCHAR", "DOUBLE", "DOUBLE"], "DOUBLE"),
            ("printed_difference", printed_difference, ["DOUBLE", "DOUBLE", "INTEGER"], "DOUBLE"),
        )
        for name, function, takes, gives in functions:
            self.connection.create_function(name, function, takes, gives, null_handling=FunctionNullHandling.SPECIAL)
        verdicts = " ".join(f"when '{code}' then '{said}'" for code, said in VERDICTS.items())
        for macro in (
            f"words(code) as {_in_words('code')}",
            f"in_words(verdict) as case verdict {verdicts} else words(replace(verdict, 'no_data: ', '')) end",
            "format_of(unit, decimals) as case unit when 'count' then 'count' else unit || coalesce(decimals, '1') end",
            "yes_no(fact) as case when fact then 'yes' when not fact then 'no' end",
            "absence(status, release, n, numerator) as case when status is null then 'none held'"
            f" when status != 'reported' then words(status) when not shown(release, n, numerator) then '{TOO_FEW}' end",
        ):
            self.connection.execute(f"create macro {macro}")


def _in_words(expression: str) -> str:
    """SQL for a code's words with its short forms written out."""
    expression = f"replace({expression}, '_', ' ')"
    for code, said in SHORT_FORMS.items():
        expression = rf"regexp_replace({expression}, '\b{code}\b', '{said}')"
    return expression
