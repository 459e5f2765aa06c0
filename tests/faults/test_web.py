"""`make ui` as it is started: the pages answer, the schedules run, and what is no page of Dagster's own is refused."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

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


@pytest.fixture(scope="module")
def address(project: Project, built_once: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("web") / "home"  # the pages write into their home
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
        yield f"127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


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
