"""An in-memory twin of the books: what `business.calls.exchange` does, without PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from madoguchi.acd import events as ev
from madoguchi.switchboard.ports import (
    AgentSeen,
    Batch,
    Centre,
    CentreChanged,
    DeskAnswer,
    DeskRequest,
    DeskVerb,
    HandedOver,
    Memory,
    RecordingKept,
)


@dataclass
class MemoryBooks:
    """Books that forget nothing while the test lasts, whatever becomes of the switchboard."""

    present: Centre
    batches: list[Batch] = field(default_factory=list)
    recordings: list[RecordingKept] = field(default_factory=list)
    desks: asyncio.Queue[DeskRequest | CentreChanged] = field(default_factory=asyncio.Queue)
    asked: int = 0

    async def take_the_line(self) -> None:
        pass

    async def centre(self) -> Centre:
        return self.present

    async def remembered(self) -> Memory:
        newest = max((n for n, b in enumerate(self.batches) if b.snapshot is not None), default=None)
        since = self.batches if newest is None else self.batches[newest + 1 :]
        return Memory(
            None if newest is None else self.batches[newest].snapshot,
            tuple(entry for batch in since for entry in batch.entries),
        )

    async def write(self, batch: Batch, handed_over: HandedOver = lambda: None) -> None:
        self.batches.append(batch)
        handed_over()

    async def news(self) -> AsyncIterator[DeskRequest | CentreChanged]:
        while True:
            yield await self.desks.get()

    async def recording_kept(self, recording: RecordingKept) -> None:
        self.recordings.append(recording)

    # ------------------------------------------------------------ for the test

    def ask(self, agent: ev.AgentId, verb: DeskVerb, call: ev.CallId | None = None) -> int:
        self.asked += 1
        self.desks.put_nowait(DeskRequest(self.asked, agent, verb, call, None))
        return self.asked

    @property
    def events(self) -> list[ev.Event]:
        return [entry.event for batch in self.batches for entry in batch.entries]

    @property
    def answers(self) -> dict[int, DeskAnswer]:
        return {answer.request: answer for batch in self.batches for answer in batch.answers}

    def seen(self, agent: ev.AgentId) -> AgentSeen | None:
        return {seen.agent: seen for batch in self.batches for seen in batch.agents}.get(agent)

    def told(self, kind: type) -> list[ev.Event]:
        return [event for event in self.events if isinstance(event, kind)]
