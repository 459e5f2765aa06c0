"""`rayg build`: the answer that nothing changed, or a run of the job and its result.

Only light modules are imported at the top, because the no-change answer must be quick. Dagster is imported when a build
has to run. `assets` holds what a build does.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipelines import instance
from pipelines.errors import RaygError, StoppedError
from pipelines.files import disk_is_full
from pipelines.home import Home
from pipelines.intact import require_raw
from pipelines.lock import refuse_if_held
from pipelines.publication.builds import BuildFacts, current_facts
from pipelines.standing import default_la_code, unchanged_build

log = logging.getLogger("rayg")
# The messages of Python, DuckDB and SQLite (Dagster's storage).
OUT_OF_ROOM = (
    "No space left on device",
    "File too large",
    "Disk quota exceeded",
    "database or disk is full",
    "disk I/O error",
)
WAS_STOPPED = "The build was stopped; what was published stands."


@dataclass(frozen=True)
class Built:
    """The current build, and whether this call made it."""

    facts: BuildFacts
    is_new: bool


def build(
    home: Home,
    *,
    la_code: str | None,
    as_at: str | None,
    review_year: int | None,
    is_forced: bool,
    progress: logging.Handler,
) -> Built:
    """Build the home, unless nothing has changed since its current build. `progress` hears INFO and DEBUG
    lines.

    Raises RaygError with one line on what went wrong; what was published before then stands untouched.
    """
    if not home.sidecars():
        raise RaygError(f"No published files are held in {home.root}: add some with `rayg add PATH`.")
    require_raw(home)
    la_code = la_code or default_la_code(home)
    if not is_forced:
        unchanged = unchanged_build(home, la_code, as_at, review_year)
        if unchanged is not None:
            return Built(unchanged, is_new=False)
    refuse_if_held(home)
    before = current_facts(home)
    with _listening(progress):
        failure = _run_job(home, la_code, as_at, review_year)
    after = current_facts(home)
    # The swapped build is the proof, not the run's word: a run can say success with its last steps skipped.
    if after is None or (before is not None and after.build_id == before.build_id):
        if failure == WAS_STOPPED:
            raise StoppedError(failure)
        raise RaygError(failure or f"The build published nothing and gave no reason: see {home.logs}.")
    return Built(after, is_new=True)


def build_again(home: Home, progress: logging.Handler) -> Built:
    """Build as the current build was built: the same authority, day and review."""
    facts = current_facts(home)
    return build(
        home,
        la_code=facts.la_code if facts else None,
        as_at=facts.as_at if facts else None,
        review_year=facts.review_year if facts else None,
        is_forced=False,
        progress=progress,
    )


def _run_job(home: Home, la_code: str, as_at: str | None, review_year: int | None) -> str:
    """Run the job in this process; one line on its first failure, empty where there was none."""
    log.getChild("steps").info("Starting Dagster")
    try:
        instance.prepare(home)
        from pipelines.assets.session import BuildSession
        from pipelines.definitions import JOB, build_defs

        session = BuildSession(root=str(home.root), la_code=la_code, as_at=as_at, review_year=review_year)
        job = build_defs({"session": session}).resolve_job_def(JOB)
        with instance.opened() as dagster:
            result = job.execute_in_process(
                instance=dagster,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
    except RaygError:
        raise
    except Exception as error:  # Dagster's own storage, which has no run to report to
        return _line(home, "dagster", [(type(error).__name__, str(error))], traceback.format_exc())
    failures = [event for event in result.all_events if event.is_failure]
    reported = [getattr(event.event_specific_data, "error", None) for event in failures]
    errors = [error for error in reported if error]
    if not errors:
        return (failures[0].message if failures else None) or ""
    chain = list(_chain(errors[0]))
    whole = "\n\n".join(f"{error.message}{''.join(error.stack)}" for error in chain)
    return _line(home, result.run_id, [(error.cls_name, error.message) for error in chain], whole)


def _line(home: Home, run_id: str, chain: list[tuple[str, str]], whole: str) -> str:
    """One line for people on a failure, given as (class, message) from the outermost to its cause.

    The whole of an unforeseen one goes to the run's log folder.
    """
    if any(sign in whole for sign in OUT_OF_ROOM):
        return disk_is_full(home.root, "build again", "what was published")
    for name, message in chain:
        if name == RaygError.__name__:
            return message.partition(": ")[2].strip()  # Dagster puts the class before the message
        if name == "DagsterExecutionInterruptedError":
            return WAS_STOPPED
    log_file = home.logs / run_id / "error.log"
    log_file.parent.mkdir(parents=True, exist_ok=True)
    log_file.write_text(whole, encoding="utf-8")
    return f"The build failed: {' '.join(chain[-1][1].split())} (the whole of it is in {log_file})."


def _chain(error: Any) -> Iterator[Any]:
    while error is not None:
        yield error
        error = error.cause or error.context


@contextmanager
def _listening(handler: logging.Handler) -> Iterator[None]:
    """Puts the handler on both of `rayg`'s loggers, ahead of Dagster's, which rewrites the lines it stores."""
    loggers = [log.getChild("steps"), log.getChild("detail")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
            logger.propagate = True
