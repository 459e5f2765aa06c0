"""What people see on the command line: progress, outcomes, summaries. This module decides and computes nothing."""

import logging
import time
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.console_plain import plain
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.build import Built
    from pipelines.fetching.fetch import FetchWarning, Tally
    from pipelines.landing.intake import Outcome

MARKS = {"accepted": "green", "already_held": "dim", "skipped": "dim", "rejected": "red"}
LISTED = 8
# The file to open first: the first of these that the build has.
OPEN_FIRST = ("site/index.html", "desktop_exercise.xlsx", "desktop_exercise.csv")


class Progress(logging.Handler):
    """Shows the step a build is in and how far the step has got. A line stays for each finished step."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._status = console.status("")
        self._step = ""
        self._since = 0.0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._step and error is None:
            self._done()
        self._status.stop()

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.levelno == logging.DEBUG:
            self._status.update(Text(f"{self._step}: {text}"))
            return
        if self._step:
            self._done()
        self._step, self._since = text, time.monotonic()
        if self._console.is_terminal:
            self._status.update(Text(text))
            self._status.start()
        else:
            self._console.print(text)

    def open_step(self, step: str) -> None:
        """Open a step from outside the loggers."""
        self.emit(logging.makeLogRecord({"levelno": logging.INFO, "msg": step}))

    def _done(self) -> None:
        if self._console.is_terminal:
            took = time.monotonic() - self._since
            self._console.print(Text.assemble(f"{self._step} ", (f"{took:.1f} s", "dim")))


def show_outcome(console: Console, outcome: "Outcome") -> None:
    """One line per file offered."""
    what = [part for part in (outcome.source, outcome.academic_year, outcome.release) if part]
    line = f"{outcome.status.replace('_', ' '):<13}{outcome.file_name}"
    if what:
        line += f"  ({', '.join(what)})"
    if outcome.reason:
        line += f": {outcome.reason}"
    console.print(plain(line), style=MARKS[outcome.status])


def show_fetched(console: Console, home: Home, outcome: "Outcome | FetchWarning") -> None:
    """One line per file fetched, or per failure: why, and how to get the file by hand."""
    from pipelines.landing.intake import Outcome

    if isinstance(outcome, Outcome):
        show_outcome(console, outcome)
        return
    remedy = f"download it from {outcome.landing_page} and put it into {home.inbox}"
    console.print(plain(f"{'warning':<13}{outcome.what}: {outcome.reason}: {remedy}"), style="yellow")


def show_sample(console: Console, things: str) -> None:
    """What is shown is made up."""
    console.print(Text.assemble((" SAMPLE DATA ", "black on yellow"), f" These are not real {things}."))


def show_tally(console: Console, tally: "Tally") -> None:
    console.print(f"{tally.new} new, {tally.held} held already, {tally.failed} could not be fetched.")


def show_build(console: Console, home: Home, built: "Built") -> None:
    """The summary of a build: rows, checks, what was left out, the draft ratings, and what to open first."""
    facts = built.facts
    if facts.is_sample:
        show_sample(console, "schools")
    if built.is_new:
        _show_marts(console, home, facts.la_code)
        console.print(f"Checks: {facts.files_n} files against their suites, {facts.tests_n} tests of the warehouse.")
    else:
        console.print(f"Nothing has changed: build {facts.build_id} stands. (--force builds anyway.)")
    _show_list(console, "Files left out", facts.quarantined, "red")
    _show_list(console, "Warnings", facts.warnings, "yellow")
    current = plain(str(home.current))
    console.print(f"Build {facts.build_id} for LA {facts.la_code}, review {facts.review_year}: {current}")
    first = next((name for name in OPEN_FIRST if (home.current / name).exists()), OPEN_FIRST[-1])
    console.print(f"Open first: {plain(str(home.current / first))}, then `rayg explain URN` for a school.")


def _show_marts(console: Console, home: Home, la_code: str) -> None:
    from pipelines.publication.views.summary import summarise
    from pipelines.publication.views.words import RATINGS, words

    summary = summarise(home.current)
    marts = Table("mart", "rows")
    marts.columns[1].justify = "right"
    for name, rows_n in summary.rows_of.items():
        marts.add_row(name, f"{rows_n:,}")
    console.print(marts)
    if summary.rows_of["schools"] == 0:
        console.print(f"No school of LA {la_code} is among the files held: check --la.", style="yellow")
    ratings = Table("draft ratings", *map(words, RATINGS))
    ratings.columns[0].no_wrap = True
    for column in ratings.columns[1:]:
        column.justify = "right"
    for provision, numbers in summary.ratings_of.items():
        ratings.add_row(words(provision), *(f"{number:,}" for number in numbers))
    ratings.add_section()
    for quarter, numbers in summary.ratings_of_quarter.items():
        ratings.add_row(f"quarter {quarter}", *(f"{number:,}" for number in numbers))
    console.print(ratings)
    if summary.recomputed_n:
        share = 100 * summary.reconciled_n / summary.recomputed_n
        console.print(
            f"Reconciled: {summary.reconciled_n} of {summary.recomputed_n} published LA and England figures made again "
            f"from school rows ({share:.1f} %)."
        )
        _show_list(console, "Not reconciled", summary.exceptions, "yellow")
    if summary.ratings_of_quarter:  # ratings should not only restate intake
        console.print("Quarters are of whole schools by intake; 1 has the most disadvantaged pupils.")


def _show_list(console: Console, title: str, lines: list[str], style: str) -> None:
    if not lines:
        console.print(f"{title}: none.")
        return
    console.print(f"{title}: {len(lines)}", style=style)
    for line in lines[:LISTED]:
        console.print(f"  {plain(line)}")
    if len(lines) > LISTED:
        console.print(f"  and {len(lines) - LISTED} more: see data_quality.csv")
