"""The suites in `expectations/`: reads them, and fits one to the columns of a file. `judge` runs them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipelines.home import project_root

OPTIONAL = "optional_column"


@dataclass(frozen=True)
class Suite:
    """One source's expectations in Great Expectations' own form, and the digest of its text."""

    source: str
    expectations: list[dict[str, Any]]
    digest: str


def read_suites() -> dict[str, Suite]:
    """Every suite by its source."""
    suites = {}
    for path in sorted((project_root() / "expectations").glob("*.json")):
        text = path.read_bytes()
        content = json.loads(text)
        suites[content["name"]] = Suite(content["name"], content["expectations"], hashlib.sha256(text).hexdigest())
    return suites


def columns_named(expectation: dict[str, Any]) -> set[str]:
    """The columns (by their keys) an expectation reads: its own and its row condition's (`RECTYPE.isin(...)`, with
    backquotes around a name of several words).
    """
    kwargs = expectation["kwargs"]
    named = {kwargs["column"]} if "column" in kwargs else set()
    return named | ({kwargs["row_condition"].split(".")[0].strip("`")} if "row_condition" in kwargs else set())


def applicable(suite: Suite, columns: Iterable[str]) -> list[dict[str, Any]]:
    """The expectations that apply to a file with these columns (by their keys).

    An older layout may lack a column marked optional. In place of the expectations on any other absent column
    stands one that asks for the column itself.
    """
    held = set(columns)
    fitting: list[dict[str, Any]] = []
    asked: set[str] = set()
    for expectation in suite.expectations:
        absent = columns_named(expectation) - held
        if not absent:
            fitting.append(expectation)
        elif not expectation["meta"].get(OPTIONAL):
            for column in sorted(absent - asked):
                fitting.append(_column_exists(column))
            asked |= absent
    return fitting


def _column_exists(column: str) -> dict[str, Any]:
    return {
        "type": "expect_column_to_exist",
        "kwargs": {"column": column},
        "meta": {
            "tests": f"The file has the column {column}.",
            "matters": "Without this column the file's rows cannot be read.",
            "resolve": "Check that the right file was added; if the publisher renamed the column, add the "
            "new name to the seeds and to this suite.",
        },
    }
