"""What the routing core wants done. Imperatives; doing one twice must be harmless to whoever carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from madoguchi.acd.events import AgentId, CallId, ProgrammeId


class Guidance(StrEnum):
    """What a caller hears from the machine."""

    WAITING = "waiting"
    """Nobody is free: please wait, you will be connected in order."""


class RejectReason(StrEnum):
    """Why a call is not taken at all."""

    UNKNOWN_PROGRAMME = "unknown_programme"


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring a communicator's telephone for a call; agent, line and caller are reserved together."""

    call: CallId
    agent: AgentId
    programme: ProgrammeId
    timeout_s: float


@dataclass(frozen=True, slots=True)
class StopRinging:
    """Take the ringing away again."""

    call: CallId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class Connect:
    """Let the caller and the communicator talk."""

    call: CallId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class PlayGuidance:
    """Let the caller hear a guidance until something else is commanded."""

    call: CallId
    guidance: Guidance


@dataclass(frozen=True, slots=True)
class Hold:
    """Hold music for the caller, silence for the communicator."""

    call: CallId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class Resume:
    """Let them talk again."""

    call: CallId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the caller's side of a call."""

    call: CallId


@dataclass(frozen=True, slots=True)
class ReleaseAgent:
    """End the communicator's side of a call."""

    call: CallId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse a call before it is answered."""

    call: CallId
    reason: RejectReason


Command = Ring | StopRinging | Connect | PlayGuidance | Hold | Resume | HangUp | ReleaseAgent | Reject
