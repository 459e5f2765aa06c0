"""`diff`: every KPI, line of the screen and rating that differs between two builds, and whether data or rules did it.

Where files and rules both differ, the older rules' files are built once more by the present rules, in a home of its
own that is then removed: what moves on the way there is of the rules, what moves from there on of the data. The
comparing itself is `compare`.
"""

import json
import logging
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.checks.judge import docs_folder
from pipelines.digest import rules_parts
from pipelines.errors import RaygError
from pipelines.files import remove_child
from pipelines.home import Home
from pipelines.landing.write import PER_FILE_FOLDERS
from pipelines.lock import refuse_if_held
from pipelines.provenance import held_files, set_aside, sidecar_of
from pipelines.publication.builds import PACKAGE_FILE, BuildFacts, require_intact
from pipelines.publication.changes.compare import (
    DATA,
    KPIS,
    RATINGS,
    RULES,
    SCREEN,
    UNTOLD,
    Change,
    HeldRow,
    Watched,
    changes,
    file_changes,
    replaced,
)
from pipelines.publication.freeze import find_build
from pipelines.publication.views.reading import Marts

Build = Callable[..., Any]  # `pipelines.build.build`, which stands above this room

NAMED_FILES = 3
# What a sidecar says that a person may have put right since: the older build's word stands for its own files.
NOTED = (
    "source",
    "file_name",
    "academic_year",
    "release",
    "scope",
    "la_code",
    "published_on",
    "published_on_is_assumed",
)


@dataclass(frozen=True)
class Difference:
    """What came of comparing two builds."""

    before: BuildFacts
    after: BuildFacts
    remarks: list[str]  # what to know first: parameters that differ, and why causes cannot be told apart
    files: list[str]  # which file replaced which
    changes: list[Change]
    other_marts: list[str]  # marts that differ, where nothing that is compared does


@dataclass(frozen=True)
class _Build:
    """A published build, read."""

    folder: Path
    facts: BuildFacts

    @cached_property
    def marts(self) -> Marts:
        return Marts(self.folder)

    def rows(self, mart: str) -> list[dict[str, Any]]:
        """Every row of a mart."""
        return self.marts.rows(mart)

    def held(self) -> dict[str, HeldRow]:
        """The files this build could see, by file_id."""
        columns = "file_id, source, la_code, academic_year, release, published_on"
        rows = self.marts.rows("held_files", columns=columns)
        return {row["file_id"]: HeldRow(**{**row, "published_on": str(row["published_on"])}) for row in rows}

    def hashes(self) -> dict[str, str]:
        """The hash of each mart's published rows."""
        package = json.loads((self.folder / PACKAGE_FILE).read_text(encoding="utf-8"))
        return {file["title"]: file["hash"] for file in package["resources"] if file["format"] == "parquet"}


@dataclass(frozen=True)
class _Path:
    """The way from one build to the other: its builds, and what each step stands for."""

    builds: list[_Build]
    causes: list[str]
    remarks: list[str]

    def data_step(self) -> tuple[_Build, _Build] | None:
        """The two builds between which data moved, as far as that is known."""
        at = next((at for at, cause in enumerate(self.causes) if cause in (DATA, UNTOLD)), None)
        return None if at is None else (self.builds[at], self.builds[at + 1])


def diff(home: Home, before: str, after: str, build: Build, progress: logging.Handler) -> Difference:
    """Compare two builds, named as `find_build` knows them.

    Where a build has to be made for it, `build` makes it and `progress` hears of it.

    Raises RaygError where there is no such build, where one is damaged, or where the two are not about the same thing.
    """
    first, last = _Build(*find_build(home, before)), _Build(*find_build(home, after))
    for one in (first, last):
        require_intact(one.folder)
    _refuse_another_county(first.facts, last.facts)
    was, now = first.hashes(), last.hashes()
    if was == now:
        return Difference(first.facts, last.facts, [], [], [], [])
    remarks, watched = _parameters(first.facts, last.facts)
    with _way(home, first, last, build, progress) as way:
        moved = [change for table in watched for change in _explained(way, table)]
    others = [] if moved else sorted(mart for mart in was.keys() | now.keys() if was.get(mart) != now.get(mart))
    files = file_changes(first.held().values(), last.held().values())
    return Difference(first.facts, last.facts, remarks + way.remarks, files, moved, others)


