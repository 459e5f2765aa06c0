"""Who outside dbt reads which model: the exposures say what the Python says.

A read is a string of the code that is a model's name, or a `from` or `join` of one in a string of SQL.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipelines.home import project_root

ROOT = project_root()
MODELS = {path.stem for path in (ROOT / "dbt_project" / "models").rglob("*.sql")}
EXPOSURES = yaml.safe_load((ROOT / "dbt_project" / "models" / "exposures.yml").read_text(encoding="utf-8"))["exposures"]
EVERY_MART = "data_package"
# Words that are a model's name too, and mean something else there.
OTHER_WORDS = {
    "pipelines/backtest/replay.py": {"backtest"},  # a folder
}
# Names that are no reads of a warehouse or a build: rooms, roles and kinds of files, folders.
NO_READERS = {
    "pipelines/assets/groups.py",
    "pipelines/assets/publication.py",
    "pipelines/checks/asset_checks.py",
    "pipelines/cli.py",
    "pipelines/console.py",
    "pipelines/console_sources.py",
    "pipelines/digest.py",
    "pipelines/home.py",
    "pipelines/sources/catalogue.py",
}


def strings(path: Path) -> Iterator[str]:
    """Every string of a file but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str) and not isinstance(node, ast.Expr):
                yield child.value


def reads(path: Path) -> set[str]:
    named = set()
    for text in strings(path):
        named |= {text.lstrip("+")} & MODELS
        named |= set(re.findall(r"\b(?:from|join)\s+\"?(\w+)", text)) & MODELS
    return named - OTHER_WORDS.get(path.relative_to(ROOT).as_posix(), set())


def code_of(exposure: dict) -> set[Path]:
    parts = [ROOT / part for part in exposure["meta"]["code"]]
    return {file for part in parts for file in ([part] if part.is_file() else part.rglob("*.py"))}


def depends_on(exposure: dict) -> set[str]:
    return set(re.findall(r"ref\('(\w+)'\)", " ".join(exposure["depends_on"])))


@pytest.mark.parametrize("exposure", EXPOSURES, ids=lambda exposure: exposure["name"])
def test_an_exposure_names_what_its_code_reads(exposure: dict) -> None:
    assert all((ROOT / part).exists() for part in exposure["meta"]["code"])
    read = set().union(*(reads(file) for file in code_of(exposure)))
    if exposure["name"] == EVERY_MART:
        read = {name for name in MODELS if not name.startswith(("stg_", "int_"))}
    assert read - depends_on(exposure) == set(), "read and not listed: add it to models/exposures.yml"
    assert depends_on(exposure) - read == set(), "listed and not read: take it out of models/exposures.yml"


def test_all_that_reads_a_model_is_exposed() -> None:
    exposed = set().union(*(code_of(exposure) for exposure in EXPOSURES))
    others = {file for file in (ROOT / "pipelines").rglob("*.py") if reads(file)} - exposed
    assert {file.relative_to(ROOT).as_posix() for file in others} <= NO_READERS


def test_what_the_back_test_reads_below_the_marts_is_named() -> None:
    """These models' columns are an interface: whoever changes them changes the back-test."""
    (replay,) = [exposure for exposure in EXPOSURES if exposure["name"] == "backtest_replay"]
    assert {"int_inspection_verdicts", "int_inspection_lists", "int_inspection_standing"} <= depends_on(replay)
