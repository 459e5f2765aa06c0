"""The sidecar beside each held file: what the file is, where it came from, and the checksum of its bytes.

A sidecar that contradicts its file, its place or itself is not believed: that file is set aside with the reason, and
the others are held. Bytes that changed under a whole sidecar are another matter (`intact`).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from pipelines.home import SIDECAR_SUFFIX, Home

FILE_ID_DIGITS = 12

Release = Literal["provisional", "revised", "final", "local_unvalidated", "snapshot"]


class Provenance(BaseModel):
    """The fields of a sidecar, in the order they are written (see docs/formats.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_id: str
    sha256: str
    size_bytes: int
    file_name: str
    source: str
    academic_year: str
    release: Release
    scope: str
    la_code: str | None
    publisher: str
    title: str
    licence: str
    landing_page: str
    url: str | None
    published_on: date
    published_on_is_assumed: bool
    retrieved_at: str
    is_sample: bool
    refused_lines: dict[int, str] = {}  # moderation only: lines that could not join the ledger, and why

    @field_validator("file_name")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if name in ("", ".", "..") or re.search(r"[/\\\0]", name):
            raise ValueError("file_name is no name of a file")
        return name

    @field_validator("academic_year")
    @classmethod
    def _is_a_year(cls, year: str) -> str:
        if not re.fullmatch(r"[0-9]{4}/[0-9]{2}", year):
            raise ValueError("academic_year is no academic year")
        return year

    @field_validator("retrieved_at")
    @classmethod
    def _is_a_time(cls, time: str) -> str:
        date.fromisoformat(time[:10])
        return time

    @property
    def retrieved_on(self) -> date:
        return date.fromisoformat(self.retrieved_at[:10])

    @model_validator(mode="after")
    def _is_named_by_its_bytes(self) -> "Provenance":
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256) or self.file_id != self.sha256[:FILE_ID_DIGITS]:
            raise ValueError("file_id is not the beginning of sha256")
        return self


class HeldFile(BaseModel):
    """A file in the home's raw folder, and its provenance."""

    model_config = ConfigDict(frozen=True)

    path: Path
    provenance: Provenance

    @property
    def is_intact(self) -> bool:
        """Whether the bytes on disk are still those the sidecar vouches for."""
        return _is(self.path, self.provenance.sha256)


class SetAside(BaseModel):
    """A file whose sidecar is not believed. `reason` is one line: what is wrong, where, and what to do."""

    model_config = ConfigDict(frozen=True)

    path: Path
    reason: str


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def held_files(home: Home) -> list[HeldFile]:
    """Every file whose sidecar can be believed, by file_id."""
    return read_raw(home)[0]


def set_aside(home: Home) -> list[SetAside]:
    """Every other sidecar, in name order."""
    return read_raw(home)[1]


def read_raw(home: Home) -> tuple[list[HeldFile], list[SetAside]]:
    """Both. Raises RaygError where sample files and published files are held together, as many of each."""
    held, aside = believed(home, [read_sidecar(home, sidecar) for sidecar in home.sidecars()])
    return sorted(held, key=lambda file: file.provenance.file_id), aside


def read_sidecar(home: Home, sidecar: Path) -> HeldFile | SetAside:
    """A held file by its sidecar, or why the sidecar is not believed. What it says is checked, since paths are made of
    it.
    """
    path = sidecar.with_name(sidecar.name[: -len(SIDECAR_SUFFIX)])
    try:
        provenance = Provenance.model_validate_json(sidecar.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        said = first["msg"].removeprefix("Value error, ") if first["type"] == "value_error" else ""
        return _aside(home, path, f"is not a sidecar this version reads{said and f' ({said})'}")
    except OSError as error:
        return _aside(home, path, f"cannot be read ({error.strerror})")
    if fault := _contradiction(home, path, provenance):
        return _aside(home, path, f"says otherwise than its file ({fault})")
    return HeldFile(path=path, provenance=provenance)


def believed(home: Home, read: Iterable[HeldFile | SetAside]) -> tuple[list[HeldFile], list[SetAside]]:
    """Of a home's sidecars, as read, those that are believed, and the others. A home holds either the sample county or
    published files: the fewer sidecars that say otherwise are set aside. A second sidecar for the same bytes is, too.
    """
    held: dict[str, HeldFile] = {}
    aside = []
    is_sample = home.is_sample()
    for one in read:
        if isinstance(one, SetAside):
            aside.append(one)
        elif one.provenance.is_sample != is_sample:
            says = "the sample county's" if one.provenance.is_sample else "no sample"
            aside.append(_aside(home, one.path, f"says that its file is {says}, and other sidecars say otherwise"))
        elif first := held.get(one.provenance.file_id):
            aside.append(_aside(home, one.path, f"is of the same bytes as {first.path.name}"))
        else:
            held[one.provenance.file_id] = one
    return list(held.values()), aside


def _contradiction(home: Home, path: Path, provenance: Provenance) -> str:
    """What a sidecar says against the place of its file, its size or itself, in words; empty where nothing."""
    name = Path(unicodedata.normalize("NFC", provenance.file_name))
    names = (name.name, f"{name.stem}.{provenance.file_id}{name.suffix}")
    folders = path.parent.relative_to(home.raw).parts
    if unicodedata.normalize("NFC", path.name) not in names:
        return f"file_name is {provenance.file_name}"
    if folders[-1:] != (provenance.academic_year.replace("/", "-"),):
        return f"academic_year is {provenance.academic_year}"
    if folders[:-1] not in ((provenance.source,), ("local", provenance.source)):
        return f"source is {provenance.source}"
    if provenance.published_on > provenance.retrieved_on + timedelta(days=1):  # the world has two dates at once
        return f"published_on is {provenance.published_on}, after retrieved_at"
    if path.is_file() and (size := path.stat().st_size) != provenance.size_bytes and _is(path, provenance.sha256):
        return f"size_bytes is {provenance.size_bytes}, and it has {size}"
    return ""


def _is(path: Path, digest: str) -> bool:
    try:
        return sha256(path.read_bytes()) == digest
    except OSError:
        return False


def _aside(home: Home, path: Path, fault: str) -> SetAside:
    name = sidecar_of(path).relative_to(home.root).as_posix()
    return SetAside(path=path, reason=f"{name} {fault}: delete it and add its file again")


def sidecar_of(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR_SUFFIX)
