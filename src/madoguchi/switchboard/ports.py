"""What the switchboard needs of the house above it. `business.calls.exchange` serves it; tests use twins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from madoguchi.acd.commands import Command
from madoguchi.acd.events import (
    AgentConfigured,
    AgentId,
    AwayReason,
    CallId,
    Event,
    ProgrammeConfigured,
    ProgrammeId,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One telephone number (DNIS) and the programme that answers it."""

    number: str
    """Digits as dialled within Japan, such as `0120000123`."""
    programme: ProgrammeId
    record: bool
    """Whether the calls of its programme are recorded (requirement Y3)."""


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre as the books have it now."""

    programmes: tuple[ProgrammeConfigured, ...]
    agents: tuple[AgentConfigured, ...]
    lines: tuple[Line, ...]


class DeskVerb(StrEnum):
    """What a desk can ask of the switchboard."""

    SIGN_IN = "sign_in"
    READY = "ready"
    AWAY = "away"
    SIGN_OUT = "sign_out"
    HOLD = "hold"
    RESUME = "resume"
    HANG_UP = "hang_up"
    FINISH_WRAP_UP = "finish_wrap_up"


@dataclass(frozen=True, slots=True)
class DeskRequest:
    """One wish of one communicator, kept in the database until it has been dealt with."""

    id: int
    agent: AgentId
    verb: DeskVerb
    call: CallId | None
    """The call the communicator saw when asking: a request about a call that is over is refused."""
    reason: AwayReason | None


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """What became of a request; `refusal` is None when it was carried out, else a stable code."""

    request: int
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: what happened, when, and what was decided."""

    at: float
    event: Event
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class AgentSeen:
    """A communicator's state after a batch, for desks and the floor."""

    agent: AgentId
    state: str
    """A value of `acd.transitions.AgentState`."""
    since: float
    call: CallId | None
    programme: ProgrammeId | None
    reason: str | None
    """A value of `AwayReason` while away."""


@dataclass(frozen=True, slots=True)
class QueueSeen:
    """The callers who wait for a programme after a batch."""

    programme: ProgrammeId
    waiting: int
    oldest_arrived_at: float | None


@dataclass(frozen=True, slots=True)
class CallDetail:
    """What the telephone side alone knows of an arriving call."""

    call: CallId
    dnis: str


@dataclass(frozen=True, slots=True)
class Batch:
    """All that one turn of the loop has to put down, in one transaction."""

    entries: tuple[Entry, ...]
    details: tuple[CallDetail, ...] = ()
    agents: tuple[AgentSeen, ...] = ()
    queues: tuple[QueueSeen, ...] = ()
    answers: tuple[DeskAnswer, ...] = ()
    snapshot: Mapping[str, Any] | None = None
    """The core's snapshot after the last entry, now and then: replay starts at the newest."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a restarted switchboard finds: the newest snapshot and the entries written after it."""

    snapshot: Mapping[str, Any] | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RecordingKept:
    """A finished recording of a call: two files, one per voice, in the recordings folder."""

    call: CallId
    caller_file: str
    agent_file: str


class CentreChanged:
    """The books changed: read the centre again."""


HandedOver = Callable[[], None]
"""What the books call when a batch is safe from our own end, though not yet confirmed."""


class Books(Protocol):
    """The books, as the switchboard uses them. Every method may raise `kernel.errors.Trouble`."""

    async def take_the_line(self) -> None:
        """Wait until no other switchboard is in charge (advisory lock), then be in charge."""

    async def centre(self) -> Centre:
        """Read programmes, communicators with their valid certificates, and numbers."""

    async def remembered(self) -> Memory:
        """Read the journal back after a restart."""

    async def write(self, batch: Batch, handed_over: HandedOver = ...) -> None:
        """Put a batch down in one transaction: journal, call rows, presence, answers; wake the desks.

        Return when it is committed; call `handed_over` as soon as it will be, even if we are killed.
        """

    def news(self) -> AsyncIterator[DeskRequest | CentreChanged]:
        """Yield open desk requests in order, and word of changed books, for ever."""

    async def recording_kept(self, recording: RecordingKept) -> None:
        """Note a finished recording on its call."""
