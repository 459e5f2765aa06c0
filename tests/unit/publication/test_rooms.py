"""The rooms within publication: views know no output, and the outputs do not know each other."""

import ast

import pytest

from pipelines.home import project_root

FOLDER = project_root() / "pipelines" / "publication"
OUTPUTS = ("site", "documents", "workbooks")
PREFIX = "pipelines.publication."


def uses(room: str) -> set[str]:
    """The parts of publication that a room's modules import."""
    found = set()
    for path in (FOLDER / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            found |= {name.removeprefix(PREFIX).split(".")[0] for name in names if name.startswith(PREFIX)}
    return found - {room}


def test_views_use_the_ground_floor_alone() -> None:
    assert uses("views") == {"builds", "export"}  # whole builds, and which rows are an authority's


@pytest.mark.parametrize("room", OUTPUTS)
def test_an_output_uses_views_and_no_other_output(room: str) -> None:
    assert "views" in uses(room)
    assert uses(room) & {*OUTPUTS, "changes", "publish"} == set()


def test_the_diff_makes_no_build_by_itself() -> None:
    text = (FOLDER / "changes" / "diff.py").read_text(encoding="utf-8")
    assert "pipelines.build import" not in text and "import build" not in text
    assert uses("changes") & set(OUTPUTS) == set()
