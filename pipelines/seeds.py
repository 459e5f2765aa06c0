"""The project's seeds, for Python that needs a fact which dbt reads too. Each stands once, in `dbt_project/seeds/`."""

import csv
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


@cache
def policy(parameter: str) -> float:
    """A number of policy, as dbt's macro of the same name reads it. Raises KeyError where the seed has none."""
    return {row["parameter"]: float(row["value"]) for row in seed("policy")}[parameter]
