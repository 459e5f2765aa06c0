"""`make ui`: Dagster's pages and its scheduler for one home, on this machine only. The pages are Dagster's own."""

import subprocess
import sys
from pathlib import Path

from pipelines import instance
from pipelines.home import Home, project_root

HOST = "127.0.0.1"
PORT = "3000"


def command() -> list[str]:
    """What is run: web page and scheduler in one, reachable from this machine alone."""
    dagster = str(Path(sys.executable).with_name("dagster"))
    return [dagster, "dev", "--module-name", "pipelines.definitions", "--host", HOST, "--port", PORT]


def main(folder: Path | None) -> int:
    """Serve until stopped; returns Dagster's exit code."""
    home = Home.resolve(folder)
    instance.prepare(home)
    home.inbox.mkdir(parents=True, exist_ok=True)
    print(f"Dagster for {home.root}: http://{HOST}:{PORT} (stop with Ctrl-C; schedules run while this is open)")
    server = subprocess.Popen(command(), cwd=project_root())
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:  # Ctrl-C reaches the server too: let it end in its own time
            continue


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
