"""The models' own SQL over made-up rows, run in memory: for tests that ask what must hold whatever the numbers are.

What must hold belongs in the tests.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]


@cache
def compiled(folder: Path) -> dict[str, str]:
    """Every model's SQL, as dbt compiled it over the empty warehouse of `folder`."""
    nodes = json.loads((folder / "compiled" / "manifest.json").read_text())["nodes"].values()
    return {node["name"]: node["compiled_code"] for node in nodes if node["resource_type"] == "model"}


class Models:
    """The compiled models over tables that a test fills: schemas and seeds as dbt made them, no other rows."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.names = names
        self.sql = {name: compiled(folder)[name] for name in names}
        self.connection = duckdb.connect()
        self.connection.execute(f"attach '{folder / 'building.duckdb'}' as built (read_only)")
        self.connection.execute("attach ':memory:' as building")
        tables = self.connection.execute(
            "select table_name from information_schema.tables where table_catalog = 'built' and table_schema = 'main'"
        ).fetchall()
        for (table,) in tables:
            self.connection.execute(f'create table building.main."{table}" as select * from built.main."{table}"')
        self.connection.execute("detach built")  # dbt may want to write it

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        """Replaces a table's rows; columns that a row does not name are null."""
        self.connection.execute(f'delete from building.main."{table}"')
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            self.connection.execute(
                f'insert into building.main."{table}" ({names}) values ({marks})', list(row.values())
            )

    def fill_at_once(self, table: str, rows: Sequence[Row]) -> None:
        """The same for thousands of rows, all of which name the same columns."""
        self.fill(table, [])
        names = list(rows[0])
        marks = ", ".join("(" + ", ".join("?" for _ in names) + ")" for _ in rows)
        quoted = ", ".join(f'"{name}"' for name in names)
        self.connection.execute(
            f'insert into building.main."{table}" ({quoted}) values {marks}',
            [row[name] for row in rows for name in names],
        )

    def read(self, table: str) -> list[Row]:
        """A table's rows as dictionaries."""
        return self._rows(f'select * from building.main."{table}"')

    def run(self, model: str) -> list[Row]:
        """A model's rows over the tables as they are."""
        return self._rows(self.sql[model])

    def run_all(self) -> None:
        """Every model in the order given, each into its table, where the next one finds it."""
        for name in self.names:
            self.connection.execute(f'create or replace table building.main."{name}" as {self.sql[name]}')

    def _rows(self, sql: str) -> list[Row]:
        relation = self.connection.execute(sql)
        names = [column[0] for column in relation.description]
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
