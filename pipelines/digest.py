"""The build digest: everything that decides what a build publishes, as one short hash.

Two builds with the same digest publish the same CSV, Parquet and pages, so the second need not run. Only the
standard library is imported here: the answer "nothing changed" must not wait for Dagster, dbt or pandas.
"""

import hashlib
import json
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from pipelines.files import sha256_of
from pipelines.home import Home, project_root

CODE_SUFFIXES = {".py", ".toml", ".txt", ".css", ".js", ".html", ".json", ".sql", ".yml", ".csv"}
DBT_FOLDERS = ("models", "seeds", "macros", "tests")
ENGINES = (
    "altair",
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "great-expectations",
    "jinja2",
    "pandas",
    "pyarrow",
    "vl-convert-python",
)


def build_digest(home: Home, la_code: str, as_at: str | None, review_year: int | None) -> str:
    """64 hex digits over the raw files' sidecars, the code, the seeds, the suites and the parameters."""
    return whole_digest(digest_parts(home, la_code, as_at, review_year))


def digest_parts(home: Home, la_code: str, as_at: str | None, review_year: int | None) -> dict[str, str]:
    """What decides a build, each part by itself: two builds that differ can say in what.

    `parameters`, `raw` (the held files' sidecars), `backtest` (its figures, which change no other), and the parts of
    `rules_parts`.
    """
    return {
        "parameters": _digest([la_code, as_at, review_year]),
        "raw": _digest(sorted(_sidecar(path) for path in home.sidecars())),
        "backtest": sha256_of(skill) if (skill := home.backtest / "skill.parquet").exists() else "",
        **rules_parts(),
    }


def whole_digest(parts: dict[str, str]) -> str:
    """The digest of all parts together."""
    return _digest(parts)


def rules_parts() -> dict[str, str]:
    """How the present version turns files into results: `rules` (seeds, models, suites, the source catalogue), `code`
    and `engines`.
    """
    files = [(name, sha256_of(path)) for name, path in sorted(_code_files(project_root()))]
    return {
        "rules": _digest([file for file in files if _is_rule(file[0])]),
        "code": _digest([file for file in files if not _is_rule(file[0])]),
        "engines": _digest({name: metadata.version(name) for name in ENGINES}),
    }


def code_digest() -> str:
    """64 hex digits over the project's code, seeds, models and suites."""
    return _digest([[name, sha256_of(path)] for name, path in sorted(_code_files(project_root()))])


def dbt_digest(root: Path) -> str:
    """64 hex digits over the dbt project, which decides when its manifest is out of date."""
    return _digest([[name, sha256_of(path)] for name, path in sorted(_dbt_files(root))])


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _is_rule(name: str) -> bool:
    """Whether a file says what is to come out, not how: all but the package's own code."""
    return not name.startswith("pipelines/") or name.endswith(".toml")


def _sidecar(path: Path) -> str:
    """What a sidecar says; its bytes where it is none, since the file that it is beside is set aside by a build."""
    content = path.read_bytes()
    try:
        fields = json.loads(content)
        fields.pop("retrieved_at", None)  # when it was fetched changes nothing; all else reaches the landed files
    except (ValueError, AttributeError, TypeError):
        return repr(content)
    return json.dumps(fields, sort_keys=True)


def _code_files(root: Path) -> Iterator[tuple[str, Path]]:
    yield from _dbt_files(root)
    for folder in (root / "expectations", Path(__file__).resolve().parent):
        for path in folder.rglob("*"):
            if path.suffix in CODE_SUFFIXES and path.is_file():
                yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path


def _dbt_files(root: Path) -> Iterator[tuple[str, Path]]:
    project = root / "dbt_project"
    for path in project.glob("*.yml"):
        yield f"dbt_project/{path.name}", path
    for folder in DBT_FOLDERS:
        for path in (project / folder).rglob("*"):
            if path.suffix in CODE_SUFFIXES and path.is_file():
                yield f"dbt_project/{path.relative_to(project).as_posix()}", path
