"""No test reaches beyond this machine: a connection or a name look-up that would is an error.

Also here: the order of tests and how workers share them, and the sample county, which any folder may ask for.
"""

import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from pipelines.home import Home
from sample_county import write_sample
from tests.examples import TIMES
from tests.shared import Shared

# What takes longest comes first, so that no worker ends long after the other. A worker takes a file at a time, in this
# order; the rest follows in pytest's own order. The real files' tests stay on one worker, because a second one could
# only wait for their chain of builds. The next two files make what most others read, while the first worker is busy.
ORDER = (
    "tests/realdata/",
    "tests/warehouse/test_dbt_unit.py",
    "tests/warehouse/test_planted.py",
    "tests/warehouse/test_backtest.py",
    "tests/faults/",
    "tests/warehouse/",
    "tests/site/",
    "tests/unit/sample/",
)
ONE_WORKER = ("tests/realdata/",)
BACKTESTED = date(2024, 9, 15)  # the review that the sample county's back-test replays
LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}


# How long an example takes says how busy the machine is, not whether the code is right. The same examples each time:
# a run that fails by chance says nothing of the change it tests. `make soak` draws new ones.
hypothesis.settings.register_profile("any machine", deadline=None, derandomize=TIMES == 1)
hypothesis.settings.load_profile("any machine")


class ByFile(LoadScopeScheduling):
    """Which tests go to one worker. (xdist's own `loadgroup` forgets its groups under pytest 9.2, without a word.)"""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in ONE_WORKER if nodeid.startswith(folder)), nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    config.option.loadscopereorder = False  # xdist would put first the file with most tests
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, path in enumerate(ORDER) if item.nodeid.startswith(path)), len(ORDER)))


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
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """What is made once for every worker of this run."""
    base = tmp_path_factory.getbasetemp()
    made = Shared((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared")
    yield made
    assert made.changed() == [], "a test wrote into what all tests share: let it work on a copy"


@pytest.fixture(scope="session")
def sample_files(shared: Shared) -> Path:
    """The sample county's published files, as the generator writes them."""
    return shared("sample_files", write_sample)


@pytest.fixture(scope="session")
def sample_home(shared: Shared) -> Home:
    """The sample county, written, back-tested over one review and built through the commands a person would use. Read
    it; to change it, copy it.

    `rayg backtest` ends with a whole build, so that one build serves the tests of both.
    """

    def make(folder: Path) -> None:
        day = BACKTESTED.isoformat()
        findings = ["--from", day, "--to", day, "--report", str(folder / "backtest.md")]
        for verb in (["sample"], ["backtest", *findings]):
            done = subprocess.run(
                [sys.executable, "-m", "pipelines.cli", "--home", str(folder), *verb],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
        (folder / "printed.txt").write_text(done.stdout, encoding="utf-8")

    return Home.resolve(shared("sample_home", make))


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Counts a try at breaking something, which held; the figures stand at the end of the run (docs/reliability.md)."""
    return lambda what: record_property("tried", what)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    held = Counter(
        what
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for name, what in report.user_properties
        if name == "tried" and report.when == "call"
    )
    for what, number in sorted(held.items()):
        terminalreporter.write_line(f"{what}: {number} tried, and held")
