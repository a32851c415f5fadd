"""What a killed PostgreSQL leaves behind where nobody buries the dead.

A killed process stays a zombie until its parent asks after it. In a container without an init process
nobody does, and PostgreSQL, who only asks whether the process exists, takes its own zombie for a living
server and refuses to start. Its lock files are then taken away here, but not before the last of its
children is gone: two servers on one set of files would destroy them. Linux only; elsewhere there is
always somebody who asks.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from madoguchi.config.home import SOCKET_NAME, Home
from madoguchi.kernel.errors import Trouble

PROC = Path("/proc")
PATIENCE_S = 15.0
"""A child that is busy with a statement notices within it that the server is gone."""


def is_dead(home: Home) -> bool:
    """Tell whether the server that the lock file names is a zombie."""
    pid = _pid(home)
    return pid is not None and _state(pid) == "Z"


def clear(home: Home) -> None:
    """Take away the lock files of a dead server; does nothing for one that lives or left none.

    Raises `Trouble` when its children do not end.
    """
    if not is_dead(home):
        return
    deadline = time.monotonic() + PATIENCE_S  # noqa: TID251  (waits for the operating system, not a fact of the trade)
    while children := _at_work_in(home.postgres_data):
        if time.monotonic() > deadline:  # noqa: TID251  (as above)
            raise _children_remain(children)
        time.sleep(0.05)
    (home.postgres_data / "postmaster.pid").unlink(missing_ok=True)
    (home.postgres_socket / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def _pid(home: Home) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((home.postgres_data / "postmaster.pid").read_text().split()[0])
    return None


def _state(pid: int) -> str | None:
    """Return the letter of a process's state, such as `S` or `Z` (proc(5), `stat`)."""
    with contextlib.suppress(OSError):
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    return None


def _at_work_in(data: Path) -> list[int]:
    """Return the living processes whose working folder is the cluster's: PostgreSQL's children, and only they."""
    found = []
    for process in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").samefile(data):
                found.append(int(process.name))
    return found


def _children_remain(children: list[int]) -> Trouble:
    pids = ", ".join(map(str, children))
    return Trouble(
        "postgres_children_remain",
        ja=f"前回の PostgreSQL のプロセス({pids})が終わっていません。終了を待つか、止めてからやり直してください。",
        en=f"Processes of the last PostgreSQL ({pids}) have not ended. Wait for them or end them, then start again.",
    )