def _refuse_another_county(before: BuildFacts, after: BuildFacts) -> None:
    if before.is_sample != after.is_sample:
        raise RaygError("One of the two is of sample files, the other of published ones: there is nothing to compare.")
    if before.la_code != after.la_code:
        raise RaygError(
            f"{before.build_id} is of LA {before.la_code}, {after.build_id} of LA {after.la_code}:"
            " compare builds of one LA."
        )


def _parameters(before: BuildFacts, after: BuildFacts) -> tuple[list[str], list[Watched]]:
    """What to say of parameters that differ, and what can be compared all the same."""
    remarks = []
    if before.as_at != after.as_at:
        remarks.append(
            f"Asked for as at {before.as_at or 'the newest'} and as at {after.as_at or 'the newest'}:"
            " what that moved counts as data."
        )
    if before.review_year == after.review_year:
        return remarks, [KPIS, SCREEN, RATINGS]
    remarks.append(
        f"The first is of review {before.review_year}, the second of review {after.review_year}:"
        " screen and ratings are of different years and are not compared."
    )
    return remarks, [KPIS]


@contextmanager
def _way(home: Home, first: _Build, last: _Build, build: Build, progress: logging.Handler) -> Iterator[_Path]:
    """The way from the first to the last build, with a build in between where both data and rules differ."""
    was, now = first.facts.digest_parts, last.facts.digest_parts
    if not was or not now:
        yield _untold(first, last, "one of the two was built before builds noted their files and rules separately")
        return
    is_data = was["raw"] != now["raw"] or first.facts.as_at != last.facts.as_at
    is_rules = _rules(was) != _rules(now)
    if not (is_data or is_rules):
        yield _untold(first, last, "they differ in nothing that was noted of them but what was asked for")
        return
    if not (is_data and is_rules):
        yield _Path([first, last], [DATA if is_data else RULES], [])
        return
    present = rules_parts()
    if _rules(now) == present:
        old, causes = first, [RULES, DATA]
    elif _rules(was) == present:
        old, causes = last, [DATA, RULES]
    else:
        yield _untold(first, last, "neither was built by the present rules")
        return
    between = Home(home.warehouse / "counterfactual")
    refuse_if_held(between)
    why = f"Building the files of {old.facts.build_id} by the present rules, to tell data from rules"
    progress.handle(logging.makeLogRecord({"levelno": logging.INFO, "msg": why}))
    remove_child(home.warehouse, between.root.name)
    try:
        try:
            _hold_again(home, between, old)
            middle = _built_by_present_rules(between, old.facts, build, progress)
        except RaygError as fault:
            yield _untold(first, last, str(fault))
            return
        yield _Path([first, middle, last], causes, [])
    finally:
        remove_child(home.warehouse, between.root.name)


def _rules(parts: dict[str, str]) -> dict[str, str]:
    return {name: parts[name] for name in ("rules", "code", "engines")}


def _untold(first: _Build, last: _Build, why: str) -> _Path:
    return _Path([first, last], [UNTOLD], [f"Data and rules cannot be told apart: {why.rstrip('.')}."])


