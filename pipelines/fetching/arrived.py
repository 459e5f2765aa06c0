"""Whether a download is complete and the kind of file it should be, before it is taken in.

Its first bytes decide, never the server's name for it. What the file means belongs in `landing`.
"""

import gzip
import shutil
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from pipelines.sources.delivery import MEGABYTE

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
BOM = b"\xef\xbb\xbf"
PIECE = 1 << 20
SUFFIXES = (".csv", ".xlsx", ".zip", ".parquet")


class BrokenError(Exception):
    """A file that arrived incomplete: worth another attempt."""


class NotDataError(Exception):
    """Something other than the file that was asked for."""


def verify(path: Path, kind: str, bytes_max: int) -> None:
    """Unpacks a gzip body in place, then raises BrokenError or NotDataError unless the file is whole and of its kind.

    `kind` is a suffix: a workbook must be one; for `.csv` a zip will do too, since publishers send that for several.
    """
    with path.open("rb") as file:
        first = file.read(512)
    if first.startswith(GZIP):
        _unpack(path, bytes_max)
        with path.open("rb") as file:
            first = file.read(512)
    if not first:
        raise NotDataError("an empty file came")
    if is_web_page(first):
        raise NotDataError("a web page came instead of data")
    if first.startswith(ZIP):
        _check_zip(path, bytes_max)
    elif kind in (".xlsx", ".zip"):
        raise NotDataError(f"what came is not a {kind[1:]} file")


def suffix_of(path: Path) -> str:
    """`.xlsx`, `.zip`, `.parquet` or `.csv`, from the bytes."""
    with path.open("rb") as file:
        first = file.read(4)
    if first == b"PAR1":
        return ".parquet"
    if first != ZIP:
        return ".csv"
    with zipfile.ZipFile(path) as archive:
        return ".xlsx" if "[Content_Types].xml" in archive.namelist() else ".zip"


def is_web_page(content: bytes) -> bool:
    return content.removeprefix(BOM).lstrip()[:1] == b"<"


def gunzipped(content: bytes, bytes_max: int) -> bytes:
    """The content, unpacked where it is gzip, whatever its headers say. Raises BrokenError."""
    if not content.startswith(GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as file:
            unpacked = file.read(bytes_max + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BrokenError("the file broke off half way") from error
    if len(unpacked) > bytes_max:
        raise NotDataError(f"it unpacks to more than {bytes_max // MEGABYTE} MB")
    return unpacked


def _unpack(path: Path, bytes_max: int) -> None:
    passing = path.with_suffix(".unpacked")
    try:
        with gzip.open(path) as packed, passing.open("wb") as file:
            while piece := packed.read(PIECE):
                file.write(piece)
                if file.tell() > bytes_max:
                    raise NotDataError(f"it unpacks to more than {bytes_max // MEGABYTE} MB")
        shutil.move(passing, path)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BrokenError("the file broke off half way") from error
    finally:
        passing.unlink(missing_ok=True)


def _check_zip(path: Path, bytes_max: int) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > bytes_max:
                raise NotDataError(f"it unpacks to more than {bytes_max // MEGABYTE} MB")
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BrokenError("the zip came broken") from error
    if damaged:
        raise BrokenError("the zip came broken")
