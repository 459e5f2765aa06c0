"""The sample county, written and built once for every test here, through the command a person would use."""

import subprocess
import sys

import pytest

from pipelines.home import Home


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
