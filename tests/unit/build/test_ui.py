"""The web page is reachable from this machine alone, and Dagster sends nothing."""

from pathlib import Path

import pytest
import yaml

from pipelines import instance, ui
from pipelines.home import Home


def test_the_page_binds_to_this_machine() -> None:
    command = ui.command()
    assert command[command.index("--host") + 1] == "127.0.0.1"
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
