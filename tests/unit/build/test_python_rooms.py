"""The rooms of the code, by their imports alone: a room uses rooms below it and none above."""

import ast
from graphlib import TopologicalSorter

import pytest

from pipelines.home import project_root

PACKAGE = project_root() / "pipelines"
# From the top down. Rooms on one line stand side by side and do not use each other.
ORDER = (
    ("cli", "ui"),
    ("console_sources", "console_backtest"),
    ("console",),
    ("console_plain", "console_faults"),
    ("build",),
    ("definitions",),
    ("review",),
    ("hub",),
    ("schedules",),
    ("backtest",),
    ("assets",),
    ("standing",),
    ("publication",),
    ("checks",),
    ("fetching",),
    ("landing",),
    ("returns",),
    ("tables",),
    ("sources",),
    ("seeds", "provenance", "lock", "digest", "instance", "intact"),
    ("home", "machine"),
    ("files", "formulas", "guard"),
    ("errors",),
)
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}


def imports_of(text: str) -> set[str]:
    """The modules that a module's text imports anywhere in it, late and for types only among them."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which room they mean"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room_of(module: str) -> str:
    return module.split(".")[1]


def climbs(texts: dict[str, str]) -> list[str]:
    """Each import (module -> text) of a room that does not lie below the importing one, as `module uses room`."""
    found = set()
    for module, text in texts.items():
        for name in imports_of(text):
            if name.startswith("pipelines."):
                own, other = room_of(module), room_of(name)
                if own != other and LEVEL[own] >= LEVEL[other]:
                    found.add(f"{module} uses {other}")
    return sorted(found)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every module by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if module != "pipelines":
            found[module] = path.read_text(encoding="utf-8")
    return found


def test_every_module_lies_in_a_room_of_the_order(texts: dict[str, str]) -> None:
    assert {room_of(module) for module in texts} <= set(LEVEL)
    assert len(LEVEL) == sum(len(rooms) for rooms in ORDER)


def test_no_room_uses_one_above_it(texts: dict[str, str]) -> None:
    assert len(texts) > 120
    assert climbs(texts) == []


def test_no_modules_use_each_other_in_a_circle(texts: dict[str, str]) -> None:
    """Within a room too. Raises CycleError with the circle."""
    TopologicalSorter({module: _modules_used(text, texts) - {module} for module, text in texts.items()}).prepare()


def test_a_climb_is_named_wherever_the_import_stands() -> None:
    late = "def land():\n    from pipelines.publication import views\n"
    assert climbs({"pipelines.landing.land": late}) == ["pipelines.landing.land uses publication"]
    assert climbs({"pipelines.publication.views.school": "from pipelines import standing"}) == [
        "pipelines.publication.views.school uses standing"
    ]
    assert climbs({"pipelines.lock": "import pipelines.digest"}) == ["pipelines.lock uses digest"]
    assert climbs({"pipelines.landing.land": "from pipelines.tables import decode"}) == []


def test_only_one_verb_knows_the_sample_county_and_only_when_it_runs(texts: dict[str, str]) -> None:
    knowing = [module for module, text in texts.items() if any(_is_of_sample(name) for name in imports_of(text))]
    assert knowing == ["pipelines.cli"]
    tree = ast.parse(texts["pipelines.cli"])
    verbs = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any(_is_of_sample(name) for name in imports_of(ast.unparse(node)))
    }
    assert verbs == {"sample"}
    at_the_top = ast.Module([node for node in tree.body if not isinstance(node, ast.FunctionDef)], [])
    assert not any(_is_of_sample(name) for name in imports_of(ast.unparse(at_the_top)))


def _is_of_sample(name: str) -> bool:
    return name.split(".")[0] == "sample_county"


def _modules_used(text: str, texts: dict[str, str]) -> set[str]:
    """The modules that an import names, themselves or by something they hold."""
    used = set()
    for name in imports_of(text):
        used |= {name} & texts.keys() or {name.rpartition(".")[0]} & texts.keys()
    return used
