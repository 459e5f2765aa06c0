"""`add`: files, folders and zips into the raw folder, byte for byte, each with its provenance.

One file's trouble never stops the others, and nothing is half-stored: the bytes are written first, the
sidecar last, and a file without a sidecar is not held. What a file is gets decided in `recognise`.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from pipelines.errors import RaygError
from pipelines.files import write_text_whole, write_whole
from pipelines.home import SIDECAR_SUFFIX, Home
from pipelines.landing.provenance import (
    FILE_ID_DIGITS,
    HeldFile,
    Provenance,
    held_files,
    sha256,
    sidecar_of,
)
from pipelines.landing.recognise import (
    Name,
    Recognised,
    Said,
    Skipped,
    academic_year_of,
    contradiction,
    recognise,
)
from pipelines.returns.ledger import LEDGER
from pipelines.returns.standing import refused_lines, told, unknown_schools
from pipelines.sources.catalogue import Source, load_catalogue

UNPACKED_BYTES_MAX = 1_000_000_000  # a year's whole download of the performance tables unpacks to about 200 MB
MEMBERS_MAX = 2_000

Status = Literal["accepted", "already_held", "skipped", "rejected"]


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `reason` is one line, and None where there is nothing to say."""

    file_name: str
    status: Status
    source: str | None = None
    academic_year: str | None = None
    release: str | None = None
    reason: str | None = None
    file_id: str | None = field(default=None, compare=False)  # of the held file; None where none is held


@dataclass(frozen=True)
class Arrival:
    """A file that was fetched: where its bytes lie for now, what it is called, and what its publisher said."""

    path: Path
    file_name: str
    folders: tuple[str, ...]  # what stands around its name at the publisher's, nearest first
    url: str
    retrieved_at: str
    academic_year: str | None = None
    published_on: date | None = None
    source: Source | None = None
    release: str | None = None


@dataclass(frozen=True)
class _Offered:
    """A file as offered: its name and the folders around it, its bytes when asked for, and what was said of it."""

    name: Name
    read: Callable[[], bytes]
    said: Said
    url: str | None = None
    retrieved_at: str | None = None


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
) -> list[Outcome]:
    """Takes files, folders (with what lies in them) and zips into the home; one outcome per file, in order.

    The keywords say what the files themselves do not; where they contradict a file, it is rejected.
    `on_outcome` hears of each file as it is done. Raises RaygError, before anything is stored, for a keyword
    that makes no sense, and for sample files offered to a home of published files or the other way round.
    """
    said = Said(
        academic_year=_checked_year(academic_year),
        published_on=published_on,
        source=_checked_source(source),
        release=release,
        is_sample=is_sample,
    )
    intake = Intake(home, said)
    outcomes = []
    for path in paths:
        for outcome in intake.take(path):
            outcomes.append(outcome)
            if on_outcome:
                on_outcome(outcome)
    return outcomes


