"""The reviews of the year: on which days, of which year, waiting for what; and keeping their builds."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from pipelines.assets.publication import BUILD
from pipelines.assets.run_tags import KIND, REVIEW, REVIEWED
from pipelines.schedules import reviews
from pipelines.schedules.reviews import REVIEWS, keep_reviews, review_schedules, review_year_on


@dg.job(tags={KIND: REVIEWED})
def review_job() -> None:
    pass


def tick(home, job: str, day: date, instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    named = [dg.JobDefinition(name=review.job, graph_def=review_job.graph) for review in REVIEWS]
    schedule = next(one for one in review_schedules(named, home) if one.name == f"{job}_when_due")
    at = datetime(day.year, day.month, day.day, 7, tzinfo=ZoneInfo("Europe/London"))
    return schedule(dg.build_schedule_context(instance=instance, scheduled_execution_time=at))


@pytest.fixture
def instance(tmp_path):
    folder = tmp_path / "dagster"
    folder.mkdir()
    with dg.DagsterInstance.local_temp(str(folder)) as made:
        yield made


@pytest.mark.parametrize(
    ("job", "day", "name"),
    [
        ("summer_review", "2026-09-15", "Summer review 2026"),
        ("summer_review", "2026-09-14", None),
        ("autumn_japr", "2026-12-14", "JAPR autumn 2026"),
        ("autumn_japr", "2026-12-15", None),
        ("termly_academies", "2026-11-01", "Academies autumn 2026"),
        ("termly_academies", "2027-03-03", "Academies spring 2027"),
        ("termly_academies", "2027-06-14", "Academies summer 2027"),
    ],
)
def test_each_review_has_its_name_on_its_day(job, day, name):
    review = next(review for review in REVIEWS if review.job == job)
    assert review.name_on(date.fromisoformat(day)) == name


@pytest.mark.parametrize(("day", "year"), [("2026-08-31", 2025), ("2026-09-01", 2026), ("2027-03-01", 2026)])
def test_a_review_is_of_the_year_that_ended_last(day, year):
    assert review_year_on(date.fromisoformat(day)) == year


def test_it_builds_as_at_its_day(home, made, hold, instance):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    request = tick(home, "termly_academies", date(2026, 6, 2), instance)
    assert isinstance(request, dg.RunRequest)
    assert request.run_config["resources"]["session"]["config"] == {
        "root": str(home.root),
        "la_code": "919",
        "as_at": "2026-06-02",
        "review_year": 2025,
    }
    assert request.tags == {
        "rayg/review": "Academies summer 2026",
        "rayg/as_at": "2026-06-02",
        "rayg/review_year": "2025",
    }


def test_it_waits_for_results_of_its_year(home, made, hold, instance):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    skipped = tick(home, "summer_review", date(2026, 9, 15), instance)
    assert isinstance(skipped, dg.SkipReason)
    assert str(skipped.skip_message).startswith("No results of 2025/26 are held yet")


def test_results_that_come_out_later_do_not_count(home, made, hold, instance):
    """The final results of 2024/25 come out in April 2026."""
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    assert isinstance(tick(home, "autumn_japr", date(2025, 12, 1), instance), dg.SkipReason)


def test_it_is_made_once(home, made, hold, instance, monkeypatch):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    name = "Academies summer 2026"
    review_job.execute_in_process(instance=instance, tags={REVIEW: name})
    skipped = tick(home, "termly_academies", date(2026, 6, 2), instance)
    assert isinstance(skipped, dg.SkipReason) and skipped.skip_message == f"{name} is being made."
    monkeypatch.setattr(reviews, "frozen", lambda _: {name: None})
    skipped = tick(home, "termly_academies", date(2026, 6, 2), instance)
    assert isinstance(skipped, dg.SkipReason) and skipped.skip_message == f"{name} is made and kept."


class TestKeeping:
    @pytest.fixture
    def made_review(self, instance):
        @dg.asset(key=BUILD)
        def published() -> dg.MaterializeResult:
            return dg.MaterializeResult(metadata={"build": "2026-12-01T0700-abcdef12"})

        definitions = dg.Definitions(assets=[published], jobs=[dg.define_asset_job("japr", tags={KIND: REVIEWED})])
        job = definitions.resolve_job_def("japr")
        assert job.execute_in_process(instance=instance, tags={REVIEW: "JAPR autumn 2026"}).success

    @staticmethod
    def look(home, instance, cursor=None) -> dg.SensorResult:
        return keep_reviews(home)(dg.build_sensor_context(instance=instance, cursor=cursor))

    def test_its_build_is_frozen_once(self, home, instance, made_review, monkeypatch):
        kept = []
        monkeypatch.setattr(reviews, "freeze", lambda _, name, build_id: kept.append((name, build_id)))
        first = self.look(home, instance)
        assert kept == [("JAPR autumn 2026", "2026-12-01T0700-abcdef12")]
        self.look(home, instance, first.cursor)
        assert len(kept) == 1

    def test_it_waits_while_a_build_runs(self, home, instance, made_review, monkeypatch):
        from pipelines.lock import BuildLock

        kept = []
        monkeypatch.setattr(reviews, "freeze", lambda _, name, build_id: kept.append(name))
        lock = BuildLock(home)
        lock.acquire()
        try:
            waiting = self.look(home, instance)
        finally:
            lock.release()
        assert kept == [] and "kept later" in str(waiting.skip_reason)
        self.look(home, instance, waiting.cursor)
        assert kept == ["JAPR autumn 2026"]

    def test_a_build_that_cannot_be_kept_is_said_and_left(self, home, instance, made_review):
        told = self.look(home, instance)
        assert "There is no build 2026-12-01T0700-abcdef12" in str(told.skip_reason)
        assert "No review waits" in str(self.look(home, instance, told.cursor).skip_reason)
