"""The held files of each source, and their standing against the release calendar on a day.

Reads sidecars only. The rules lie in `sources.calendar`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipelines.home import Home
from pipelines.landing.recognise import day_in_name
from pipelines.provenance import Provenance, held_files
from pipelines.sources.calendar import Held, Standing, standing
from pipelines.sources.catalogue import Source, load_catalogue


@dataclass(frozen=True)
class Holding:
    """A source, its held files from the oldest year to the newest, and its standing."""

    source: Source
    files: tuple[Provenance, ...]
    standing: Standing
    newest_day: date | None  # the newest day that any of the files describes

    @property
    def behind(self) -> str:
        """One line on what should be held and is not; empty where nothing is overdue."""
        issue = self.standing.missed
        if issue is None:
            return ""
        if issue.since is None:
            what = "copy" if issue.release == "snapshot" else issue.release
            nothing = "" if self.files else "nothing is held; "
            return f"{nothing}{issue.academic_year} {what} was expected by {_text(issue.closes)}"
        newest = f"newest copy {_text(self.newest_day)}" if self.newest_day else "no copy is held"
        return f"{newest}; a later one was expected by {_text(issue.closes)}"


def holdings(home: Home, today: date) -> list[Holding]:
    """One per source of the catalogue, in its order. Raises RaygError on a broken sidecar."""
    held = defaultdict(list)
    for file in held_files(home):
        if not file.path.is_file():
            continue  # its sidecar alone holds nothing: `gone`
        held[file.provenance.source].append(file.provenance)
    return [_holding(source, held[source.id], today) for source in load_catalogue().sources]


def gone(home: Home) -> list[str]:
    """The raw files that only a sidecar is left of, as paths within the home."""
    return [file.path.relative_to(home.root).as_posix() for file in held_files(home) if not file.path.is_file()]


def _holding(source: Source, files: Iterable[Provenance], today: date) -> Holding:
    of_days = sorted(((_day(source, file), file) for file in files), key=lambda pair: (pair[1].academic_year, pair[0]))
    seen = [Held(file.academic_year, file.release, day) for day, file in of_days]
    newest = max((day for day, _ in of_days), default=None)
    return Holding(source, tuple(file for _, file in of_days), standing(source, seen, today), newest)


def _day(source: Source, file: Provenance) -> date:
    """The day a copy describes. Its sidecar may give the day of publication, which is later."""
    named = day_in_name(file.file_name, source) if source.dated_by_name else None
    return named or file.published_on


def _text(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