class Intake:
    """Files on their way into one home: the home, what was said of all of them, and what is held so far.

    Raises RaygError for sample files offered to a home of published files or the other way round.
    """

    def __init__(self, home: Home, said: Said) -> None:
        held_sample = home.is_sample()
        if held_sample is not None and held_sample != said.is_sample:
            kinds = ("published files", "the sample county")
            raise RaygError(
                f"This home holds {kinds[held_sample]}, and {kinds[said.is_sample]} may not join:"
                " name another home with --home."
            )
        self.home = home
        self.said = said
        self.catalogue = load_catalogue()
        self.held = {file.provenance.file_id: file for file in held_files(home)}

    def take(self, path: Path) -> Iterator[Outcome]:
        """The outcome of each file that a path leads to."""
        path = path.expanduser().absolute()
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.is_file() and not is_litter(file.relative_to(path).parts):
                    yield from self.take_file(file, _folders_within(file, path))
        elif path.exists():
            yield from self.take_file(path, [path.parent.name])
        else:
            yield Outcome(path.name, "rejected", reason="no such file or folder: check the path")

    def take_arrival(self, arrival: Arrival) -> list[Outcome]:
        """The outcome of each file in a download; a zip's members carry its address and day."""
        said = replace(
            self.said,
            academic_year=arrival.academic_year,
            published_on=arrival.published_on,
            source=arrival.source,
            release=arrival.release,
        )
        named = Path(arrival.file_name)
        if named.suffix.lower() == ".zip":
            try:
                offered = _members(arrival.path, [named.stem, *arrival.folders], said)
            except (RaygError, OSError) as fault:
                return [Outcome(named.name, "rejected", reason=_one_line(fault))]
        else:
            name = Name.read(named.name, list(arrival.folders))
            offered = [_Offered(name, arrival.path.read_bytes, said)]
        fetched = [replace(one, url=arrival.url, retrieved_at=arrival.retrieved_at) for one in offered]
        return [self._take_one(one) for one in fetched]

    def take_file(self, path: Path, folders: list[str]) -> Iterator[Outcome]:
        """The outcome of a file, or of each in a zip; `folders` stand around it, nearest first."""
        if not self.said.is_sample and _is_held_as_sample(path):
            reason = "held as sample data by another home: it cannot join published files"
            yield Outcome(path.name, "rejected", reason=reason)
        elif path.suffix.lower() == ".zip":
            try:
                offered = _members(path, [path.stem, *folders], self.said)
            except (RaygError, OSError) as fault:
                yield Outcome(path.name, "rejected", reason=_one_line(fault))
                return
            for member in offered:
                yield self._take_one(member)
        else:
            yield self._take_one(_Offered(Name.read(path.name, folders), path.read_bytes, self.said))

    def _take_one(self, offered: _Offered) -> Outcome:
        name, said = offered.name, offered.said
        stated_year = said.academic_year or (name.years[0][1] if name.years else None)
        try:
            if self.catalogue.is_documentation(name.bare):
                return Outcome(name.file_name, "skipped", reason="documentation")
            if name.bare.lower().endswith(".zip"):
                raise RaygError("a zip inside a zip is not opened: unpack it and add what it holds")
            content = offered.read()
            held = self.held.get(sha256(content)[:FILE_ID_DIGITS])
            if held and held.is_intact:
                return self._already_held(name, held.provenance, said)
            recognised = recognise(name, content, said, self.catalogue)
            if isinstance(recognised, Skipped):
                return Outcome(name.file_name, "skipped", None, stated_year, reason=recognised.reason)
            if recognised.source.id == LEDGER:
                # bytes that come back in place of damaged ones were judged when they were first kept
                refused = held.provenance.refused_lines if held else self._refused_decisions(name, content)
                recognised = replace(recognised, refused_lines=refused, remark=_remark(refused))
            elif not held:
                self._refuse_unknown_schools(name, content, recognised.source)
            file_id = self._keep(offered, content, recognised, held)
        except (RaygError, OSError) as fault:
            return Outcome(name.file_name, "rejected", None, stated_year, reason=_one_line(fault))
        return Outcome(
            name.file_name,
            "accepted",
            recognised.source.id,
            recognised.academic_year,
            recognised.release,
            recognised.remark,
            file_id,
        )

    def _refused_decisions(self, name: Name, content: bytes) -> dict[int, str]:
        """The lines that the ledger of moderation, as it stands, cannot take. Raises RaygError where it takes none."""
        refused, decisions_n = refused_lines(self.home, name.file_name, content)
        if len(refused) == decisions_n:
            raise RaygError(f"{_remark(refused)}: nothing was kept")
        return refused

    def _refuse_unknown_schools(self, name: Name, content: bytes, source: Source) -> None:
        """Raises RaygError where a line of an authority's list names a school that the current build does not know."""
        if unknown := told(unknown_schools(self.home, name.file_name, content, source)):
            more = f" ({len(unknown) - 1} more)" if len(unknown) > 1 else ""
            raise RaygError(f"{unknown[0]}{more}: nothing was kept")

    def _already_held(self, name: Name, held: Provenance, said: Said) -> Outcome:
        """The same bytes again, under whatever name; but one file cannot be of two years."""
        years = [(f"{held.file_name} is held with the same bytes as", held.academic_year), *name.years]
        if said.academic_year:
            years.append(("--year says", said.academic_year))
        if phrase := contradiction(years):
            raise RaygError(f"{phrase}: put it under its own year")
        reason = f"held as {held.file_name}" if held.file_name != name.file_name else None
        what = (held.source, held.academic_year, held.release)
        return Outcome(name.file_name, "already_held", *what, reason, held.file_id)

    def _keep(self, offered: _Offered, content: bytes, recognised: Recognised, damaged: HeldFile | None) -> str:
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
            is_sample=offered.said.is_sample,
            refused_lines=recognised.refused_lines,
        )
        if damaged:
            sidecar_of(damaged.path).unlink()
            damaged.path.unlink(missing_ok=True)
        folder = self.home.raw / source.folder / recognised.academic_year.replace("/", "-")
        path = folder / name.file_name
        if path.exists() and sha256(path.read_bytes()) != digest:
            path = path.with_name(f"{path.stem}.{provenance.file_id}{path.suffix}")
        write_whole(path, lambda part: part.write_bytes(content))
        sidecar = provenance.model_dump_json(indent=2, exclude_defaults=True) + "\n"
        write_text_whole(sidecar_of(path), sidecar)
        self.held[provenance.file_id] = HeldFile(path=path, provenance=provenance)
        return provenance.file_id


