"""A fault as one line and an exit code. An unforeseen one is written whole into a log, and the line names it.

Also what a person's terminal must survive: letters it does not have, and noise from libraries as they are stopped.
"""

import os
import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pipelines.errors import RaygError, StoppedError
from pipelines.files import FULL, disk_is_full
from pipelines.home import Home

BAD_INPUT, STOPPED = 1, 130


def prepare_terminal() -> None:
    """Letters that the terminal lacks are replaced. What libraries say in passing as they end is not for people."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # something else stands in for the stream
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.unraisablehook = lambda _: None


def end(code: int) -> None:
    """Ends the process. Output that cannot be written was said already, so Python need not try it again."""
    try:
        sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (it lasts as long as the process)
    sys.exit(code)


def exit_code(error: BaseException) -> int:
    return STOPPED if isinstance(error, StoppedError | KeyboardInterrupt) else BAD_INPUT


def line_on(error: BaseException, home: Home | None) -> str:
    """What is said of a fault. `home`: where the log of an unforeseen one goes, if it is known."""
    if isinstance(error, RaygError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "Stopped."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this: close other programs, or use a larger machine, and run it again."
    if isinstance(error, OSError) and error.errno in FULL and home and error.filename is not None:
        return disk_is_full(home.root, "run it again", "what was there before")
    if isinstance(error, OSError) and error.errno in FULL:  # it may be what the output goes to
        return "The disk, or what the output goes to, is full: make room and run it again."
    if isinstance(error, OSError) and error.strerror:
        what = f": {error.filename}" if error.filename is not None else ""
        return f"{error.strerror}{what}"
    log = _log(error, home)
    where = f" (the whole of it is in {log})" if log else ""
    return f"Something unforeseen went wrong: {type(error).__name__}: {error}{where}."


def _log(error: BaseException, home: Home | None) -> Path | None:
    """Writes the traceback where the home keeps its logs, else where the system keeps passing files."""
    text = "".join(traceback.format_exception(error))
    folders = ([home.logs] if home and home.root.is_dir() else []) + [Path(tempfile.gettempdir())]
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
            stamp = datetime.now().strftime("%Y-%m-%dT%H%M%S")
            with tempfile.NamedTemporaryFile(
                "w",
                encoding="utf-8",
                errors="backslashreplace",
                dir=folder,
                prefix=f"error-{stamp}-",
                suffix=".log",
                delete=False,
            ) as file:
                file.write(text)
            return Path(file.name)
    return None
