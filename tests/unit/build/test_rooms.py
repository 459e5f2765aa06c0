"""The rooms of the warehouse, by files alone: each model and seed lies in one, and no `ref` runs up the flow."""

import re
from pathlib import Path

import pytest

from pipelines.assets.groups import ROOMS
from pipelines.home import project_root

DBT = project_root() / "dbt_project"
ROOM_OF = {
    path.stem: path.relative_to(DBT / kind).parts[0]
    for kind, suffix in (("models", "sql"), ("seeds", "csv"))
    for path in (DBT / kind).rglob(f"*.{suffix}")
    if path.parent != DBT / kind  # the numbers of policy are read in every room
}
REF = re.compile(r"""ref\(\s*['"](\w+)['"]\s*\)""")


def refs_that_run_up(models: dict[str, str], room_of: dict[str, str]) -> list[str]:
    """Each `ref` from a model (name -> SQL) to a room after its own, as `model reads model`."""
    place = {room: number for number, room in enumerate(ROOMS)}
    return [
        f"{name} ({room_of[name]}) reads {target} ({room_of[target]})"
        for name, sql in sorted(models.items())
        for target in REF.findall(sql)
        if target in room_of and place[room_of[target]] > place[room_of[name]]
    ]


def test_every_model_and_seed_lies_in_a_room() -> None:
    assert set(ROOM_OF.values()) == set(ROOMS)
    assert [path.stem for path in (DBT / "seeds").glob("*.csv")] == ["policy"]
    assert list((DBT / "models").glob("*.sql")) == []


def test_no_ref_runs_up() -> None:
    models = {path.stem: path.read_text(encoding="utf-8") for path in (DBT / "models").rglob("*.sql")}
    assert len(models) > 90
    assert refs_that_run_up(models, ROOM_OF) == []


def test_a_ref_that_runs_up_is_named() -> None:
    models = {"observations": "select * from {{ ref( 'gaps' ) }}", "gaps": "select * from {{ ref('observations') }}"}
    room_of = {"observations": "observations", "gaps": "comparisons"}
    assert refs_that_run_up(models, room_of) == ["observations (observations) reads gaps (comparisons)"]


@pytest.mark.parametrize("path", sorted((DBT / "models").rglob("*.sql")), ids=lambda path: path.stem)
def test_every_model_has_its_description_beside_it(path: Path) -> None:
    if ROOM_OF[path.stem] != "staging":  # whose models are described together, source by source
        assert path.with_suffix(".yml").exists() or path.stem == "int_similar_results"