def _hold_again(home: Home, between: Home, build: _Build) -> None:
    """Fill a home with the files a build rested on, as they were noted then, and with what was landed of them.

    Raises RaygError where one of them is held no more, was set aside, or is not as it was added.
    """
    held = {file.provenance.file_id: file for file in held_files(home)}
    aside = set_aside(home)
    for row in build.rows("held_files"):
        file = held.get(row["file_id"])
        if file is None or not file.is_intact:
            what = f"{row['file_name']} ({row['file_id']}), which {build.facts.build_id} used,"
            if file is not None:
                raise RaygError(f"{what} is not as it was added")
            # a second file of one name has a longer one in the home
            stem = Path(row["file_name"]).stem
            why = next((one.reason for one in aside if one.path.name.startswith(stem)), None)
            raise RaygError(f"{what} is set aside: {why}" if why else f"{what} is held no more")
        noted = {name: row[name] for name in NOTED if name in row}
        again = file.provenance.model_copy(update=noted)
        name = Path(again.file_name)
        path = between.raw / again.source / again.academic_year.replace("/", "-")
        path /= f"{name.stem}.{again.file_id}{name.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        _link(file.path, path)
        sidecar_of(path).write_text(again.model_dump_json(indent=2), encoding="utf-8")
        for folder in PER_FILE_FOLDERS:
            landed = home.landing / folder / f"{row['file_id']}.parquet"
            if landed.exists():
                (between.landing / folder).mkdir(parents=True, exist_ok=True)
                _link(landed, between.landing / folder / landed.name)
    for notes in ("landed.json", "judged.json"):  # by them landing and judging know what need not be done again
        if (home.landing / notes).exists():
            shutil.copy2(home.landing / notes, between.landing / notes)
    if docs_folder(home).is_dir():
        shutil.copytree(docs_folder(home), docs_folder(between))


def _built_by_present_rules(between: Home, asked: BuildFacts, build: Build, progress: logging.Handler) -> _Build:
    built = build(
        between,
        la_code=asked.la_code,
        as_at=asked.as_at,
        review_year=asked.review_year,
        is_forced=True,
        progress=progress,
    )
    return _Build(between.current, built.facts)


def _explained(way: _Path, watched: Watched) -> list[Change]:
    """The changes of one mart; those that data made say which file replaced which."""
    moved = changes(watched, [build.rows(watched.mart) for build in way.builds], way.causes)
    step = way.data_step()
    if step is None or not moved:
        return moved
    old_held, new_held = (build.held() for build in step)
    everything = file_changes(old_held.values(), new_held.values())
    both = old_held.keys() & new_held.keys()
    pairs = _file_pairs(step, watched)
    explained = []
    for change in moved:
        because = ""
        if change.causes != (RULES,):
            own = pairs.get(change.key if watched is KPIS else change.key[:1], [])
            lines = [replaced(old_held.get(old), new_held.get(new), both) for old, new in own]
            because = _short(sorted(set(filter(None, lines))) or everything)
        explained.append(replace(change, because=because))
    return explained


def _file_pairs(step: tuple[_Build, _Build], watched: Watched) -> dict[tuple[str, ...], list[tuple[str, str]]]:
    """Which file's cell stands where which file's stood: by KPI, or by school from the indicators that differ."""
    by_school = watched is not KPIS
    mart, key = ("risk_indicators", ("urn", "indicator")) if by_school else (KPIS.mart, KPIS.key)
    compared = ("state", "value", "benchmark_value") if by_school else ("file_id",)
    was, now = ({tuple(str(row[name]) for name in key): row for row in build.rows(mart)} for build in step)
    nothing = dict.fromkeys((*compared, "file_id"))
    pairs = defaultdict(list)
    for row_key in was.keys() | now.keys():
        old, new = was.get(row_key, nothing), now.get(row_key, nothing)
        if old["file_id"] != new["file_id"] and any(old[name] != new[name] for name in compared):
            pairs[row_key[:1] if by_school else row_key].append((old["file_id"], new["file_id"]))
    return pairs


def _short(lines: Sequence[str]) -> str:
    more = f" and {len(lines) - NAMED_FILES} more" if len(lines) > NAMED_FILES else ""
    return "; ".join(lines[:NAMED_FILES]) + more


def _link(source: Path, target: Path) -> None:
    """The same bytes under another name, without taking room twice where the disk can. Held and landed files are never
    written again, only replaced.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
