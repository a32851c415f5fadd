"""What must happen when nothing else does: timers that are forgotten rather than cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from madoguchi.acd.events import AgentId, RingTimedOut, WrapUpTimedOut

Alarm = RingTimedOut | WrapUpTimedOut

Meant = Callable[[AgentId], int]
"""Gives the serial of the one timer of a communicator that is still meant."""


@dataclass(slots=True)
class Timers:
    """Alarms in the order of their moments; equal moments in the order they were set.

    A communicator has one timer at most, known by its serial; whoever changes state clears it, and the
    alarm left behind is passed over when its moment comes.
    """

    pending: list[tuple[float, int, Alarm]] = field(default_factory=list)

    def set(self, at: float, serial: int, alarm: Alarm) -> None:
        """Let an alarm go off at a moment."""
        heappush(self.pending, (at, serial, alarm))

    def first(self, meant: Meant) -> float | None:
        """Return the moment of the next alarm that is still meant."""
        while self.pending and meant(self.pending[0][2].agent) != self.pending[0][1]:
            heappop(self.pending)
        return self.pending[0][0] if self.pending else None

    def due(self, now: float, meant: Meant) -> list[Alarm]:
        """Take out the alarms whose moment has come."""
        alarms: list[Alarm] = []
        while (at := self.first(meant)) is not None and at <= now:
            alarms.append(heappop(self.pending)[2])
        return alarms
