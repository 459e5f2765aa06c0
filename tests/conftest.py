"""No test reaches beyond this machine: a connection or a name look-up that would is an error. Which tests go to one
worker, where several workers run. And the sample county, built once for every test that reads it, through the command a
person would use.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from pipelines.home import Home

# Folders whose tests stand on the same builds, of minutes, and a name for these. Workers share nothing: one of them has
# all tests of a name, and makes its builds once. Everywhere else a worker takes a file at a time.
TOGETHER = {
    "tests/realdata/": "the real files",
    "tests/site/": "the sample county",
    "tests/warehouse/": "the sample county",
    "tests/unit/sample/": "the sample county's files",
}
LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}


# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


class ByBuild(LoadScopeScheduling):
    """Which tests go to one worker. (xdist's own `loadgroup` forgets its groups under pytest 9.2, without a word.)"""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((name for folder, name in TOGETHER.items() if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByBuild:
    return ByBuild(config, log)


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
