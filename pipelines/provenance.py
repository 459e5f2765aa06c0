"""The sidecar beside each held file: what the file is, where it came from, and the checksum of its bytes."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

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
    held = []
    for sidecar in home.sidecars():
        try:
            provenance = Provenance.model_validate_json(sidecar.read_bytes())
        except ValidationError as error:
            raise RaygError(
                f"{sidecar.relative_to(home.root)} is not a sidecar this version reads:"
                " delete it and add its file again."
            ) from error
        held.append(HeldFile(path=sidecar.with_name(sidecar.name[: -len(SIDECAR_SUFFIX)]), provenance=provenance))
    return sorted(held, key=lambda file: file.provenance.file_id)


def sidecar_of(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR_SUFFIX)
