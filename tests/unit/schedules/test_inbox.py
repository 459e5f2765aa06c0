"""The drop folder: what is taken in, what stays with a note, what waits; and the sensor that looks."""

import json
import os
import time
from pathlib import Path

import dagster as dg
import pytest

from pipelines.home import SIDECAR_SUFFIX, Home
from pipelines.landing import inbox
from pipelines.landing.inbox import InboxReport, note_of, take_in
from pipelines.landing.intake import Intake
from pipelines.landing.recognise import Claims
from pipelines.lock import BuildLock
from pipelines.schedules.sensors import drop_folder

LONG_AGO = time.time() - 3600


@dg.job
def build() -> None:
    pass


def drop(home: Home, name: str, content: bytes, changed: float = LONG_AGO) -> Path:
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (changed, changed))
    return path


def look(home: Home, before: dict[str, str] | None = None, **more: float) -> InboxReport:
    return take_in(Intake(home, Claims()), before, **more)


def lying(home: Home) -> list[str]:
    return sorted(path.relative_to(home.inbox).as_posix() for path in home.inbox.rglob("*"))


def test_what_is_accepted_leaves_the_folder(home, made):
    drop(home, "2024-2025/deeper/919_ks2final.csv", made.ks2())
    (outcome,) = look(home).outcomes
    assert (outcome.status, outcome.source, outcome.academic_year) == ("accepted", "ks2", "2024/25")
    assert (home.raw / "ks2" / "2024-25" / "919_ks2final.csv").read_bytes() == made.ks2()
    assert lying(home) == []  # with the folders it came in


def test_a_file_held_already_leaves_the_drop_folder_too(home, made, hold):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    drop(home, "again.csv", made.ks2())
    (outcome,) = look(home).outcomes
    assert outcome.status == "already_held"
    assert lying(home) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("919_ks2final.csv", b"<!DOCTYPE html><p>Sorry</p>", "web page"),
        ("919_ks2final.csv", b"", "empty"),
        ("holiday.csv", b"a,b\n1,2\n", "not a name in the catalogue"),
        ("ks2_meta.csv", b"a,b\n1,2\n", "documentation"),
        ("2024-2025.zip", b"PK\x03\x04 broken", "truncated or damaged"),
    ],
)
def test_what_is_refused_stays_with_a_note(home, name, content, reason):
    path = drop(home, name, content)
    (outcome,) = look(home).outcomes
    assert outcome.status in ("rejected", "skipped")
    note = note_of(path).read_text(encoding="utf-8")
    assert f"{name} was not taken in" in note and reason in note
    assert lying(home) == sorted([name, f"{name}.rejected.txt"])
    assert look(home).outcomes == []  # judged once


def test_a_refused_file_is_judged_again_once_it_has_changed(home, made):
    path = drop(home, "919_ks2final.csv", b"<html>")
    look(home)
    drop(home, "919_ks2final.csv", made.ks2(), LONG_AGO + 60)
    assert [outcome.status for outcome in look(home).outcomes] == ["accepted"]
    assert not note_of(path).exists() and lying(home) == []


def test_a_note_goes_with_its_file(home):
    path = drop(home, "holiday.csv", b"a\n1\n")
    look(home)
    path.unlink()
    look(home)
    assert lying(home) == []


def test_a_zip_stays_where_one_of_its_files_is_refused(home, made):
    drop(home, "2024-2025.zip", made.zip({"919_ks2final.csv": made.ks2(), "919_ks4final.csv": b"<html>"}))
    assert [outcome.status for outcome in look(home).outcomes] == ["accepted", "rejected"]
    assert "919_ks4final.csv" in (home.inbox / "2024-2025.zip.rejected.txt").read_text()


def test_documentation_does_not_hold_a_zip_back(home, made):
    drop(home, "2024-2025.zip", made.zip({"919_ks2final.csv": made.ks2(), "ks2_meta.csv": b"a\n1\n"}))
    assert [outcome.status for outcome in look(home).outcomes] == ["accepted", "skipped"]
    assert lying(home) == []


