"""`make ui` as it is started: the pages answer, the schedules run, and what is no page of Dagster's own is refused."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pipelines.home import Home
from tests.faults.conftest import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
PATIENCE = 120
HEALTH = "{version instance{daemonHealth{allDaemonStatuses{daemonType healthy}}}}"
MUTATION = "mutation{setNuxSeen}"


def started(project: Project, built_once: Home, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The pages of a copy of the home, once they answer, and their address."""
    home = folder / "home"  # the pages write into their home
    shutil.copytree(built_once.root, home, symlinks=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [project.command(built_once)[0], "-m", "pipelines.ui", str(home), str(port)]
    process = subprocess.Popen(command, cwd=project.root, env=project.environment(), stdout=-3, stderr=-3)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None and time.monotonic() < deadline
            try:
                requests.get(f"http://127.0.0.1:{port}/server_info", timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.5)
    except BaseException:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
        raise
    return process, f"127.0.0.1:{port}"


@pytest.fixture(scope="module")
def address(project: Project, built_once: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, address = started(project, built_once, tmp_path_factory.mktemp("web"))
    try:
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are listed as Linux does")
def test_the_scheduler_ends_with_the_pages(project: Project, built_once: Home, tmp_path: Path) -> None:
    """However the pages are ended: a scheduler left behind would go on building by itself."""
    process, _ = started(project, built_once, tmp_path)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    schedulers = [child for child in children if b"dagster._daemon" in Path(f"/proc/{child}/cmdline").read_bytes()]
    assert len(schedulers) == 1
    process.terminate()
    assert process.wait(PATIENCE) == 128 + signal.SIGTERM
    assert not Path(f"/proc/{schedulers[0]}").exists()


def post(address: str, query: str, **headers: str) -> requests.Response:
    return requests.post(f"http://{address}/graphql", json={"query": query}, headers=headers, timeout=60)


def test_its_own_page_is_answered_and_the_schedules_run(address: str) -> None:
    assert requests.get(f"http://{address}/", timeout=60).status_code == 200
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = post(address, HEALTH, origin=f"http://{address}").json()["data"]
        healthy = {
            row["daemonType"] for row in answer["instance"]["daemonHealth"]["allDaemonStatuses"] if row["healthy"]
        }
        if {"SCHEDULER", "SENSOR"} <= healthy:
            break
        assert time.monotonic() < deadline, answer
        time.sleep(1)
    assert post(address, MUTATION, origin=f"http://{address}").json()["data"]


@pytest.mark.parametrize("path", ["/", "/graphql", "/runs"])
def test_dns_rebinding_gets_nothing(address: str, path: str) -> None:
    host = f"evil.example:{address.split(':')[1]}"
    for method in ("get", "post"):
        answer = requests.request(
            method, f"http://{address}{path}", headers={"host": host, "origin": f"http://{host}"}, timeout=60
        )
        assert answer.status_code == 403 and len(answer.text.splitlines()) == 1


def test_another_site_changes_nothing(address: str) -> None:
    url = f"http://{address}/graphql"
    answers = [
        requests.get(url, params={"query": MUTATION}, timeout=60),
        requests.post(url, params={"query": MUTATION}, timeout=60),
        requests.post(url, params={"query": MUTATION}, headers={"origin": "null"}, timeout=60),
        requests.post(url, data=MUTATION, headers={"content-type": "application/graphql"}, timeout=60),
        requests.post(url, data=json.dumps({"query": MUTATION}), headers={"content-type": "text/plain"}, timeout=60),
        post(address, MUTATION, origin="http://evil.example"),
        post(address, MUTATION, origin="http://localhost:1"),
    ]
    assert [answer.status_code for answer in answers] == [403] * len(answers)


@pytest.mark.parametrize("origin", ["http://evil.example", None])
def test_another_site_gets_no_live_connection(address: str, origin: str | None) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://{address}/graphql", subprotocols=["graphql-ws"], origin=origin)
    with connect(f"ws://{address}/graphql", subprotocols=["graphql-ws"], origin=f"http://{address}"):
        pass
