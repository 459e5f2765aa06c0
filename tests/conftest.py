"""No test reaches beyond this machine: a connection or a name look-up that would is an error. And the sample county,
built once for every test that reads it, through the command a person would use.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.home import Home

LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}


class BeyondThisMachineError(AssertionError):
    """A test tried to reach the network."""


@pytest.fixture(autouse=True, scope="session")
def _stay_on_this_machine() -> Iterator[None]:
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def checked_connect(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in LOCAL:
            raise BeyondThisMachineError(f"a test connects to {address[0]}")
        connect(self, address)

    def checked_look_up(host: Any, *arguments: Any, **keywords: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in LOCAL and name != socket.gethostname():
            raise BeyondThisMachineError(f"a test looks up {name}")
        return look_up(host, *arguments, **keywords)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked_connect)
        patch.setattr(socket, "getaddrinfo", checked_look_up)
        yield


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.resolve(tmp_path_factory.mktemp("county"))
    for verb in (["sample"], ["build"]):
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", "--home", str(home.root), *verb],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return home
