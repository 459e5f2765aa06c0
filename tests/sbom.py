"""The bill of materials `docs/sbom.json` (CycloneDX): what `requirements.lock` names, with licences, as it is installed
here. `make sbom` writes it; a test compares it with the lock.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipelines.home import project_root

SBOM = project_root() / "docs" / "sbom.json"
LOCK = project_root() / "requirements.lock"
# The licence stands in their source, not in what they say of themselves when installed.
SAID_ELSEWHERE = {"antlr4-python3-runtime": "BSD-3-Clause", "protobuf": "BSD-3-Clause"}
KEPT = ("bom-ref", "type", "name", "version", "description", "licenses", "purl")


def locked(lock: Path = LOCK) -> dict[str, set[str]]:
    """The versions that a lock names of each package; more than one where Python's version decides."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ \\;]+)", lock.read_text(), re.MULTILINE):
        found.setdefault(_plain(name), set()).add(version)
    return found


def listed() -> dict[str, dict[str, Any]]:
    """The components of the bill by name."""
    return {_plain(one["name"]): one for one in json.loads(SBOM.read_text(encoding="utf-8"))["components"]}


def write() -> None:
    tool = str(Path(sys.executable).with_name("cyclonedx-py"))
    command = [tool, "environment", sys.executable, "--output-reproducible", "--sv", "1.6"]
    bill = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    names = locked()
    components = [one for one in bill["components"] if _plain(one["name"]) in names]
    bill["components"] = [{name: one[name] for name in KEPT if name in one} for one in components]
    for one in bill["components"]:
        if "licenses" not in one:
            one["licenses"] = [{"license": {"id": SAID_ELSEWHERE[_plain(one["name"])]}}]
    del bill["dependencies"]  # the lock says what asks for what
    bill["metadata"] = {"component": {"type": "application", "name": "rayg", "licenses": [{"license": {"id": "MIT"}}]}}
    SBOM.write_text(json.dumps(bill, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    write()
