"""One build at a time: the second is told who holds the home."""

import os
from pathlib import Path

import pytest

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.lock import BuildLock, refuse_if_held


def test_the_second_is_told_who_holds_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first, second = BuildLock(home), BuildLock(home)
    first.acquire()
    for attempt in (second.acquire, lambda: refuse_if_held(home)):
        with pytest.raises(
            RaygError, match=rf"is running \(process {os.getpid()}, since \d{{4}}-\d\d-\d\d \d\d:\d\d\)"
        ):
            attempt()
    first.release()
    refuse_if_held(home)
    second.acquire()
    second.release()


def test_a_home_never_built_is_free(tmp_path: Path) -> None:
    refuse_if_held(Home(tmp_path))
    assert list(tmp_path.iterdir()) == []
