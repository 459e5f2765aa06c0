"""Builds made by hand, for tests: a folder of marts becomes a published build once its data package vouches for it."""

import json
from pathlib import Path
from typing import Any

from pipelines.files import sha256_of
from pipelines.publication.builds import PACKAGE_FILE

FACTS: dict[str, Any] = {
    "build_id": "2026-01-01T0000-00000000",
    "digest": "d",
    "code_version": "1",
    "la_code": "919",
    "as_at": None,
    "review_year": 2025,
    "is_sample": False,
    "files_n": 1,
    "tests_n": 1,
    "warnings": [],
    "quarantined": [],
}


def seal(folder: Path, **facts: Any) -> None:
    """Write the data package of what lies in the folder. `facts` are those that the test is about."""
    resources = [
        {
            "title": path.stem,
            "path": path.name,
            "format": path.suffix.removeprefix("."),
            "bytes": path.stat().st_size,
            "hash": f"sha256:{sha256_of(path)}",
        }
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != PACKAGE_FILE
    ]
    package = {"rayg": {**FACTS, **facts}, "resources": resources}
    (folder / PACKAGE_FILE).write_text(json.dumps(package), encoding="utf-8")
