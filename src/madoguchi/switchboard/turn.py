"""What one turn of the loop has gathered: for the books, and for Asterisk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from madoguchi.acd.commands import Command
from madoguchi.acd.events import AgentId, Event, ProgrammeId
from madoguchi.acd.router import Router
from madoguchi.switchboard.ports import (
    AgentSeen,
    Batch,
    CallDetail,
    DeskAnswer,
    Entry,
    QueueSeen,
    RecordingKept,
)
from madoguchi.telephony.ari.requests import Request


@dataclass(slots=True)
class Turn:
    """One turn, at one moment."""

    now: float
    entries: list[Entry] = field(default_factory=list)
    details: list[CallDetail] = field(default_factory=list)
    answers: list[DeskAnswer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    recordings: list[RecordingKept] = field(default_factory=list)

    def note(self, event: Event, commands: Sequence[Command]) -> None:
        """Add a line to the journal."""
        self.entries.append(Entry(self.now, event, tuple(commands)))

    def batch(self, router: Router) -> Batch:
        """Return what the books are to put down, with the state of all that this turn has touched."""
        touched = router.take_touched()
        return Batch(
            entries=tuple(self.entries),
            details=tuple(self.details),
            answers=tuple(self.answers),
            agents=tuple(_agent_seen(router, agent) for agent in sorted(touched.agents)),
            queues=tuple(_queue_seen(router, programme) for programme in sorted(touched.programmes)),
        )


def _agent_seen(router: Router, agent_id: AgentId) -> AgentSeen:
    agent = router.floor.agents[agent_id]
    return AgentSeen(agent.id, agent.state, agent.since, agent.call, agent.programme, agent.reason)


def _queue_seen(router: Router, programme: ProgrammeId) -> QueueSeen:
    waiting = router.floor.waiting
    first = waiting.first(programme)
    return QueueSeen(programme, waiting.count(programme), first[0][0] if first else None)
