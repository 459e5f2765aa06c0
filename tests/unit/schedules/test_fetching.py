"""Fetching by the calendar: what is asked for on a day, by which job, and what becomes of it."""

import inspect
from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from pipelines.assets.run_tags import FETCH, KIND
from pipelines.errors import RaygError
from pipelines.fetching.fetch import FetchWarning, Tally, fetch
from pipelines.fetching.holdings import Holding
from pipelines.schedules import fetching
from pipelines.schedules.fetching import Fetcher, fetch_jobs, fetch_schedules, wanted
from pipelines.schedules.sensors import build_after_fetch
from pipelines.sources.calendar import Held, standing
from pipelines.sources.catalogue import Source, load_catalogue
from pipelines.sources.delivery import PerformanceTablesFetch

CATALOGUE = load_catalogue()
ROUTE = "performance_tables"
THURSDAY, MONDAY = date(2026, 12, 10), date(2026, 12, 14)


def holding(source_id: str, today: date, *held: Held, files: tuple[object, ...] | None = None) -> Holding:
    source = next(source for source in CATALOGUE.sources if source.id == source_id)
    asked = source.fetch or (PerformanceTablesFetch(filter="X", first_year="2014/15"),)
    source = source.model_copy(update={"fetch": asked})
    return Holding(source, held, standing(source, held, today), None)  # type: ignore[arg-type]


def held(year: str, release: str) -> Held:
    return Held(year, release, date(2026, 4, 30))  # type: ignore[arg-type]


class Recorder(Fetcher):
    """Brings nothing, and notes what it was asked for."""

    is_in_vain: bool = False
    fault: str | None = None

    def fetch(self, source_ids, since):
        if self.fault:
            raise RaygError(self.fault)
        ASKED.append((list(source_ids), since))
        return 1, self.is_in_vain


ASKED: list[tuple[list[str], str | None]] = []


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    ASKED.clear()


def run(fetcher: Fetcher, **config: object) -> dg.ExecuteInProcessResult:
    job = next(job for job in fetch_jobs(CATALOGUE) if job.name == f"fetch_{ROUTE}")
    return job.execute_in_process(
        resources={"fetcher": fetcher},
        run_config={"ops": {f"ask_{ROUTE}": {"config": config}}},
        raise_on_error=False,
    )


def test_what_is_due_is_asked_for_from_its_year_on():
    asked = wanted([holding("ks2", THURSDAY, held("2024/25", "final"))], ROUTE, THURSDAY)
    assert asked is not None
    assert (asked.due, asked.since, asked.lacking) == (["ks2"], "2025/26", [])


def test_what_is_held_is_not_asked_for():
    assert wanted([holding("ks2", THURSDAY, held("2025/26", "revised"))], ROUTE, THURSDAY) is None


def test_what_is_behind_is_asked_for_on_mondays():
    assert wanted([holding("ks4", THURSDAY, held("2024/25", "final"))], ROUTE, THURSDAY) is None
    asked = wanted([holding("ks4", MONDAY, held("2024/25", "final"))], ROUTE, MONDAY)
    assert asked is not None
    assert (asked.due, asked.since) == (["ks4"], "2025/26")


def test_what_was_never_held_is_asked_for_in_full():
    asked = wanted([holding("ks4", MONDAY)], ROUTE, MONDAY)
    assert asked is not None
    assert (asked.due, asked.since, asked.lacking) == ([], None, ["ks4"])


def test_another_route_and_what_is_fetched_by_hand_are_left_alone():
    by_hand = holding("ks2", THURSDAY, held("2024/25", "final"))
    by_hand = Holding(by_hand.source.model_copy(update={"fetch": ()}), by_hand.files, by_hand.standing, None)
    assert wanted([by_hand], ROUTE, THURSDAY) is None
    assert wanted([holding("ks2", THURSDAY, held("2024/25", "final"))], "gias", THURSDAY) is None


def test_the_job_asks_its_fetcher():
    result = run(Recorder(root="x"), due=["ks2"], since="2025/26", lacking=["ks4"])
    assert result.success
    assert ASKED == [(["ks2"], "2025/26"), (["ks4"], None)]


