"""`add`: takes files, folders and zips into the raw folder, byte for byte, each with its provenance.

One file's fault never stops the others, and nothing is half-stored: the bytes are written first, the
sidecar last, and a file without a sidecar is not held. `recognise` decides what a file is; `offered` opens folders and
zips.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import ValidationError

from pipelines.errors import RaygError
from pipelines.files import FULL, create_whole, disk_is_full, write_text_whole
from pipelines.home import Home
from pipelines.landing.offered import OfferedFile, fault_of_path, files_within, zip_members
from pipelines.landing.recognise import Claims, Name, Recognised, Skipped, contradiction, is_documentation, recognise
from pipelines.provenance import (
    FILE_ID_DIGITS,
    HeldFile,
    Provenance,
    SetAside,
    believed,
    read_sidecar,
    sha256,
    sidecar_of,
)
from pipelines.returns.ledger import LEDGER
from pipelines.returns.refusals import RefusedLinesError, messages, refused_decisions, unknown_schools
from pipelines.returns.schema import return_named
from pipelines.sources.calendar import academic_year_of
from pipelines.sources.catalogue import Source, load_catalogue
from pipelines.tables.files import read_regular
from pipelines.written import printable

NAME_BYTES_MAX = 200  # with the sidecar's suffix, an id and a passing ending it stays below the 255 of a file system
LOCK_SECONDS = 60.0

Status = Literal["accepted", "already_held", "skipped", "rejected"]


@dataclass(frozen=True)
class Outcome:
    """The outcome for one file. `reason` is one line, or None where there is nothing to say."""

    file_name: str
    status: Status
    source: str | None = None
    academic_year: str | None = None
    release: str | None = None
    reason: str | None = None
    file_id: str | None = field(default=None, compare=False)  # of the held file; None where none is held
    note: str | None = field(default=None, compare=False)  # of an accepted file: cells read otherwise than written
    # of a rejected return: line -> why
    refused_lines: dict[int, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Arrival:
    """A file that was fetched: where its bytes lie for now, its name, and what its publisher says about it.

    `sources`: it is the first of these that has its columns; where there are none, its name decides.
    """

    path: Path
    file_name: str
    folders: tuple[str, ...]  # what stands around its name at the publisher's, nearest first
    url: str
    retrieved_at: str
    academic_year: str | None = None
    published_on: date | None = None
    sources: tuple[Source, ...] = ()
    release: str | None = None


def add(
    home: Home,
    paths: Sequence[Path],
    *,
    academic_year: str | None = None,
    published_on: date | None = None,
    source: str | None = None,
    release: str | None = None,
    is_sample: bool = False,
    on_outcome: Callable[[Outcome], None] | None = None,
    keeps: bool = True,
) -> list[Outcome]:
    """Takes files, folders (with all files in them) and zips into the home; one outcome per file, in order.

    The keywords state what the files do not; a file that they contradict is rejected.
    `on_outcome` hears of each file as it is done. Where it `keeps` nothing, the outcomes are those that keeping would
    have. Raises RaygError, before anything is stored, for a keyword
    that makes no sense, and for sample files offered to a home of published files or the other way round.
    """
    claims = Claims(
        academic_year=_checked_year(academic_year),
        published_on=_checked_day(published_on),
        sources=_checked_source(source),
        release=release,
        is_sample=is_sample,
    )
    intake = Intake(home, claims, keeps=keeps)
    outcomes = []
    for path in paths:
        for outcome in intake.take(path):
            outcomes.append(outcome)
            if on_outcome:
                on_outcome(outcome)
    return outcomes


class Intake:
    """Files on their way into one home: the home, what is claimed about all of them, and what is held so far.

    Others may add at the same time. A file is judged against what is held, and joins it, under one lock.

    Raises RaygError for sample files offered to a home of published files or the other way round.
    """

    def __init__(self, home: Home, claims: Claims, *, keeps: bool = True) -> None:
        self.home = home
        self.keeps = keeps  # else nothing is written, not even a lock
        self.claims = claims
        self.catalogue = load_catalogue()
        self.held: dict[str, HeldFile] = {}  # by file_id
        # by sidecar: when it was written, and what it says
        self._read: dict[Path, tuple[int, HeldFile | SetAside]] = {}
        self._lock = FileLock(home.intake_lock_file)
        held_sample = home.is_sample()
        if held_sample is not None and held_sample != claims.is_sample:
            kinds = ("published files", "the sample county")
            raise RaygError(
                f"This home holds {kinds[held_sample]}, and {kinds[claims.is_sample]} may not join:"
                " name another home with --home."
            )
        self._read_held()

    def take(self, path: Path) -> Iterator[Outcome]:
        """The outcome of each file that a path leads to."""
        try:
            path = path.expanduser().absolute()
            is_folder = path.is_dir()
        except (OSError, RuntimeError, ValueError) as error:
            yield Outcome(printable(path.name), "rejected", reason=self._one_line(error))
            return
        if not is_folder:
            yield from self.take_file(path, [path.parent.name])
            return
        files = list(files_within(path))
        if not files:
            reason = "the folder holds no file: check that it is the one you mean"
            yield Outcome(printable(path.name), "rejected", reason=reason)
        outcomes = (outcome for file, folders in files for outcome in self.take_file(file, folders))
        yield from _with_namesakes(outcomes)

    def take_arrival(self, arrival: Arrival) -> list[Outcome]:
        """The outcome of each file in a download; a zip's members carry its address and day."""
        claims = replace(
            self.claims,
            academic_year=arrival.academic_year,
            published_on=arrival.published_on,
            sources=arrival.sources,
            release=arrival.release,
        )
        named = Path(arrival.file_name)
        if named.suffix.lower() == ".zip":
            try:
                offered = zip_members(arrival.path, [named.stem, *arrival.folders], claims)
            except (RaygError, OSError) as fault:
                return [Outcome(printable(named.name), "rejected", reason=self._one_line(fault))]
        else:
            name = Name.read(named.name, list(arrival.folders))
            offered = [OfferedFile(name, partial(read_regular, arrival.path), claims)]
        fetched = [replace(one, url=arrival.url, retrieved_at=arrival.retrieved_at) for one in offered]
        return list(_with_namesakes(self._take_one(one) for one in fetched))

    def take_file(self, path: Path, folders: list[str]) -> Iterator[Outcome]:
        """The outcome of a file, or of each in a zip; `folders` stand around it, nearest first."""
        if fault := fault_of_path(path):
            yield Outcome(printable(path.name), "rejected", reason=fault)
        elif not self.claims.is_sample and _is_held_as_sample(path):
            reason = "held as sample data by another home: it cannot join published files"
            yield Outcome(printable(path.name), "rejected", reason=reason)
        elif path.suffix.lower() == ".zip":
            try:
                offered = zip_members(path, [path.stem, *folders], self.claims)
            except (RaygError, OSError) as error:
                yield Outcome(printable(path.name), "rejected", reason=self._one_line(error))
                return
            yield from _with_namesakes(self._take_one(member) for member in offered)
        else:
            yield self._take_one(OfferedFile(Name.read(path.name, folders), partial(read_regular, path), self.claims))

    def _take_one(self, offered: OfferedFile) -> Outcome:
        name, claims = offered.name, offered.claims
        shown = printable(name.file_name)
        stated_year = claims.academic_year or (name.years[0][1] if name.years else None)
        try:
            if is_documentation(name, claims, self.catalogue):
                return Outcome(shown, "skipped", reason="documentation")
            if name.bare.lower().endswith(".zip"):
                raise RaygError("a zip inside a zip is not opened: unpack it and add what it holds")
            if fault_of_name := _fault_of_name(name.file_name):
                raise RaygError(fault_of_name)
            content = offered.read()
            held = self.held.get(sha256(content)[:FILE_ID_DIGITS])
            if held and held.is_intact:
                return self._already_held(name, held.provenance, claims)
            recognised = recognise(name, content, claims, self.catalogue)
            if isinstance(recognised, Skipped):
                return Outcome(shown, "skipped", None, stated_year, reason=recognised.reason)
            with self._alone():
                return self._take_recognised(offered, content, recognised)
        except (RaygError, OSError) as fault:
            lines = fault.lines if isinstance(fault, RefusedLinesError) else {}
            reason = self._one_line(fault)
            return Outcome(shown, "rejected", None, stated_year, reason=reason, refused_lines=lines)

    def _take_recognised(self, offered: OfferedFile, content: bytes, recognised: Recognised) -> Outcome:
        """Judges a file against what is held at this moment, and keeps it. Nobody else may add meanwhile."""
        name = offered.name
        held = self.held.get(sha256(content)[:FILE_ID_DIGITS])
        if held and held.is_intact:
            return self._already_held(name, held.provenance, offered.claims)
        unknown = None
        if recognised.source.id == LEDGER:
            # bytes that replace damaged ones were judged when they were first kept
            refused = held.provenance.refused_lines if held else self._refused_decisions(name, recognised)
            recognised = replace(recognised, refused_lines=refused, remark=_remark(refused))
        elif not held:
            unknown = self._unknown_schools(recognised)
        file_id = self._keep(offered, content, recognised, held) if self.keeps else None
        return Outcome(
            name.file_name,
            "accepted",
            recognised.source.id,
            recognised.academic_year,
            recognised.release,
            "; ".join(filter(None, (recognised.remark, unknown, recognised.note))) or None,
            file_id,
            recognised.note,
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Holds the lock of the home's raw files, with `held` brought up to what others have added."""
        if not self.keeps:
            yield
            return
        self.home.root.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=LOCK_SECONDS)
        except Timeout:
            raise RaygError("another `rayg add` or `moderate` of this home is under way: run this again") from None
        try:
            self._read_held()
            yield
        finally:
            self._lock.release()

    def _read_held(self) -> None:
        """Reads the sidecars that are new or have changed since they were last read."""
        read: dict[Path, tuple[int, HeldFile | SetAside]] = {}
        for sidecar in self.home.sidecars():
            written = sidecar.stat().st_mtime_ns
            before = self._read.get(sidecar)
            is_known = before is not None and before[0] == written
            read[sidecar] = before if before and is_known else (written, read_sidecar(self.home, sidecar))
        held, _ = believed(self.home, [one for _, one in read.values()])
        self._read, self.held = read, {file.provenance.file_id: file for file in held}

    def _refused_decisions(self, name: Name, recognised: Recognised) -> dict[int, str]:
        """The lines that the ledger of moderation, as it stands, cannot take. Raises RaygError where it takes none."""
        rows = recognised.rows
        assert rows is not None  # the ledger is a return
        refused = refused_decisions(self.home, name.file_name, recognised.header, rows)
        if len(refused) == rows.lines_n:
            raise RefusedLinesError(f"{_remark(refused)}: nothing was kept", refused)
        return refused

    def _unknown_schools(self, recognised: Recognised) -> str | None:
        """A note on lines of results whose school the current build does not know.

        Raises RaygError where a line of an authority's list names such a school: it would reach no published file.
        """
        if recognised.rows is None:
            return None
        unknown = unknown_schools(self.home, recognised.source, recognised.header, recognised.rows)
        if not unknown:
            return None
        first = messages(unknown)[0]
        more = f" ({len(unknown) - 1} more)" if len(unknown) > 1 else ""
        declared = return_named(recognised.source.id)
        if declared and declared.refused_whole:
            raise RefusedLinesError(f"{first}{more}: nothing was kept", unknown)
        return f"{first}{more}"

    def _already_held(self, name: Name, held: Provenance, claims: Claims) -> Outcome:
        """The outcome for bytes that are held, under whatever name. One file cannot belong to two years."""
        years = [(f"{held.file_name} is held with the same bytes as", held.academic_year), *name.years]
        if claims.academic_year:
            years.append(("--year says", claims.academic_year))
        if phrase := contradiction(years):
            raise RaygError(f"{phrase}: put it under its own year")
        reason = f"held as {held.file_name}" if held.file_name != name.file_name else None
        what = (held.source, held.academic_year, held.release)
        return Outcome(name.file_name, "already_held", *what, reason, held.file_id)

    def _keep(self, offered: OfferedFile, content: bytes, recognised: Recognised, damaged: HeldFile | None) -> str:
        """Stores the bytes, then the sidecar; over a held copy whose bytes were damaged, in its place.

        Returns the file's id.
        """
        name, source, digest = offered.name, recognised.source, sha256(content)
        retrieved_at = offered.retrieved_at or datetime.now(UTC).isoformat(timespec="seconds")
        published_on = recognised.published_on
        if recognised.published_on_is_assumed:  # what is at hand came out, whatever the usual day
            published_on = min(published_on, datetime.fromisoformat(retrieved_at).date())
        provenance = Provenance(
            file_id=digest[:FILE_ID_DIGITS],
            sha256=digest,
            size_bytes=len(content),
            file_name=name.file_name,
            source=source.id,
            academic_year=recognised.academic_year,
            release=recognised.release,
            scope=recognised.scope,
            la_code=recognised.la_code,
            publisher=source.publisher,
            title=source.title,
            licence=source.licence,
            landing_page=source.landing_page,
            url=offered.url,
            published_on=published_on,
            published_on_is_assumed=recognised.published_on_is_assumed,
            retrieved_at=retrieved_at,
            is_sample=offered.claims.is_sample,
            refused_lines=recognised.refused_lines,
        )
        sidecar = provenance.model_dump_json(indent=2, exclude_defaults=True) + "\n"
        if damaged:
            sidecar_of(damaged.path).unlink()
            damaged.path.unlink(missing_ok=True)
        folder = self.home.raw / source.folder / recognised.academic_year.replace("/", "-")
        path = _free_path(folder / name.file_name, digest)
        if not path.exists():
            create_whole(path, content)
        write_text_whole(sidecar_of(path), sidecar)
        self.held[provenance.file_id] = HeldFile(path=path, provenance=provenance)
        return provenance.file_id

    def _one_line(self, fault: Exception) -> str:
        if isinstance(fault, RuntimeError | ValueError) and not isinstance(fault, RaygError):
            return "no such file or folder: check the path"
        if isinstance(fault, OSError) and fault.errno in FULL:
            return disk_is_full(self.home.root, "add it again", "what was held").removesuffix(".")
        if isinstance(fault, OSError):
            return f"{fault.strerror or 'it cannot be read or stored'}: correct that and add it again"
        return str(fault)


