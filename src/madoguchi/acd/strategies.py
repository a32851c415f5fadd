"""How callers of different programmes are weighed against each other: plain functions, one signature.

A strategy says how many seconds of waiting a programme's callers are given ahead of their real waiting
time. Within a programme the order is always first come, first served (requirement S2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from madoguchi.acd.events import ProgrammeId


class Weighed(Protocol):
    """What a strategy may look at."""

    @property
    def id(self) -> ProgrammeId: ...


Strategy = Callable[[Weighed], float]


def longest_waiting(programme: Weighed) -> float:
    """Serve whoever has waited longest, whatever the programme."""
    return 0.0
