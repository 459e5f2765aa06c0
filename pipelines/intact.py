"""Whether the raw files of a home are still the bytes that were added: each against its sidecar.

Standard library only, because the answer "nothing changed" asks here. Size and time are compared with those that were
noted when the file's bytes were last read; only a file that looks otherwise is read again. Published builds are
`publication.builds`.
"""

import contextlib
import json
from pathlib import Path
from typing import Any

from pipelines.errors import RaygError
from pipelines.files import sha256_of, write_text_whole
from pipelines.home import SIDECAR_SUFFIX, Home

NOTE = "raw_read.json"
DIGITS = 64  # of a checksum
REMEDY = "add the same file again with `rayg add`, or move its sidecar away too"


def damaged_raw(home: Home, *, reads_all: bool = False) -> list[str]:
    """One line per raw file that is not what its sidecar vouches for. `reads_all`: whatever its size and time say.

    A sidecar that vouches for nothing is no matter of the file's: `provenance` sets it aside.
    """
    noted = {} if reads_all else _read_note(home)
    read: dict[str, list[Any]] = {}
    damaged = []
    for sidecar in home.sidecars():
        file = sidecar.with_name(sidecar.name.removesuffix(SIDECAR_SUFFIX))
        name = file.relative_to(home.root).as_posix()
        digest, size = _vouched_for(sidecar)
        try:
            stat = file.stat()
            if digest is None:
                continue
            stamp = [stat.st_size, stat.st_mtime_ns, digest]
            if noted.get(name) == stamp or sha256_of(file) == digest:
                read[name] = stamp
            elif stat.st_size != size:
                damaged.append(f"{name} has {stat.st_size} bytes, and had {size} when it was added: {REMEDY}.")
            else:
                damaged.append(f"{name} has changed since it was added: {REMEDY}.")
        except FileNotFoundError:
            damaged.append(f"{name} is gone: {REMEDY}.")
        except OSError as error:
            damaged.append(f"{name} cannot be read ({error.strerror}): put that right.")
    if reads_all or read != noted:
        with contextlib.suppress(OSError):  # a home that may not be written is read again each time
            write_text_whole(home.warehouse / NOTE, json.dumps(read, indent=0, sort_keys=True))
    return damaged


def require_raw(home: Home) -> None:
    """Raises RaygError that names the first damaged raw file: nothing can be built on it."""
    if damaged := damaged_raw(home):
        more = f" ({len(damaged) - 1} more: `rayg verify` lists them)" if len(damaged) > 1 else ""
        raise RaygError(damaged[0].removesuffix(".") + f"{more}. Nothing was built.")


def files_without_sidecar(home: Home) -> list[Path]:
    """What lies in the raw folder and is not held, for want of a sidecar; what begins with a dot and the drop folder
    aside.
    """
    return sorted(
        path
        for path in home.raw.rglob("*")
        if path.is_file()
        and not path.name.endswith(SIDECAR_SUFFIX)
        and not any(part.startswith(".") for part in path.relative_to(home.raw).parts)
        and home.inbox not in path.parents
        and not path.with_name(path.name + SIDECAR_SUFFIX).is_file()
    )


def _vouched_for(sidecar: Path) -> tuple[str | None, object]:
    """The checksum and the size that a sidecar gives its file; none where it contradicts itself or is no sidecar."""
    try:
        fields = json.loads(sidecar.read_text(encoding="utf-8"))
        digest, file_id = fields["sha256"], fields["file_id"]
        is_one = len(digest) == DIGITS and file_id != "" and digest.startswith(file_id)
        return (digest, fields["size_bytes"]) if is_one else (None, None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, None


def _read_note(home: Home) -> dict[str, Any]:
    try:
        noted = json.loads((home.warehouse / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}