def _members(path: Path, folders: list[str], said: Said) -> list[_Offered]:
    """The files in a zip; `folders` stand around it, its own name among them.

    Raises RaygError for a zip that cannot be trusted: it is then taken not at all.
    """
    content = path.read_bytes()
    if content.lstrip()[:1] == b"<":
        raise RaygError("a web page saved as .zip, not data: download it again")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MEMBERS_MAX or sum(member.file_size for member in members) > UNPACKED_BYTES_MAX:
            raise RaygError(
                f"unpacks to over {UNPACKED_BYTES_MAX // 10**9} GB or {MEMBERS_MAX} files: unpack it yourself"
            )
        for member in members:
            if _leads_outside(member.orig_filename):
                raise RaygError("it names files outside itself, as no publisher's zip does: nothing was taken from it")
            if member.flag_bits & 1:
                raise RaygError("it is protected by a password: unpack it and add what it holds")
        if damaged := archive.testzip():
            raise RaygError(f"{Path(damaged).name} in it is damaged: download it again")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise RaygError("the zip is truncated or damaged: download it again") from error
    offered = []
    for member in members:
        *within, file_name = _parts(member.filename)
        if not is_litter((*within, file_name)):
            around = [*reversed(within), *folders]
            offered.append(_Offered(Name.read(file_name, around), partial(archive.read, member), said))
    return offered


def _remark(refused: dict[int, str]) -> str | None:
    """What to tell of refused decisions: the first, and how many more."""
    if not refused:
        return None
    first, *others = told(refused)
    return first + (f" ({len(others)} more refused: `rayg moderate` lists them)" if others else "")


def _leads_outside(member_name: str) -> bool:
    parts = _parts(member_name)
    return ".." in parts or parts[0] == "" or ":" in parts[0]


def _parts(member_name: str) -> list[str]:
    """The folders and the file in a member's name; zips made on Windows part them by backslashes."""
    return re.split(r"[\\/]", member_name)


def _is_held_as_sample(path: Path) -> bool:
    """Whether a file lies in a sample home's raw folder: one of links names no LA, so its content does not tell."""
    try:
        return Provenance.model_validate_json(sidecar_of(path).read_bytes()).is_sample
    except (OSError, ValidationError):
        return False


def _folders_within(file: Path, top: Path) -> list[str]:
    """The names of the folders around a file, nearest first, up to and with the folder that was named."""
    return [*reversed(file.relative_to(top).parts[:-1]), top.name]


def is_litter(parts: tuple[str, ...]) -> bool:
    """Whether an operating system or office program left the file, or this project did (a sidecar)."""
    name = parts[-1]
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return hidden or name.startswith("~$") or name == "Thumbs.db" or name.endswith(SIDECAR_SUFFIX)


def _checked_year(text: str | None) -> str | None:
    if text is None:
        return None
    if year := academic_year_of(text):
        return year
    raise RaygError(f"--year {text} is not an academic year: write it as 2024/25.")


def _checked_source(source_id: str | None) -> Source | None:
    catalogue = load_catalogue()
    if source_id is None:
        return None
    if source := catalogue.source(source_id):
        return source
    known = ", ".join(source.id for source in catalogue.sources)
    raise RaygError(f"--source {source_id} is not read by this version: it reads {known}.")


def _one_line(fault: Exception) -> str:
    if isinstance(fault, OSError):
        return f"{fault.strerror or 'it cannot be read or stored'}: put that right and add it again"
    return str(fault)
