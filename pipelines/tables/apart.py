"""Readers that can end the process they run in (Rust, C++), each run in a process of its own, within limits.

A workbook of 6 kB can ask for 500 GB, and the library that reads it then aborts. What is lost is one file.
The other process is this module again, run as a command.
"""

import gc
import marshal
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipelines.errors import RaygError
from pipelines.tables.limits import CHILD_BYTES_MAX, CHILD_SECONDS_MAX, FILE_BYTES_MAX, megabytes

WORKBOOK, PARQUET = "workbook", "parquet"
OUT_OF_MEMORY = 3
_PACKAGE = Path(__file__).resolve().parents[2]  # the folder that holds `pipelines`


def read_apart(
    kind: str,
    content: bytes,
    sheet: str = "",
    *,
    bytes_max: int = CHILD_BYTES_MAX,
    seconds_max: int = CHILD_SECONDS_MAX,
) -> list[tuple[int, list[str]]]:
    """The lines of a workbook's sheet or of a Parquet file. Raises RaygError where they cannot be had."""
    command = [sys.executable, "-m", "pipelines.tables.apart", kind, sheet, str(bytes_max), str(seconds_max)]
    search = os.pathsep.join(filter(None, [str(_PACKAGE), os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=seconds_max,
            env={**os.environ, "PYTHONPATH": search, "ARROW_DEFAULT_MEMORY_POOL": "system"},
        )
    except subprocess.TimeoutExpired as error:
        raise RaygError(f"it cannot be read within {seconds_max} seconds: save what is needed as csv") from error
    if done.returncode == 0:
        fault: str
        lines: list[tuple[int, list[str]]]
        fault, lines = marshal.loads(done.stdout)  # written by this module
        if fault:
            raise RaygError(fault)
        return lines
    if done.returncode == OUT_OF_MEMORY or b"memory allocation" in done.stderr:
        raise RaygError(f"it cannot be read within {megabytes(bytes_max)} of memory: save what is needed as csv")
    raise RaygError(f"the {kind} is damaged, its reader stopped at it: download it again")


def _answer(kind: str, sheet: str, content: bytes) -> tuple[str, list[Any]]:
    """A fault in one line and no lines, or lines and no fault."""
    try:
        if kind == WORKBOOK:
            from pipelines.tables.workbook import read_sheet

            lines = read_sheet(content, sheet)
        else:
            from pipelines.tables.parquet import read_parquet

            lines = read_parquet(content)
        if sum(len(cell) for _, cells in lines for cell in cells) > FILE_BYTES_MAX:
            raise RaygError(f"its text is over {megabytes(FILE_BYTES_MAX)}: take it in parts")
    except RaygError as fault:
        return str(fault), []
    return "", lines


def _limit(bytes_max: int, seconds_max: int) -> None:
    """Holds this process to the limits. Windows knows none; the extents that the readers judge first hold there too."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        least = bytes_max if most == resource.RLIM_INFINITY else min(bytes_max, most)
        resource.setrlimit(resource.RLIMIT_AS, (least, most))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds_max, seconds_max + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main(kind: str, sheet: str, bytes_max: str, seconds_max: str) -> int:
    gc.disable()  # millions of small strings, all of which go with the process
    content = sys.stdin.buffer.read()
    _limit(int(bytes_max), int(seconds_max))
    try:
        sys.stdout.buffer.write(marshal.dumps(_answer(kind, sheet, content)))
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
