"""What is installed is what was tested: ranges, lock and bill of materials say the same."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from pipelines.home import project_root
from tests.sbom import listed, locked

PROJECT = tomllib.loads((project_root() / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = [one for group in PROJECT["dependency-groups"].values() for one in group]
LOCKS = {"requirements.lock": RUNTIME, "requirements-dev.lock": [*RUNTIME, *DEVELOPMENT]}


def series(version: str) -> tuple[int, ...]:
    return Version(version).release[:2]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_range_holds_the_series_that_is_locked_and_no_other(lock: str) -> None:
    names = locked(project_root() / lock)
    for line in LOCKS[lock]:
        wanted = Requirement(line)
        versions = names.get(wanted.name.lower())
        assert versions, f"{wanted.name} is not in {lock}: make the locks again"
        for version in versions:
            assert wanted.specifier.contains(version), line
        for other in ("0.0.1", "999.0"):
            assert not wanted.specifier.contains(other), f"{line} admits {other}, which nobody tested"
        lowest = min(series(version) for version in versions)
        below = f"{lowest[0]}.{lowest[1] - 1}.999" if lowest[1] else f"{lowest[0] - 1}.999"
        assert not wanted.specifier.contains(below), f"{line} admits {below}, which nobody tested"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_hashed(lock: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", (project_root() / lock).read_text())
    entries = [entry for entry in entries if "==" in entry.splitlines()[0]]
    assert len(entries) >= len(LOCKS[lock])
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_bill_lists_what_is_locked_with_licences() -> None:
    names, bill = locked(), listed()
    for name, one in bill.items():
        assert one["version"] in names[name], f"{name}: run `make sbom`"
        assert one.get("licenses"), name
    windows_alone = names.keys() - bill.keys()
    assert len(windows_alone) < 10, windows_alone