def _free_path(path: Path, digest: str) -> Path:
    """Where bytes can be stored, or lie already: bytes that are there are never written over. A file without a sidecar
    keeps its name too, since nobody vouched for it and somebody may miss it.
    """
    if not os.path.lexists(path) or _holds(path, digest):
        return path
    return path.with_name(f"{path.stem}.{digest[:FILE_ID_DIGITS]}{path.suffix}")


def _holds(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path.read_bytes()) == digest


def _fault_of_name(file_name: str) -> str | None:
    """Why a file cannot be kept under its name."""
    if not file_name.isprintable():  # bytes that are no UTF-8 come as what cannot be printed
        return "its name holds characters that cannot be shown: rename it"
    if len(file_name.encode()) > NAME_BYTES_MAX:
        return f"its name is longer than {NAME_BYTES_MAX} bytes: give it a shorter one"
    return None


def _with_namesakes(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes of files that came together. Of two that differ and say the same of themselves, the second says so:
    one of them is likely not what was meant.
    """
    seen: dict[tuple[str | None, ...], str] = {}
    for outcome in outcomes:
        what = (outcome.file_name, outcome.source, outcome.academic_year, outcome.release)
        if outcome.file_id is not None and seen.setdefault(what, outcome.file_id) != outcome.file_id:
            note = "another, different file of this name, year and release came with it: both are held"
            outcome = replace(outcome, reason="; ".join(filter(None, (outcome.reason, note))))
        yield outcome


def _remark(refused: dict[int, str]) -> str | None:
    """One phrase on refused decisions: the first, and how many more there are."""
    if not refused:
        return None
    first, *others = messages(refused)
    return first + (f" ({len(others)} more refused: `rayg moderate` lists them)" if others else "")


def _is_held_as_sample(path: Path) -> bool:
    """Whether a file lies in a sample home's raw folder: one of links names no LA, so its content does not tell."""
    try:
        return Provenance.model_validate_json(sidecar_of(path).read_bytes()).is_sample
    except (OSError, ValidationError):
        return False


def _checked_day(published_on: date | None) -> date | None:
    today = date.today()
    if published_on and published_on > today:
        raise RaygError(f"--published {published_on} has not come: today is {today}: give the day it came out.")
    return published_on


def _checked_year(text: str | None) -> str | None:
    if text is None:
        return None
    if year := academic_year_of(text):
        return year
    raise RaygError(f"--year {text} is not an academic year: write it as 2024/25.")


def _checked_source(source_id: str | None) -> tuple[Source, ...]:
    """The source named by `--source`, alone; empty where none is named."""
    catalogue = load_catalogue()
    if source_id is None:
        return ()
    if source := catalogue.source(source_id):
        return (source,)
    known = ", ".join(source.id for source in catalogue.sources)
    raise RaygError(f"--source {source_id} is not read by this version: it reads {known}.")
