"""The bytes of a path, and of what is packed. Only a regular file of a stated size is read: a pipe or a device has no
end.
"""

import gzip
import io
import os
import stat
import zlib
from pathlib import Path

from pipelines.errors import RaygError
from pipelines.tables.limits import FILE_BYTES_MAX, megabytes

WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0)  # opening a pipe waits for its writer


def read_regular(path: Path, bytes_max: int = FILE_BYTES_MAX) -> bytes:
    """The whole content of a file. Links are followed.

    Raises RaygError for what is no regular file and for one over the limit, OSError where it cannot be read.
    """
    # what is opened is what is judged: a path could be exchanged between a look and the opening
    with open(path, "rb", opener=_open_without_waiting) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise RaygError("a pipe or a device, not a file: name the file itself")
        refuse_larger(status.st_size, bytes_max)
        content = file.read(bytes_max + 1)
    if len(content) > bytes_max:
        raise RaygError("it grew while it was read: wait until it is written and add it again")
    return content


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | WITHOUT_WAITING)


def unpacked(content: bytes, bytes_max: int = FILE_BYTES_MAX) -> bytes:
    """What a gzip holds. Raises RaygError where it is damaged, or holds more than the limit."""
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            text = packed.read(bytes_max + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RaygError("the gzip is truncated or damaged: download it again") from error
    refuse_larger(len(text), bytes_max)
    return text


def refuse_larger(size: int, bytes_max: int = FILE_BYTES_MAX) -> None:
    """Raises RaygError for a size over the limit."""
    if size > bytes_max:
        raise RaygError(f"larger than {megabytes(bytes_max)}, which no publisher's file is: take it in parts")
