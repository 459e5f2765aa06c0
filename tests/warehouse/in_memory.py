"""The models' own SQL over rows that a test makes up, run in memory: no dbt run for each case.

What is asked of them does not belong here.
"""

import json
from pathlib import Path
from typing import Any

import duckdb

from tests.warehouse.conftest import run_dbt

Row = dict[str, Any]


class Models:
    """The compiled models over tables that a test fills: schemas and seeds as dbt made them, no other rows."""

    def __init__(self, folder: Path, *names: str) -> None:
        done = run_dbt(folder, "compile", "--select", *names, target="compiled")
        assert done.returncode == 0, done.stdout
        nodes = json.loads((folder / "compiled" / "manifest.json").read_text())["nodes"]
        self.sql = {name: nodes[f"model.rayg.{name}"]["compiled_code"] for name in names}
        self.connection = duckdb.connect()
        self.connection.execute(f"attach '{folder / 'building.duckdb'}' as built (read_only)")
        self.connection.execute("attach ':memory:' as building")
        tables = self.connection.execute(
            "select table_name from information_schema.tables where table_catalog = 'built' and table_schema = 'main'"
        ).fetchall()
        for (name,) in tables:
            self.connection.execute(f'create table building.main."{name}" as select * from built.main."{name}"')

    def fill(self, table: str, rows: list[Row]) -> None:
        """Replaces a table's rows; columns that a row does not name are null."""
        self.connection.execute(f'delete from building.main."{table}"')
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            self.connection.execute(
                f'insert into building.main."{table}" ({names}) values ({marks})', list(row.values())
            )

    def fill_at_once(self, table: str, rows: list[Row]) -> None:
        """The same for thousands of rows, all of which name the same columns."""
        self.fill(table, [])
        names = list(rows[0])
        marks = ", ".join("(" + ", ".join("?" for _ in names) + ")" for _ in rows)
        quoted = ", ".join(f'"{name}"' for name in names)
        self.connection.execute(
            f'insert into building.main."{table}" ({quoted}) values {marks}',
            [row[name] for row in rows for name in names],
        )

    def run(self, model: str) -> list[Row]:
        relation = self.connection.execute(self.sql[model])
        names = [column[0] for column in relation.description]
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
