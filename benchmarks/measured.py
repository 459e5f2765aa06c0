"""What one command takes, run to its end in a process of its own. What is run is said by those who measure."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Took:
    """Wall seconds, seconds of processor (more than wall where several cores work, and the steadier figure on a busy
    machine), and the peak memory of the largest process in MiB.
    """

    seconds: float
    cpu_seconds: float
    memory_mib: float

    def line(self, name: str, floor: "Took") -> str:
        """One printed line, with the ratio to the floor."""
        return (
            f"{name:34} {self.seconds:7.1f} s {self.cpu_seconds:7.1f} s of processor {self.memory_mib:6.0f} MiB"
            f" {self.seconds / floor.seconds:6.2f} x floor ({self.cpu_seconds / floor.cpu_seconds:.2f} of processor)"
        )


def measured(command: list[str]) -> Took:
    """Runs a command; one that fails ends the benchmark."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        sys.exit(f"benchmark stopped: `{' '.join(command)}` failed; run it by hand to see why")
    return Took(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def middle(runs: Callable[[], Took], n: int = 3) -> Took:
    """The median, by wall seconds, of several runs."""
    return sorted(runs() for _ in range(n))[n // 2]
