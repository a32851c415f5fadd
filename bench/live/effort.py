"""What processes have cost: their seconds on a processor, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def spent_s(pid: int) -> float:
    """Return the processor seconds of a process so far, its living children's included."""
    return sum(_own_s(one) for one in (pid, *_children(pid)))


def busy_s() -> float:
    """Return the seconds that all processors have worked so far, for whomever."""
    user, nice, system, _idle, _wait, *rest = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return sum(int(word) for word in (user, nice, system, *rest[:3])) / TICKS


def own_s() -> float:
    """Return the seconds of this process and of those it has started that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _own_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
