"""Two commands at once in one home: each does its work or says in one line that it has to wait; nothing is lost."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from pipelines.digest import digest_parts
from pipelines.home import Home
from pipelines.publication.builds import current_facts
from tests.faults import hurt
from tests.faults.conftest import KS2, Project, assert_no_leftovers
from tests.faults.test_whole_builds import marts
from tests.unit.returns.conftest import Made

pytestmark = pytest.mark.skipif(os.name == "nt", reason="locks as POSIX has them")
A_WHILE = str(6 * 10**9)  # rows for dbt to sum, some seconds' work
PATIENCE = 120


def started(project: Project, home: Home, *arguments: str, **extra: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        project.command(home, *arguments),
        cwd=project.root,
        env=project.environment(**extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in said
    return process.returncode, said


def results(folder: Path, la_code: str) -> Path:
    path = folder / f"{la_code}_ks2final.csv"
    rows = [KS2[0], ["1", la_code, "2001", "100001", "First", "30", "60%"]]
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def decision(folder: Path, urn: str) -> Path:
    path = folder / urn / "local_moderation.csv"
    path.parent.mkdir()
    fields = {"decided_on": "2025-10-06", "from_rating": "yellow", "to_rating": "amber", "urn": urn}
    path.write_bytes(Made().text("local_moderation", fields))
    return path


def test_two_builds(project: Project, home: Home) -> None:
    before, published = hurt.kept(home), marts(home)
    both = [ended(one) for one in [started(project, home, "build", "--force") for _ in range(2)]]
    assert 0 in [code for code, _ in both]
    for code, said in both:
        assert code == 0 or (code == 1 and said.splitlines()[-1].startswith("Another build of ")), said
    hurt.assert_nothing_is_lost(home, before)
    assert marts(home) == published
    assert_no_leftovers(home)


@pytest.mark.parametrize("verb", ["add", "moderate"])
def test_two_that_keep_files(project: Project, home: Home, tmp_path: Path, verb: str) -> None:
    before = hurt.kept(home)
    paths = [decision(tmp_path, urn) for urn in ("100001", "100002")]
    if verb == "add":
        paths = [results(tmp_path, la_code) for la_code in ("850", "826")]
    year = ["--year", "2023/24"] if verb == "add" else []
    running = [started(project, home, verb, str(path), *year) for path in paths]
    assert [ended(one)[0] for one in running] == [0, 0]
    contents = [path.read_bytes() for path in home.raw.rglob("*.csv")]
    assert [path.read_bytes() in contents for path in paths] == [True, True]
    hurt.assert_nothing_is_lost(home, before)
    assert project.rayg(home, "verify").returncode == 0


def test_everything_else_during_a_build(project: Project, home: Home, tmp_path: Path) -> None:
    before, published, first = hurt.kept(home), marts(home), current_facts(home)
    added, decided = results(tmp_path, "850"), decision(tmp_path, "100001")
    building = started(project, home, "build", "--force", RAYG_TEST_ROWS=A_WHILE)
    deadline = time.monotonic() + PATIENCE
    while not home.building_file.exists():
        assert building.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    commands = [["add", str(added), "--year", "2023/24"], ["moderate", str(decided)], ["verify"], ["freeze", "kept"]]
    added_to, decided_on, *waiting = [ended(one) for one in [started(project, home, *command) for command in commands]]
    assert added_to == decided_on == (0, "")
    assert building.poll() is None, "the build was over before the others were"
    for code, said in waiting:
        assert code == 1 and said.startswith("Another build of ") and len(said.splitlines()) == 1
    assert ended(building)[0] == 0
    contents = [path.read_bytes() for path in home.raw.rglob("*.csv")]
    assert added.read_bytes() in contents and decided.read_bytes() in contents
    hurt.assert_nothing_is_lost(home, before)
    second = current_facts(home)
    assert first is not None and second is not None and second.build_id != first.build_id
    assert marts(home) == published  # the build is of what was held when it began
    assert second.digest_parts["raw"] == first.digest_parts["raw"]
    assert digest_parts(home, "919", None, None)["raw"] != first.digest_parts["raw"]  # so the next build sees them
    assert project.rayg(home, "freeze", "kept").returncode == 0
    assert project.rayg(home, "verify").returncode == 0
