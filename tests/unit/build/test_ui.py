"""The web page is reachable from this machine alone, and Dagster sends nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from pipelines import instance, ui
from pipelines.guard import Guard
from pipelines.home import Home


def test_the_page_is_guarded_and_binds_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever Dagster's application is, it is served at 127.0.0.1 alone, behind the guard."""
    served = {}

    @contextmanager
    def workspace(*_: object, **__: object) -> Iterator[str]:
        yield "workspace"

    monkeypatch.setattr("dagster._core.workspace.context.WorkspaceProcessContext", workspace)
    monkeypatch.setattr("dagster_webserver.app.create_app_from_workspace_process_context", lambda _: "application")
    monkeypatch.setattr("uvicorn.run", lambda app, **asked: served.update(asked, app=app))
    ui.serve(None, 3000)  # type: ignore[arg-type]
    assert isinstance(served["app"], Guard) and served["host"] == "127.0.0.1" and served["port"] == 3000


def test_the_scheduler_runs_beside_it() -> None:
    command = ui.scheduler_command()
    assert command[command.index("--module-name") + 1] == "pipelines.definitions"


def test_statistics_are_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance.os, "environ", environment := {})
    instance.prepare(Home(tmp_path))
    settings = yaml.safe_load((tmp_path / "dagster" / "dagster.yaml").read_text())
    assert settings["telemetry"] == {"enabled": False}
    assert settings["nux"] == {"enabled": False}  # no dialogue that asks for an address
    assert environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert environment["GX_ANALYTICS_ENABLED"] == "false"
    assert environment["DAGSTER_HOME"] == str(tmp_path / "dagster")
