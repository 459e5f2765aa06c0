"""The tiny project's pipeline, imported once: each command runs in a process forked from one that has it all in memory.

That takes half of the time of a command that starts from nothing. The process is the same in all else: its own working
folder, environment and output, and a kill ends it alone.
"""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.faults.points import Point, watch

HOOK = Path(__file__).parent / "hook"
LOADED = (
    "great_expectations",
    "great_expectations.render.renderer",
    "great_expectations.render.view",
    "pipelines.build",
    "pipelines.cli",
    "pipelines.console",
    "pipelines.console_faults",
    "pipelines.definitions",
)


class Ready:
    """The process that forks. `close` ends it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ready"],
            cwd=folder,
            env={**environment, "GX_ANALYTICS_ENABLED": "false", "DAGSTER_DISABLE_TELEMETRY": "yes"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: list[str], point: Point) -> tuple[int, str]:
        """The exit code of a command that is watched, with its children, and what it said of faults."""
        assert self._process.stdin and self._process.stdout
        said = Path(f"{point.tally}.said")
        self._process.stdin.write(
            json.dumps({"arguments": arguments, "point": asdict(point), "said": str(said)}) + "\n"
        )
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return code, said.read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        self._process.communicate()


def _serve() -> None:
    for name in LOADED:
        importlib.import_module(name)
    # by its handle: what the fork has read ahead of would be lost to the child or read twice
    while asked := _line():
        if not (child := os.fork()):
            _become(**json.loads(asked))
            return
        _, status = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _line() -> bytes:
    read = b""
    while not read.endswith(b"\n"):
        one = os.read(0, 1)
        if not one:
            return b""
        read += one
    return read


def _become(arguments: list[str], point: dict[str, Any], said: str) -> None:
    """The command. Its own children are watched too, by the hook that Python runs at their start."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(os.open(said, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), 2)
    watched = Point(**point)
    os.environ.update(watched.environment(), PYTHONPATH=os.pathsep.join([str(HOOK), os.environ["PYTHONPATH"]]))
    from pipelines import cli

    sys.argv = ["rayg", *arguments]
    watch(watched)
    cli.main()


if __name__ == "__main__":
    _serve()
