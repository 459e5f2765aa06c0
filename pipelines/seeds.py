"""The project's seeds, for Python that needs a fact which dbt reads too: it stands once, in `dbt_project/seeds`."""

import csv
from functools import cache

from pipelines.home import project_root


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed as text, by column."""
    path = project_root() / "dbt_project" / "seeds" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seed_names() -> list[str]:
    """Every seed, by name."""
    return sorted(path.stem for path in (project_root() / "dbt_project" / "seeds").glob("*.csv"))


@cache
def policy(parameter: str) -> float:
    """A number of policy, as dbt's macro of the same name reads it. Raises KeyError where the seed has none."""
    return {row["parameter"]: float(row["value"]) for row in seed("policy")}[parameter]
