"""The project's seeds, for Python that needs a fact which dbt reads too: it stands once, in `dbt_project/seeds`."""

import csv

from pipelines.home import project_root


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed as text, by column."""
    path = project_root() / "dbt_project" / "seeds" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
