"""`make ui`: Dagster's pages behind a guard, and its scheduler, for one home, on this machine only. The pages are
Dagster's own; who may ask them is `guard`.
"""

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import instance
from pipelines.guard import Guard
from pipelines.home import Home, project_root

if TYPE_CHECKING:
    from dagster import DagsterInstance

HOST = "127.0.0.1"
PORT = 3000
MODULE = "pipelines.definitions"
ENDS_SECONDS = 20


def scheduler_command() -> list[str]:
    """What runs schedules and sensors, and what they launch: a process of its own beside the pages."""
    return [sys.executable, "-m", "dagster._daemon", "run", "--module-name", MODULE]


def serve(opened: "DagsterInstance", port: int) -> None:
    """Dagster's pages behind the guard, until stopped."""
    import uvicorn
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import ModuleTarget
    from dagster_webserver.app import create_app_from_workspace_process_context
    from dagster_webserver.version import __version__

    target = ModuleTarget(MODULE, attribute=None, working_directory=None, location_name=None)
    with WorkspaceProcessContext(opened, version=__version__, workspace_load_target=target) as workspace:
        app = Guard(create_app_from_workspace_process_context(workspace), port)
        uvicorn.run(app, host=HOST, port=port, log_level="warning", proxy_headers=False, server_header=False)


def main(folder: Path | None, port: int = PORT) -> int:
    """Serve until stopped; returns an exit code."""
    home = Home.resolve(folder)
    instance.prepare(home)
    home.inbox.mkdir(parents=True, exist_ok=True)
    print(f"Dagster for {home.root}: http://{HOST}:{port} (stop with Ctrl-C; schedules run while this is open)")
    # a plain end of this process would leave the scheduler running, and its schedules building
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with instance.opened() as opened:  # first, since it makes the storage that the scheduler reads too
        scheduler = subprocess.Popen(scheduler_command(), cwd=project_root())
        try:
            serve(opened, port)
        except KeyboardInterrupt:  # Ctrl-C reaches the scheduler too
            pass
        finally:
            _end(scheduler)
    return 0


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(ENDS_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


if __name__ == "__main__":
    sys.exit(main(*(kind(value) for kind, value in zip((Path, int), sys.argv[1:], strict=False))))
