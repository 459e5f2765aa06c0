"""The build digest: it changes with everything a build depends on, and with nothing else."""

import ast
import json
from pathlib import Path
from unittest.mock import ANY

import pytest

from pipelines import digest
from pipelines.home import Home, project_root
from pipelines.landing.land import code_files

SIDECAR = {"file_id": "a", "sha256": "s", "source": "ks2", "published_on": "2026-04-30", "retrieved_at": "2026-05-01"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    write(home, SIDECAR)
    return home


def write(home: Home, fields: dict[str, str]) -> None:
    home.raw.mkdir(parents=True, exist_ok=True)
    (home.raw / "ks2.csv.provenance.json").write_text(json.dumps(fields))


@pytest.mark.parametrize(
    "changed",
    [{"sha256": "t"}, {"source": "ks4"}, {"published_on": "2026-05-01"}],
)
def test_another_file_is_another_build(home: Home, changed: dict[str, str]) -> None:
    before = digest.build_digest(home, "919", None, None)
    write(home, SIDECAR | changed)
    assert digest.build_digest(home, "919", None, None) != before


def test_fetching_the_same_file_again_changes_nothing(home: Home) -> None:
    before = digest.build_digest(home, "919", None, None)
    write(home, SIDECAR | {"retrieved_at": "2026-06-01"})
    assert digest.build_digest(home, "919", None, None) == before


@pytest.mark.parametrize("asked", [("850", None, None), ("919", "2025-10-01", None), ("919", None, 2024)])
def test_other_parameters_are_another_build(home: Home, asked: tuple[str, str | None, int | None]) -> None:
    assert digest.build_digest(home, *asked) != digest.build_digest(home, "919", None, None)


@pytest.mark.parametrize(
    "file",
    ["dbt_project/seeds/observations/measures.csv", "dbt_project/models/schools/schools.sql", "expectations/ks2.json"],
)
def test_seeds_models_and_suites_count(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text("one")
    monkeypatch.setattr(digest, "project_root", lambda: tmp_path)
    before = digest.build_digest(home, "919", None, None)
    path.write_text("two")
    assert digest.build_digest(home, "919", None, None) != before


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("dbt_project/seeds/observations/measures.csv", "rules"),
        ("dbt_project/models/schools/schools.sql", "rules"),
        ("expectations/ks2.json", "rules"),
        ("pipelines/sources/publications/ks2.toml", "rules"),
        ("pipelines/landing/land.py", "code"),
    ],
)
def test_a_change_shows_in_the_part_it_belongs_to_and_no_other(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, part: str
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text("one")
    monkeypatch.setattr(digest, "project_root", lambda: tmp_path)
    monkeypatch.setattr(digest, "__file__", str(tmp_path / "pipelines" / "digest.py"))
    before = digest.digest_parts(home, "919", None, None)
    path.write_text("two")
    after = digest.digest_parts(home, "919", None, None)
    assert [name for name in before if before[name] != after[name]] == [part]
    assert digest.digest_parts(home, "850", None, None) == {**after, "parameters": ANY}
    write(home, SIDECAR | {"sha256": "t"})
    assert digest.digest_parts(home, "919", None, None) == {**after, "raw": ANY}


def test_what_dbt_writes_does_not_count(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "dbt_project" / "target" / "manifest.json"
    target.parent.mkdir(parents=True)
    monkeypatch.setattr(digest, "project_root", lambda: tmp_path)
    before = digest.build_digest(home, "919", None, None)
    target.write_text("{}")
    assert digest.build_digest(home, "919", None, None) == before


def test_the_sample_county_decides_no_build() -> None:
    hashed = {path for _, path in digest._code_files(project_root())}
    assert not [path for path in hashed if "sample_county" in path.parts]


def test_editing_the_sample_county_changes_no_digest(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("sample_county/ks2.py", "sample_county/headers/ks2.txt", "pipelines/landing/land.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("one")
    monkeypatch.setattr(digest, "project_root", lambda: tmp_path)
    monkeypatch.setattr(digest, "__file__", str(tmp_path / "pipelines" / "digest.py"))
    before = digest.digest_parts(home, "998", None, None)
    (tmp_path / "sample_county" / "ks2.py").write_text("two")
    (tmp_path / "sample_county" / "headers" / "ks2.txt").write_text("two")
    assert digest.digest_parts(home, "998", None, None) == before
    (tmp_path / "pipelines" / "landing" / "land.py").write_text("two")
    assert digest.digest_parts(home, "998", None, None) == {**before, "code": ANY}


def modules_used(path: Path, root: Path) -> set[Path]:
    """The project's own modules that a module imports, directly or by way of others, itself among them."""
    used: set[Path] = set()
    waiting = {path}
    while waiting:
        module = waiting.pop()
        used.add(module)
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                base = root.joinpath(*name.split("."))
                waiting |= {file for file in (base.with_suffix(".py"), base / "__init__.py") if file.exists()} - used
    return used


def test_every_module_that_decides_a_build_is_in_the_digest() -> None:
    root = project_root()
    used = modules_used(root / "pipelines" / "build.py", root)
    assert len(used) > 80
    assert used - {path for _, path in digest._code_files(root)} == set()


def test_every_module_that_decides_a_landed_file_lands_it_anew() -> None:
    """What `land` reads lines, judges rows and writes cells with; not how a file is recognised or what a home holds."""
    root = project_root()
    used = modules_used(root / "pipelines" / "landing" / "land.py", root)
    rooms = {root / "pipelines" / room for room in ("landing", "returns", "tables")}
    deciding = {path for path in used if path.parent in rooms}
    assert {path.name for path in deciding} >= {"decode.py", "rows.py", "typed.py", "workbook.py", "check.py"}
    assert deciding - set(code_files()) == set()
