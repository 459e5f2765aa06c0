"""The marts of one published build as rows, read from its Parquet files: the one reader of pages, terminal and
workbooks, so that each shows what was published.

Reading only: what a row means stands in the view of its subject, which rows an account takes in `accounts`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import RaygError
from pipelines.publication.builds import PACKAGE_FILE, require_readable
from pipelines.publication.export import WHOLE_IN_PARQUET, scope_condition

Row = dict[str, Any]
ALL = "all"  # the authority of a build that holds every one
BySchool = dict[str, list[Row]]

# There are no pages without these. A build of an earlier version may lack any other mart.
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
NOTHING_BUILT = "Nothing is built in this home yet: run `rayg build` first."
REMEDY = "run `rayg build --force` to publish the marts again."


class _MartRow(Row):
    """A row whose lacking column is one clear line: a build of an earlier version has fewer columns."""

    def __missing__(self, column: str) -> Any:
        raise RaygError(f"The current build has no column {column}: an earlier version made it; run `rayg build`.")


class Marts:
    """Every mart of a build's folder as a DuckDB view of its own name. `la_code`: as a build of that authority would
    have published them, whatever else the build holds.

    Raises RaygError where nothing is built, where a mart in `needs` is not there, and where a file is missing that the
    build's data package names, is not as it was published, or cannot be read.
    """

    def __init__(self, folder: Path, needs: Iterable[str] = (), la_code: str = ALL) -> None:
        require_readable(folder)
        self.folder = folder
        self.names = frozenset(path.stem for path in folder.glob("*.parquet"))
        published = _published(folder)
        if not self.names and not published:
            raise RaygError(NOTHING_BUILT)
        lost = sorted(published - self.names)
        if lost:
            raise RaygError(f"{lost[0]}.parquet is missing from the build in {folder}: {REMEDY}")
        lacking = sorted(set(needs) - self.names)
        if lacking:
            raise RaygError(f"The build in {folder} has no mart {', '.join(lacking)}: run `rayg build`.")
        self.connection = duckdb.connect()
        self.connection.execute("set enable_progress_bar = false")
        for name in sorted(self.names):
            self._open(name)
        if la_code != ALL and not self._is_of(la_code):
            for name in sorted(self.names - set(WHOLE_IN_PARQUET)):
                self._keep(name, la_code)

    def has(self, *marts: str) -> bool:
        """Whether the build has all these marts."""
        return self.names.issuperset(marts)

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query over the marts as dictionaries. `values`: its parameters."""
        try:
            result = self.connection.execute(sql, values)
            names = [column[0] for column in result.description]
            return [_MartRow(zip(names, row, strict=True)) for row in result.fetchall()]
        except duckdb.Error:
            self._name_damage()
            raise

    def rows(
        self, mart: str, where: str = "true", values: Sequence[Any] = (), columns: str = "*", order: str = "all"
    ) -> list[Row]:
        """Rows of a mart in a total order, none where the build has no such mart.

        `where`, `columns` and `order` are SQL, `values` the parameters of `where`.
        """
        if not self.has(mart):
            return []
        return self.query(f'select {columns} from "{mart}" where {where} order by {order}', values)

    def by_school(self, mart: str, urns: Iterable[str], where: str = "true", values: Sequence[Any] = ()) -> BySchool:
        """The same rows by URN, for those schools; a school without rows has an empty list."""
        rows: BySchool = defaultdict(list)
        for row in self.rows(mart, f"list_contains(?, urn) and ({where})", [list(urns), *values]):
            rows[row["urn"]].append(row)
        return rows

    def columns(self, mart: str) -> dict[str, str]:
        """A mart's columns and their DuckDB types, in order."""
        return {row[0]: row[1] for row in self.connection.execute(f'describe "{mart}"').fetchall()}

    def close(self) -> None:
        """Close the connection; the marts cannot be read after it."""
        self.connection.close()

    def _open(self, name: str) -> None:
        path = (self.folder / f"{name}.parquet").as_posix().replace("'", "''")
        try:
            self.connection.execute(f"create view \"{name}\" as select * from read_parquet('{path}')")
        except duckdb.Error as fault:
            raise self._damaged(name) from fault

    def _is_of(self, la_code: str) -> bool:
        """Whether the build is of that authority alone, or tells nothing of its schools."""
        if "schools" not in self.names or "la_code" not in self.columns("schools"):
            return True
        return not self.rows("schools", "la_code is distinct from ?", [la_code], "1")

    def _keep(self, name: str, la_code: str) -> None:
        """Holds a mart's rows of one authority in memory, since pages ask for them hundreds of times. A temporary table
        stands before the view of its name.
        """
        scope = scope_condition(list(self.columns(name)), la_code)
        self.connection.execute(f'create temp table "{name}" as select * from main."{name}" where {scope}')

    def _name_damage(self) -> None:
        """Raise for the first mart that cannot be read to its end; return where all can."""
        for name in sorted(self.names):
            try:
                self.connection.execute(f'select bit_xor(hash(columns(*))) from "{name}"').fetchall()
            except duckdb.Error as fault:
                raise self._damaged(name) from fault

    def _damaged(self, name: str) -> RaygError:
        return RaygError(f"{name}.parquet of the build in {self.folder} is damaged and cannot be read: {REMEDY}")


def _published(folder: Path) -> frozenset[str]:
    """The marts that the build's data package names; none while the build is still being written."""
    try:
        package = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
        return frozenset(file["title"] for file in package["resources"] if file["format"] == "parquet")
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise RaygError(f"{PACKAGE_FILE} of the build in {folder} is damaged and cannot be read: {REMEDY}") from fault
