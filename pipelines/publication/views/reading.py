"""The marts of one published build as rows, read from its Parquet files, so that a page shows what was published.

Reading only: what a row means to a page is for the page's own module.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import RaygError
from pipelines.publication.builds import has_published, published_file

Row = dict[str, Any]
BySchool = dict[str, list[Row]]

# Without these there is nothing to make pages of. Every other mart may be missing from a build of an earlier version.
REQUIRED = frozenset(
    {
        "benchmarks",
        "data_quality",
        "gaps",
        "held_files",
        "inspections",
        "japr_kpis",
        "rayg_alternatives",
        "rayg_drafts",
        "risk_indicators",
        "risk_screen",
        "schools",
    }
)


class Marts:
    """The Parquet files of a build's folder. Raises RaygError where one that the site needs is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        missing = sorted(name for name in REQUIRED if not self.has(name))
        if missing:
            raise RaygError(f"No pages can be written: the build has no {', '.join(missing)}; run `rayg build`.")
        self.connection = duckdb.connect()
        self.connection.execute("set enable_progress_bar = false")

    def has(self, mart: str) -> bool:
        """Whether the build has the mart."""
        return has_published(self.folder, f"{mart}.parquet")

    def rows(self, mart: str, where: str = "true", values: Sequence[Any] = (), columns: str = "*") -> list[Row]:
        """Rows of a mart in the order of its columns, none where the build has no such mart.

        `where` and `columns` are SQL, `values` the parameters of `where`.
        """
        if not self.has(mart):
            return []
        path = str(published_file(self.folder, f"{mart}.parquet"))
        found = self.connection.execute(
            f"select {columns} from read_parquet(?) where {where} order by all", [path, *values]
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def by_school(self, mart: str, urns: Iterable[str], where: str = "true", values: Sequence[Any] = ()) -> BySchool:
        """The same rows by URN, for those schools; a school without rows has an empty list."""
        found: BySchool = defaultdict(list)
        for row in self.rows(mart, f"list_contains(?, urn) and ({where})", [list(urns), *values]):
            found[row["urn"]].append(row)
        return found
