"""Builds that are cut short: two at once, killed, out of room. The last good build stands and the next one runs."""

import os
import re
import resource
import signal
import subprocess
import time

import pytest

from pipelines import instance
from pipelines.home import Home
from pipelines.lock import BuildLock
from tests.faults.conftest import Project, assert_no_leftovers, standing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits as POSIX has them")
FOREVER = str(10**13)
PATIENCE = 120


def run_statuses(home: Home, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statuses of the home's Dagster runs, newest first."""
    import dagster as dg

    monkeypatch.setattr(instance.os, "environ", dict(os.environ))
    instance.prepare(home)
    with dg.DagsterInstance.from_config(str(home.dagster)) as dagster:
        return [run.status.value for run in dagster.get_runs()]


def test_the_second_build_is_told_who_holds_the_home(project: Project, home: Home) -> None:
    before = standing(home)
    lock = BuildLock(home)
    lock.acquire()
    try:
        done = project.rayg(home, "build", "--force")
    finally:
        lock.release()
    assert done.returncode == 1
    assert re.fullmatch(
        rf"Another build of \S+ is running \(process {os.getpid()}, since [\d :-]+\): wait for it to end, "
        r"then run this again\.\n",
        done.stderr,
    )
    assert standing(home) == before


def test_a_build_started_elsewhere_is_refused_inside_the_job(project: Project, home: Home) -> None:
    """The web page starts runs without the command line's early look: the lock is the job's own."""
    before = standing(home)
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pipelines import build\n"
        "from pipelines.home import Home\n"
        "print(build._run_job(Home(Path(sys.argv[1])), '919', None, None))"
    )
    lock = BuildLock(home)
    lock.acquire()
    try:
        done = subprocess.run(
            [project.command(home)[0], "-c", script, str(home.root)],
            cwd=project.root,
            env=project.environment(),
            capture_output=True,
            text=True,
        )
    finally:
        lock.release()
    assert f"is running (process {os.getpid()}" in done.stdout
    assert standing(home) == before


def test_a_build_killed_in_the_warehouse_leaves_the_last_one(
    project: Project, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = standing(home)
    process = subprocess.Popen(
        project.command(home, "build", "--force"),
        cwd=project.root,
        env=project.environment(RAYG_TEST_ROWS=FOREVER),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    note = home.warehouse / "writer.pid"
    deadline = time.monotonic() + PATIENCE
    while not (note.exists() and home.building_file.exists()):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.1)
    orphan = int(note.read_text())
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert standing(home) == before
    os.kill(orphan, 0)  # dbt outlives the build that started it

    done = project.rayg(home, "build", "--force")
    assert done.returncode == 0, done.stderr
    assert_no_leftovers(home)
    assert not note.exists()
    assert run_statuses(home, monkeypatch) == ["SUCCESS", "FAILURE", "SUCCESS"]


def limit_files_to(size: int):  # type: ignore[no-untyped-def]
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk_changes_nothing(project: Project, home: Home) -> None:
    """No file may grow past a limit, which the system reports as it does a full disk: early, then within dbt."""
    before = standing(home)
    for size in (20_000, 300_000):
        done = project.rayg(home, "build", "--force", limit=limit_files_to(size))
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert standing(home) == before
    assert done.stderr.splitlines()[-1].startswith("The disk is full: make room under")

    done = project.rayg(home, "build", "--force")
    assert done.returncode == 0, done.stderr
    assert_no_leftovers(home)
