"""The sensors that ask for a build: over the drop folder, and after a fetch. `landing.inbox` takes the files in."""

import json
from typing import Any

import dagster as dg

from pipelines.assets.run_tags import FETCH, KIND, TRIGGER, UNDER_WAY
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing.inbox import InboxReport, take_in
from pipelines.landing.intake import Intake
from pipelines.landing.recognise import Claims
from pipelines.lock import refuse_if_held
from pipelines.standing import default_la_code, unchanged_build


def drop_folder(job: Any, home: Home) -> dg.SensorDefinition:
    """Takes in what is dropped in `raw/inbox`, then asks for a build. The cursor notes the files left waiting."""

    @dg.sensor(
        job=job,
        name="drop_folder",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Adds the complete files in raw/inbox, as `rayg add` would, and builds. A refused file stays "
        "there with a note that says why.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        left = json.loads(context.cursor or "{}")
        try:
            is_empty = next(home.inbox.rglob("*"), None) is None  # each look reads every sidecar
            report = InboxReport() if is_empty else take_in(Intake(home, Claims()), left.get("stamps", {}))
        except RaygError as error:
            return dg.SensorResult(skip_reason=str(error))
        for outcome in report.outcomes:
            context.log.info(" ".join(part for part in (outcome.status, outcome.file_name, outcome.reason) if part))
        is_wanted = report.accepted_n > 0 or left.get("is_wanted", False)
        reason = _summary(report)
        if is_wanted:
            if not (waits := _why_not_build(home)):
                cursor = json.dumps({"stamps": report.stamps, "is_wanted": False})
                return dg.SensorResult([dg.RunRequest(tags={TRIGGER: "inbox"})], cursor=cursor)
            reason = f"{reason} {waits}"
        # a build under way has not seen the files that came meanwhile: ask again until one has
        is_wanted = is_wanted and unchanged_build(home, default_la_code(home), None, None) is None
        cursor = json.dumps({"stamps": report.stamps, "is_wanted": is_wanted})
        return dg.SensorResult(skip_reason=reason, cursor=cursor)

    return sensor


def build_after_fetch(job: Any, home: Home) -> dg.SensorDefinition:
    """Asks for one build after a morning's fetches. The cursor is the newest fetch that was followed up."""

    @dg.sensor(
        job=job,
        name="build_after_fetch",
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Builds when fetching has ended, where something new came.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        def runs(statuses: list[dg.DagsterRunStatus]) -> Any:
            return context.instance.get_run_records(dg.RunsFilter(tags={KIND: FETCH}, statuses=statuses), limit=1)

        if runs(UNDER_WAY):
            return dg.SkipReason("A fetch is under way.")
        newest = runs([dg.DagsterRunStatus.SUCCESS])
        if not newest or newest[0].storage_id <= int(context.cursor or 0):
            return dg.SkipReason("Nothing was fetched since.")
        done = str(newest[0].storage_id)
        if not (waits := _why_not_build(home)):
            return dg.SensorResult([dg.RunRequest(tags={TRIGGER: "fetch"})], cursor=done)
        is_unchanged = unchanged_build(home, default_la_code(home), None, None) is not None
        return dg.SensorResult(skip_reason=waits, cursor=done if is_unchanged else context.cursor)

    return sensor


def _why_not_build(home: Home) -> str:
    """Why no build is asked for now; empty where one is."""
    facts = unchanged_build(home, default_la_code(home), None, None)
    if facts is not None:
        return f"Nothing has changed: build {facts.build_id} stands."
    try:
        refuse_if_held(home)
    except RaygError as error:
        return str(error)
    return ""


def _summary(report: InboxReport) -> str:
    """One look at the drop folder, in a line."""
    if not report.outcomes and not report.waiting:
        return "Nothing new lies in the drop folder."
    counts = dict.fromkeys(("accepted", "already_held", "skipped", "rejected"), 0)
    for outcome in report.outcomes:
        counts[outcome.status] += 1
    parts = [f"{number} {status.replace('_', ' ')}" for status, number in counts.items() if number]
    parts += [f"{len(report.waiting)} still being copied"] if report.waiting else []
    return f"{', '.join(parts)}."
