"""What has happened, as the routing core is told of it.

Every event is in the past tense, frozen, and carries only identifiers and plain numbers, so that a
journal can keep it and a replay can tell it again. Moments are not part of an event: they come beside
it (`now`, seconds since 1970-01-01 UTC).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

CallId = NewType("CallId", str)
AgentId = NewType("AgentId", int)
ProgrammeId = NewType("ProgrammeId", int)


class AwayReason(StrEnum):
    """Why a communicator takes no calls (離席理由)."""

    BREAK = "break"
    WORK = "work"
    TRAINING = "training"
    NO_ANSWER = "no_answer"
    """Set by the core itself: the telephone rang and nobody took it."""
    UNREACHABLE = "unreachable"
    """Set when the softphone is gone: its call could not be placed."""


# ---------------------------------------------------------------- the centre as it is set up


@dataclass(frozen=True, slots=True)
class ProgrammeConfigured:
    """A programme (業務) exists, or its terms changed."""

    programme: ProgrammeId
    lines: int
    """Contracted lines (契約回線数): the most calls that may talk or ring at once."""
    ring_s: float
    """How long one communicator's telephone rings before the next is tried, in seconds."""
    wrap_up_s: float | None
    """After-call work ends by itself after this many seconds; None leaves it to the communicator."""


@dataclass(frozen=True, slots=True)
class ProgrammeWithdrawn:
    """A programme takes no new calls; those in progress go on."""

    programme: ProgrammeId


@dataclass(frozen=True, slots=True)
class AgentConfigured:
    """A communicator is on the books, or the programmes it is certified for changed."""

    agent: AgentId
    programmes: frozenset[ProgrammeId]


# ---------------------------------------------------------------- what a communicator did


@dataclass(frozen=True, slots=True)
class AgentSignedIn:
    """Came to the desk; is away until ready."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class AgentBecameReady:
    """Asked for calls (受付可)."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class AgentWentAway:
    """Asked for no more calls; during a call or after-call work it takes effect when those end."""

    agent: AgentId
    reason: AwayReason


@dataclass(frozen=True, slots=True)
class AgentSignedOut:
    """Left the desk; during a call it takes effect when the call and its after-call work end."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class WrapUpFinished:
    """After-call work (後処理) of a call is done."""

    agent: AgentId
    call: CallId


# ---------------------------------------------------------------- what happened to a call


@dataclass(frozen=True, slots=True)
class CallArrived:
    """A caller rang a programme's number (着信)."""

    call: CallId
    programme: ProgrammeId
    caller: str
    """The caller's number as presented, digits only; empty when withheld (非通知)."""
    waited_s: float = 0.0
    """Seconds waited before we could be told: the caller keeps the place of his true arrival."""


@dataclass(frozen=True, slots=True)
class AgentAnswered:
    """The communicator picked up the ringing call (応答)."""

    call: CallId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class AgentDeclined:
    """The telephone did not ring or was refused."""

    call: CallId
    agent: AgentId
    reason: AwayReason = AwayReason.NO_ANSWER


@dataclass(frozen=True, slots=True)
class RingLost:
    """The ringing ended by no fault of the communicator's (found out after a restart): ring again."""

    call: CallId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class CallHeld:
    """The caller was put on hold (保留)."""

    call: CallId


@dataclass(frozen=True, slots=True)
class CallResumed:
    """The caller was taken off hold."""

    call: CallId


@dataclass(frozen=True, slots=True)
class CallerHungUp:
    """The caller is gone: before the answer an abandoned call (放棄呼), after it the end of the talk."""

    call: CallId


@dataclass(frozen=True, slots=True)
class AgentHungUp:
    """The communicator ended the talk (終話)."""

    call: CallId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class CallLost:
    """The telephone system lost the call: found out after a restart; kept for a call back."""

    call: CallId


# ---------------------------------------------------------------- what time alone has done (from `wake`)


@dataclass(frozen=True, slots=True)
class RingTimedOut:
    """Nobody picked up within the programme's ring time."""

    call: CallId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class WrapUpTimedOut:
    """The programme's limit of after-call work is over."""

    agent: AgentId
    call: CallId


Event = (
    ProgrammeConfigured
    | ProgrammeWithdrawn
    | AgentConfigured
    | AgentSignedIn
    | AgentBecameReady
    | AgentWentAway
    | AgentSignedOut
    | WrapUpFinished
    | CallArrived
    | AgentAnswered
    | AgentDeclined
    | RingLost
    | CallHeld
    | CallResumed
    | CallerHungUp
    | AgentHungUp
    | CallLost
    | RingTimedOut
    | WrapUpTimedOut
)
