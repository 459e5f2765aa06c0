"""Readers for the sample county's files."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.home import Home
from pipelines.landing.intake import Outcome, add

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def sample(sample_files: Path) -> Path:
    return sample_files


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
