"""The files that a folder or a zip offers, each with its name, the folders around it, and a way to read its bytes.

Hidden files and what office programs leave behind are not offered. `recognise` decides what a file is; `intake` keeps
it.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipelines.errors import RaygError
from pipelines.home import SIDECAR_SUFFIX
from pipelines.landing.recognise import Claims, Name
from pipelines.tables.files import read_regular, refuse_larger

UNPACKED_BYTES_MAX = 1_000_000_000  # a year's whole download of the performance tables unpacks to about 200 MB
MEMBERS_MAX = 2_000


@dataclass(frozen=True)
class OfferedFile:
    """A file as offered. `read` gives its bytes; `url` and `retrieved_at` are set where it was fetched."""

    name: Name
    read: Callable[[], bytes]
    claims: Claims
    url: str | None = None
    retrieved_at: str | None = None


def files_within(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Each file under a folder, in name order, and the names of the folders around it: nearest first, `folder` last."""
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if file.is_file() and not is_litter(parts):
            yield file, [*reversed(parts[:-1]), folder.name]


def zip_members(path: Path, folders: list[str], claims: Claims) -> list[OfferedFile]:
    """The files in a zip. `folders` stand around its members, nearest first, the zip's own name among them.

    Raises RaygError for a zip that cannot be trusted: nothing is then taken from it.
    """
    content = read_regular(path, UNPACKED_BYTES_MAX)
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
    except RaygError:
        raise
    except Exception as error:  # a hurt directory of a zip sends its reader anywhere
        raise RaygError("the zip is truncated or damaged: download it again") from error
    offered = []
    for member in members:
        *within, file_name = _parts(member.filename)
        if not is_litter((*within, file_name)):
            around = [*reversed(within), *folders]
            offered.append(OfferedFile(Name.read(file_name, around), partial(_read_member, archive, member), claims))
    return offered


def is_litter(parts: tuple[str, ...]) -> bool:
    """Whether an operating system or office program left the file, or this project did (a sidecar)."""
    name = parts[-1]
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return hidden or name.startswith("~$") or name == "Thumbs.db" or name.endswith(SIDECAR_SUFFIX)


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    refuse_larger(member.file_size)
    return archive.read(member)


def _leads_outside(member_name: str) -> bool:
    parts = _parts(member_name)
    return ".." in parts or parts[0] == "" or ":" in parts[0]


def _parts(member_name: str) -> list[str]:
    """The folders and the file in a member's name; zips made on Windows part them by backslashes."""
    return re.split(r"[\\/]", member_name)