@pytest.mark.parametrize("name", ["919_ks2final.csv.crdownload", "919_ks2final.csv.part"])
def test_a_download_under_way_waits(home, made, name):
    drop(home, name, made.ks2())
    assert look(home).waiting == [name]


def test_a_file_just_written_waits(home, made):
    drop(home, "2024-2025/919_ks2final.csv", made.ks2(), time.time())
    taken = look(home)
    assert (taken.outcomes, taken.waiting) == ([], ["2024-2025/919_ks2final.csv"])


def test_a_growing_file_with_an_old_time_waits(home, made):
    """As `cp -p` leaves it: the original's time, while the bytes are still coming."""
    name, whole = "2024-2025/919_ks2final.csv", made.ks2()
    drop(home, name, whole[:50])
    first = look(home, {})
    assert first.waiting == [name]
    drop(home, name, whole)
    second = look(home, first.stamps)
    assert second.waiting == [name]
    assert [outcome.status for outcome in look(home, second.stamps).outcomes] == ["accepted"]


def test_what_there_is_no_time_for_waits(home, made):
    drop(home, "2024-2025/919_ks2final.csv", made.ks2())
    assert look(home, budget=-1.0).waiting == ["2024-2025/919_ks2final.csv"]


def test_a_file_written_over_while_it_was_read_stays(home, made, monkeypatch):
    path = drop(home, "2024-2025/919_ks2final.csv", made.ks2())
    take_file = Intake.take_file

    def slow(self, *arguments):
        yield from take_file(self, *arguments)
        path.write_bytes(made.ks2(["1", "919", "2009", "100009", "Ninth", "9", "50%", ""]))

    monkeypatch.setattr(inbox.Intake, "take_file", slow)
    look(home)
    assert path.exists() and not note_of(path).exists()


def test_a_sidecar_dropped_there_vouches_for_nothing(home, made):
    drop(home, f"919_ks2final.csv{SIDECAR_SUFFIX}", b"{}")
    assert home.sidecars() == []


class TestSensor:
    @staticmethod
    def tick(home: Home, cursor: str | None) -> dg.SensorResult:
        result = drop_folder(build, home)(dg.build_sensor_context(cursor=cursor))
        assert isinstance(result, dg.SensorResult)
        return result

    def test_it_looks_twice_then_adds_and_asks_for_a_build(self, home, made):
        drop(home, "2024-2025/919_ks2final.csv", made.ks2())
        first = self.tick(home, None)
        assert first.skip_reason is not None and "1 still being copied" in str(first.skip_reason)
        second = self.tick(home, first.cursor)
        assert second.run_requests is not None and len(second.run_requests) == 1
        assert second.run_requests[0].tags == {"rayg/trigger": "inbox"}
        third = self.tick(home, second.cursor)
        assert not third.run_requests and "Nothing new" in str(third.skip_reason)

    def test_what_is_refused_asks_for_no_build(self, home):
        drop(home, "holiday.csv", b"a\n1\n")
        second = self.tick(home, self.tick(home, None).cursor)
        assert not second.run_requests and "1 rejected" in str(second.skip_reason)

    def test_a_build_that_has_to_wait_is_not_forgotten(self, home, made):
        drop(home, "2024-2025/919_ks2final.csv", made.ks2())
        cursor = self.tick(home, None).cursor
        lock = BuildLock(home)
        lock.acquire()
        try:
            waiting = self.tick(home, cursor)
        finally:
            lock.release()
        assert not waiting.run_requests and "Another build" in str(waiting.skip_reason)
        assert json.loads(waiting.cursor or "")["is_wanted"]
        assert self.tick(home, waiting.cursor).run_requests

    def test_no_folder_is_no_fault(self, home):
        assert "Nothing new" in str(self.tick(home, None).skip_reason)
