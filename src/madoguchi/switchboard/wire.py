"""What the switchboard knows of the wire beyond what the router knows: legs, answers, guidance, recordings."""

from __future__ import annotations

from dataclasses import dataclass, field

from madoguchi.acd.events import CallId
from madoguchi.switchboard.names import Leg, Side


@dataclass(slots=True)
class WiredCall:
    """One caller on the wire; his channel's id is the call's id."""

    id: CallId
    dnis: str
    record: bool
    answered: bool = False
    leg: Leg | None = None
    leg_answered: bool = False
    playback: str | None = None
    """The guidance that is being spoken; music follows it."""
    kept: set[Side] = field(default_factory=set)
    """Sides whose recording is complete."""


@dataclass(slots=True)
class Wire:
    """All callers on the wire."""

    calls: dict[CallId, WiredCall] = field(default_factory=dict)
    over: dict[CallId, WiredCall] = field(default_factory=dict)
    """Calls that are over, until their recordings are complete."""

    def leg_is_current(self, leg: Leg) -> bool:
        """Whether a leg is the one its call rings or talks on now: news of an earlier one is old."""
        call = self.calls.get(leg.call)
        return call is not None and call.leg == leg

    def forget(self, call: CallId) -> None:
        """Take a caller off the wire."""
        gone = self.calls.pop(call, None)
        if gone is not None and gone.record and gone.leg_answered:
            self.over[call] = gone
