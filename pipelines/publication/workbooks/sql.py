"""What the sheets' SQL stands on: the marts as views, the seeds a sheet needs as tables, and the rules and words of
`views` as functions. Nothing is decided here.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection
from duckdb.func import FunctionNullHandling

from pipelines.publication.views.figures import printed_difference
from pipelines.publication.views.handling import TOO_FEW, Audience, counted_pupils, evidence_text, is_shown, quotable
from pipelines.publication.views.reading import Marts
from pipelines.publication.views.words import SHORT_FORMS, STATES, VERDICTS, axis_words
from pipelines.seeds import seed

SEEDS = ("measures", "kpis", "indicators", "inspection_series")
INTERNAL = Audience.INTERNAL


def open_marts(folder: Path, la_code: str) -> Marts:
    """The marts of a build's folder, the seeds of SEEDS as tables `seed_<name>`, and these functions:

    - `words(code)`: a code as words;
    - `in_words(verdict)`, `state_words(state)`, `axis_words(axis, value)`: the words of a verdict, of an indicator's
      state and of an axis of a rating;
    - `shown(release, n, numerator)`: whether a figure may be printed for the internal audience;
    - `counted(measure, value, n)`: the pupils counted in a share of pupils;
    - `absence(status, release, n, numerator)`: the words that stand for a figure that is not printed;
    - `evidence(text, release, value, n, measure)`: an indicator's evidence, or why it is not shown;
    - `quotable(text, hidden)`: a text that may quote evidence, or that it is not shown;
    - `printed_difference(value, other, decimals)`: the difference of two figures as printed;
    - `format_of(unit, decimals)`: a number format.

    The authority's code is `getvariable('la_code')`.
    """
    marts = Marts(folder, la_code=la_code)
    connection = marts.connection
    connection.execute("set threads = 2")
    connection.execute("set variable la_code = ?", [la_code])
    for name in SEEDS:
        _load(connection, f"seed_{name}", seed(name))
    _define_functions(connection)
    _define_macros(connection)
    return marts


def _load(connection: DuckDBPyConnection, table: str, rows: list[dict[str, str]]) -> None:
    """A seed as a table of text, with the place of each row."""
    names = list(rows[0])
    columns = ", ".join(f'"{name}" varchar' for name in names)
    connection.execute(f"create table {table} (place integer, {columns})")
    marks = ", ".join("?" * (len(names) + 1))
    values: list[list[Any]] = [[number, *(row[name] or None for name in names)] for number, row in enumerate(rows)]
    connection.executemany(f"insert into {table} values ({marks})", values)


def _define_functions(connection: DuckDBPyConnection) -> None:
    @cache
    def is_known_shown(release: str | None, n: float | None, numerator: float | None) -> bool:
        return is_shown(release, n, numerator, INTERNAL)

    def shown(release: str | None, n: float | None, numerator: float | None) -> bool:
        return is_known_shown(release, n, numerator)  # DuckDB counts the arguments of a plain function alone

    def evidence(
        text: str | None, release: str | None, value: float | None, n: float | None, measure: str | None
    ) -> str | None:
        return evidence_text({"evidence": text, "value": value, "cohort_n": n}, release, measure, INTERNAL)

    def quoted(text: str | None, hidden: list[str]) -> str | None:
        return None if text is None else quotable(text, hidden)

    functions: tuple[tuple[str, Callable[..., Any], list[Any], str], ...] = (
        ("shown", shown, ["VARCHAR", "DOUBLE", "DOUBLE"], "BOOLEAN"),
        ("counted", counted_pupils, ["VARCHAR", "DOUBLE", "DOUBLE"], "DOUBLE"),
        ("evidence", evidence, ["VARCHAR", "VARCHAR", "DOUBLE", "DOUBLE", "VARCHAR"], "VARCHAR"),
        ("quotable", quoted, ["VARCHAR", "VARCHAR[]"], "VARCHAR"),
        ("printed_difference", printed_difference, ["DOUBLE", "DOUBLE", "INTEGER"], "DOUBLE"),
        ("axis_words", axis_words, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    )
    for name, function, takes, gives in functions:
        connection.create_function(name, function, takes, gives, null_handling=FunctionNullHandling.SPECIAL)


def _define_macros(connection: DuckDBPyConnection) -> None:
    for macro in (
        f"words(code) as {_in_words('code')}",
        f"in_words(verdict) as {_one_of('verdict', VERDICTS)} else words(replace(verdict, 'no_data: ', '')) end",
        f"state_words(state) as {_one_of('state', STATES)} else words(state) end",
        "format_of(unit, decimals) as case unit when 'count' then 'count' else unit || coalesce(decimals, '1') end",
        "yes_no(fact) as case when fact then 'yes' when not fact then 'no' end",
        "absence(status, release, n, numerator) as case when status is null then 'none held'"
        f" when status != 'reported' then words(status) when not shown(release, n, numerator) then '{TOO_FEW}' end",
    ):
        connection.execute(f"create macro {macro}")


def _one_of(code: str, vocabulary: dict[str, str]) -> str:
    """The beginning of SQL for the words of a code."""
    return f"case {code} " + " ".join(f"when '{one}' then '{text}'" for one, text in vocabulary.items())


def _in_words(expression: str) -> str:
    """SQL for what `views.words.words` does; a mart has too many cells to ask Python for each."""
    expression = f"replace({expression}, '_', ' ')"
    for code, text in SHORT_FORMS.items():
        expression = rf"regexp_replace({expression}, '\b{code}\b', '{text}')"
    return expression