def test_the_fetcher_is_what_rayg_fetch_calls(home, monkeypatch, caplog):
    asked = {}

    def answered(*arguments, **named):
        bound = inspect.signature(fetch).bind(*arguments, **named).arguments
        asked.update(bound)
        bound["on_outcome"](FetchWarning("ks2", "it is down", "https://example.org"))
        return Tally(new=2, held=0, failed=1)

    monkeypatch.setattr("pipelines.fetching.fetch.fetch", answered)
    with caplog.at_level("INFO", logger="rayg.steps"):
        assert Fetcher(root=str(home.root)).fetch(["ks2"], "2025/26") == (2, False)
    assert (asked["home"], asked["source_ids"], asked["since"]) == (home, ["ks2"], "2025/26")
    assert "ks2: it is down" in caplog.text


def test_a_fetch_wholly_in_vain_fails():
    assert not run(Recorder(root="x", is_in_vain=True), due=["ks2"], since="2025/26").success


def test_a_fetch_beside_another_is_tried_again(monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS_BETWEEN", 0)
    result = run(Recorder(root="x", fault="Another fetch is under way in this home."), due=["ks2"])
    assert not result.success
    kinds = [event.event_type_value for event in result.all_events]
    assert kinds.count("STEP_RESTARTED") == fetching.ATTEMPTS


def test_every_route_that_a_program_may_ask_has_a_job_and_a_running_schedule(home):
    jobs = fetch_jobs(CATALOGUE)
    schedules = fetch_schedules(jobs, home, CATALOGUE)
    assert {job.name for job in jobs} == {f"fetch_{name}" for name, route in CATALOGUE.routes.items() if route.bases}
    assert {source.route for source in CATALOGUE.sources if source.fetch} <= CATALOGUE.routes.keys()
    assert {schedule.default_status for schedule in schedules} == {dg.DefaultScheduleStatus.RUNNING}
    assert len({schedule.cron_schedule for schedule in schedules}) == len(jobs)  # one after another
    crons = {schedule.name: schedule.cron_schedule for schedule in schedules}
    assert str(crons["fetch_gias_when_due"]).endswith("* * *")
    assert str(crons["fetch_performance_tables_when_due"]).endswith("* * 1-5")


class TestSchedule:
    @staticmethod
    def tick(home, day: date, sources: tuple[Source, ...] = CATALOGUE.sources) -> dg.RunRequest | dg.SkipReason:
        catalogue = CATALOGUE.model_copy(update={"sources": sources})
        schedules = fetch_schedules(fetch_jobs(catalogue), home, catalogue)
        schedule = next(one for one in schedules if one.name == f"fetch_{ROUTE}_when_due")
        at = datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Europe/London"))
        return schedule(dg.build_schedule_context(scheduled_execution_time=at))

    def test_it_asks_for_what_is_due(self, home, monkeypatch):
        monkeypatch.setattr(fetching, "holdings", lambda _, today: [holding("ks2", today, held("2024/25", "final"))])
        request = self.tick(home, THURSDAY)
        assert isinstance(request, dg.RunRequest)
        assert request.run_config["ops"][f"ask_{ROUTE}"]["config"]["due"] == ["ks2"]

    def test_it_says_what_comes_next(self, home, monkeypatch):
        monkeypatch.setattr(fetching, "holdings", lambda _, today: [holding("ks2", today, held("2025/26", "revised"))])
        skipped = self.tick(home, THURSDAY)
        assert isinstance(skipped, dg.SkipReason)
        assert skipped.skip_message == "Nothing is due: the next is ks2, from 2027-04-01."

    def test_nobody_publishes_the_sample_county(self, home, monkeypatch):
        monkeypatch.setattr(type(home), "is_sample", lambda self: True)
        skipped = self.tick(home, THURSDAY)
        assert isinstance(skipped, dg.SkipReason) and "sample county" in str(skipped.skip_message)


def test_a_build_follows_a_fetch_once(home, made, hold):
    hold("919_ks2final.csv", made.ks2(), "2024/25")

    @dg.job(tags={KIND: FETCH})
    def fetch_something() -> None:
        pass

    @dg.job
    def build() -> None:
        pass

    with dg.DagsterInstance.ephemeral() as instance:
        sensor = build_after_fetch(build, home)

        def tick(cursor: str | None) -> dg.SensorResult | dg.SkipReason:
            return sensor(dg.build_sensor_context(instance=instance, cursor=cursor))

        assert isinstance(tick(None), dg.SkipReason)
        fetch_something.execute_in_process(instance=instance)
        asked = tick(None)
        assert isinstance(asked, dg.SensorResult) and asked.run_requests
        assert isinstance(tick(asked.cursor), dg.SkipReason)
