"""The sidecar beside each held file: what the file is, where it came from, and the checksum of its bytes."""

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from pipelines.errors import RaygError
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
        try:
            return sha256(self.path.read_bytes()) == self.provenance.sha256
        except OSError:
            return False


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def held_files(home: Home) -> list[HeldFile]:
    """Every file with a sidecar, by file_id. Raises RaygError on a broken sidecar."""
    held = [read_sidecar(home, sidecar) for sidecar in home.sidecars()]
    refuse_odd_ones(home, held)
    return sorted(held, key=lambda file: file.provenance.file_id)


def read_sidecar(home: Home, sidecar: Path) -> HeldFile:
    """A held file by its sidecar. What it says is checked, since paths are made of it.

    Raises RaygError that names the sidecar and what it says otherwise.
    """
    try:
        provenance = Provenance.model_validate_json(sidecar.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        said = first["msg"].removeprefix("Value error, ") if first["type"] == "value_error" else ""
        raise RaygError(
            f"{sidecar.relative_to(home.root)} is not a sidecar this version reads{said and f' ({said})'}:"
            " delete it and add its file again."
        ) from error
    return HeldFile(path=sidecar.with_name(sidecar.name[: -len(SIDECAR_SUFFIX)]), provenance=provenance)


def refuse_odd_ones(home: Home, held: list[HeldFile]) -> None:
    """Raises RaygError where files of the sample county and published files are held together: the fewer are named."""
    kinds: dict[bool, list[HeldFile]] = {True: [], False: []}
    for file in held:
        kinds[file.provenance.is_sample].append(file)
    if kinds[True] and kinds[False]:
        odd = min(kinds.values(), key=len)[0]
        says = "the sample county's" if odd.provenance.is_sample else "no sample"
        raise RaygError(
            f"{sidecar_of(odd.path).relative_to(home.root)} says that its file is {says}, and other sidecars say"
            " otherwise: delete it and add its file again."
        )


def sidecar_of(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR_SUFFIX)
