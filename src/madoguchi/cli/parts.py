"""The processes that a centre on one machine consists of, in the order in which they are started."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from madoguchi.cli.main import SUPERVISOR
from madoguchi.cli.supervise import Part

DATABASE = "database"
AFTER_DATABASE = ("asterisk", "mailsink", "switchboard", "worker", "serve")
SURVIVORS = frozenset({"asterisk"})
"""They outlive a supervisor that is killed, so that nobody's call ends; the next `up` takes them over."""


def part(command: str, *, demo: bool) -> Part:
    """Return the process of one of our own commands."""
    environment = {"PYTHONUNBUFFERED": "1"}
    if demo:
        environment["MADOGUCHI_DEMO"] = "1"
    if command not in SURVIVORS:
        environment[SUPERVISOR] = str(os.getpid())
    return Part(command, argv(command), environment, stop_within_s=12.0)


def argv(command: str) -> tuple[str, ...]:
    """Return the command line of one of our own commands, in this same Python."""
    return (sys.executable, "-m", "madoguchi", command)


def names(*, own_database: bool, own_mail: bool) -> Sequence[str]:
    """Return the parts to run: those that are not somewhere else."""
    after = [name for name in AFTER_DATABASE if name != "mailsink" or own_mail]
    return [DATABASE, *after] if own_database else after
