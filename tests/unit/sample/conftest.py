"""The sample county written once for every test of this folder, and readers for its files."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.home import Home
from pipelines.landing.intake import Outcome, add
from sample_county import write_sample

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    write_sample(folder)
    return folder


@pytest.fixture(scope="session")
def read(sample: Path) -> Callable[[str], Rows]:
    """Rows of one performance table as dictionaries, blank where a row was cut short."""
    held: dict[str, Rows] = {}

    def rows(name: str) -> Rows:
        if name not in held:
            text = (sample / "performance-tables" / name).read_bytes().decode("utf-8-sig")
            held[name] = list(csv.DictReader(io.StringIO(text, newline=""), restval=""))
        return held[name]

    return rows


@pytest.fixture(scope="session")
def inspections(sample: Path) -> Rows:
    file = next((sample / "ofsted" / "2024-2025").glob("*state-funded*.csv"))
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("cp1252"), newline="")))


@pytest.fixture(scope="session")
def links(sample: Path) -> Rows:
    file = next((sample / "gias").glob("links_*.csv"))
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("cp1252"), newline="")))


@pytest.fixture(scope="session")
def cases(sample: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((sample / "planted-cases.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def taken(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[Outcome]]:
    """A home that was given every file of the county, and what it said of each."""
    home = Home(tmp_path_factory.mktemp("home"))
    return home, add(home, [sample], is_sample=True)
