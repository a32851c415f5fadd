"""Watching over a process that is not our child: until it ends, or until we are asked to stop."""

from __future__ import annotations

import ctypes
import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): processes that our descendants leave behind become our children."""


def adopt_orphans() -> None:
    """Become the parent of what our children leave running, so that we learn of its end, wherever we run."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


class Stop:
    """Whether SIGTERM or SIGINT has come; readable as a file, so that it can be waited for."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.asked = False

    def ask(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Ask to stop (a signal handler)."""
        self.asked = True
        os.write(self._write, b".")

    def fileno(self) -> int:
        """Return what becomes readable when stopping is asked for."""
        return self._read

    def close(self) -> None:
        """Close both ends."""
        os.close(self._read)
        os.close(self._write)


@contextmanager
def until_asked() -> Iterator[Stop]:
    """Let SIGTERM and SIGINT ask instead of kill, within the block."""
    stop = Stop()
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        stop.close()


def wait_for_end(pid: int, stop: Stop, *, timeout_s: float | None = None) -> None:
    """Return when the process has ended, stopping is asked for, or the time is over."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        select.select([process, stop.fileno()], [], [], timeout_s)
    finally:
        os.close(process)


def pid_in(file: Path) -> int | None:
    """Return the process id on the first line of a pid file; None where there is no such file or process."""
    try:
        pid = int(file.read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid
