"""The project's seeds, for Python that needs a fact which dbt reads too. Each stands once, in `dbt_project/seeds/`."""

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from pipelines.home import project_root


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed as text, by column."""
    with seed_file(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seed_file(name: str) -> Path:
    """The file of a seed, in whichever room it lies. Raises KeyError where there is none of the name."""
    return _seed_files()[name]


def seed_names() -> list[str]:
    """Every seed, by name."""
    return sorted(_seed_files())


def _seed_files() -> dict[str, Path]:
    return {path.stem: path for path in (project_root() / "dbt_project" / "seeds").rglob("*.csv")}


def in_force(rows: Iterable[dict[str, str]], on: date | None) -> list[dict[str, str]]:
    """The dated rows of a seed that count on a day, as dbt's macro of the same name picks them.

    The first and the last day of a row count, and an empty last day is still open. None where no day is known.
    """
    day = on.isoformat() if on else ""
    return [row for row in rows if row["valid_from"] <= day <= (row["valid_to"] or "9999-12-31")]


@cache
def policy(parameter: str) -> float:
    """A number of policy, as dbt's macro of the same name reads it. Raises KeyError where the seed has none."""
    return {row["parameter"]: float(row["value"]) for row in seed("policy")}[parameter]
