"""What a command costs: seconds on the clock, seconds of all cores together, and memory at its peak."""

from __future__ import annotations

import os
import subprocess
import time
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


class Cost(NamedTuple):
    """Seconds on the clock, CPU seconds, and the most memory that one of its processes held, in MB."""

    wall: float
    cpu: float
    peak: float


def measured(
    command: Sequence[str | Path],
    place: Path,
    env: Mapping[str, str] | None = None,
    *,
    fine: Sequence[int] = (0,),
) -> Cost:
    """What a command costs, with the processes that it starts and waits for. Ends us where it fails."""
    start = time.perf_counter()
    with (place / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=said, cwd=place, env={**os.environ, **(env or {})}
        )
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in fine:
        raise SystemExit(f"{command[0]} ended with {process.returncode}: {(place / 'said.txt').read_text()}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def middle(costs: Iterable[Cost]) -> Cost:
    """The medians of several."""
    wall, cpu, peak = zip(*costs, strict=True)
    return Cost(median(wall), median(cpu), median(peak))
