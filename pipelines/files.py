"""How files are written, compared, guarded and removed, so that nothing is lost by it: standard library only.

What a file holds belongs to the room that writes it. Two rules live here and nowhere else. A file that a later run
trusts is written whole and reaches the disk before anything relies on it. A folder is removed only by its name in the
folder that was meant.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pipelines.errors import RaygError

FULL = (errno.ENOSPC, errno.EDQUOT)
OWNER, GROUP = 0o700, 0o070
_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY


def disk_is_full(root: Path, again: str, stands: str) -> str:
    """The one sentence on a full disk. `again`: what to do once there is room; `stands`: what was not lost."""
    return f"The disk is full: make room under {root} and {again}; {stands} stands."


def write_whole(path: Path, write: Callable[[Path], object], *, lasts: bool = True) -> None:
    """Writes a file under a passing name and renames it, so that `path` is never half-written.

    `lasts`: wait until the bytes and the name are on the disk. A cache that can be made again need not wait.
    """
    with _passing(path) as part:
        os.close(os.open(part, _NEW, 0o666))
        write(part)
        if lasts:
            sync(part)
        part.replace(path)
        if lasts:
            sync(path.parent)


def create_whole(path: Path, content: bytes) -> None:
    """Writes a new file, whole and on the disk. Raises FileExistsError where one of that name stands: bytes that are
    there are never written over.
    """
    with _passing(path) as part:
        with open(os.open(part, _NEW, 0o666), "wb") as file:  # noqa: PTH123 - a handle, not a path
            file.write(content)
        sync(part)
        try:
            path.hardlink_to(part)
        except OSError as error:
            if isinstance(error, FileExistsError) or os.path.lexists(path):
                raise FileExistsError(f"{path} exists") from error
            part.rename(path)  # a disk without links; the caller's lock keeps others away meanwhile
        sync(path.parent)


@contextlib.contextmanager
def _passing(path: Path) -> Iterator[Path]:
    """A passing name beside `path`, free at the start and again at the end, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)  # what a killed run left, or a link that leads elsewhere
        yield part
    finally:
        part.unlink(missing_ok=True)


def write_text_whole(path: Path, text: str) -> None:
    """The same for a small text: a note, a sidecar, a state in JSON."""
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def sync(path: Path) -> None:
    """Waits until a file's bytes, or the names in a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open a folder; it keeps names by itself
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """The same for every file and folder beneath a folder, and for the folder."""
    for path in _beneath(folder):
        sync(path)
    sync(folder)


def remove_child(folder: Path, name: str) -> None:
    """Removes the file, link or folder of that name directly in `folder`; nothing where there is none.

    Raises RaygError for a name that could lead anywhere else: nothing is removed then.
    """
    if name in ("", ".", "..") or Path(name).name != name or "\\" in name or "\0" in name:
        raise RaygError(f"{name!r} does not name a file in {folder}: nothing was removed.")
    path = folder / name
    if path.is_dir() and not path.is_symlink():
        if os.name == "nt":  # where a file that may not be written may not be removed either
            for file in _beneath(path):
                file.chmod(stat.S_IWRITE)
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


def sha256_of(path: Path) -> str:
    """64 hex digits over a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep_private(root: Path) -> None:
    """From here on this process writes for its user alone; in a home shared with a group, for the group too."""
    os.umask(0o007 if is_shared(root) else 0o077)


def is_shared(root: Path) -> bool:
    """Whether a home is shared with the group of its folder: the group may write there, and the folder hands its group
    on to what is made in it (`chmod g+rwxs`). This is the home's one setting, and whoever set it meant it.
    """
    wanted = GROUP | stat.S_ISGID
    return os.name != "nt" and root.is_dir() and root.stat().st_mode & wanted == wanted


def make_private(root: Path, paths: Iterable[Path]) -> int:
    """Brings the modes of `paths` and of all beneath them in line with the home in `root`: nobody but the owner may do
    anything; where the home is shared, the group may what the owner may. Returns how many were changed.

    What belongs to another user, or goes while this looks, stays as it is.
    """
    if os.name == "nt":
        return 0
    shared, changed = is_shared(root), 0
    for path in (one for top in paths if top.exists() for one in (*_beneath(top), top)):
        with contextlib.suppress(OSError):
            mode = path.stat().st_mode
            wanted = mode & OWNER
            if shared:
                wanted |= (mode & OWNER) >> 3 | (stat.S_ISGID if stat.S_ISDIR(mode) else 0)
            if wanted != stat.S_IMODE(mode):
                path.chmod(wanted)
                changed += 1
    return changed


def make_read_only(folder: Path) -> None:
    """No file beneath the folder may be written any more; who may read it may still."""
    for path in _beneath(folder):
        if not path.is_dir():
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)


def _beneath(folder: Path) -> Iterator[Path]:
    """Every file and folder beneath a folder, the innermost first; links are passed over."""
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            path = Path(parent, name)
            if not path.is_symlink():
                yield path
