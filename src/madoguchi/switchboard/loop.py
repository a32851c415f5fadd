"""The switchboard's loop: the router on the wall clock, between Asterisk, the books and the desks.

One turn: take all that has come in, tell the router, hand the journal over in one transaction, then
carry the commands out. While a batch is being written, the next one's news gathers: under load commits
group themselves.

Nothing is lost when this process is killed. Before the hand-over nobody has been told anything: Asterisk
still has the caller, and `recovery` finds him. After it the journal knows, and `recovery` does again what
was not carried out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import structlog

from madoguchi.acd import events as ev
from madoguchi.acd.router import Router
from madoguchi.acd.snapshot import UnknownSnapshot, restore, snapshot
from madoguchi.kernel.errors import Trouble
from madoguchi.switchboard import names, recovery
from madoguchi.switchboard.centre import changes
from madoguchi.switchboard.ports import (
    Books,
    CentreChanged,
    DeskAnswer,
    DeskRequest,
    Memory,
    RecordingKept,
)
from madoguchi.switchboard.scene import look_around
from madoguchi.switchboard.translate import Heard, Translator
from madoguchi.switchboard.turn import Turn
from madoguchi.switchboard.wishes import NotPossible, events_of
from madoguchi.switchboard.writing import Writing
from madoguchi.telephony.ari.client import Ari, Connected, Disconnected, Notice
from madoguchi.telephony.ari.lanes import Reply
from madoguchi.telephony.ari.requests import Request

log = structlog.get_logger()

ALREADY_THERE = 409
"""Asterisk's answer to a creation that was already done."""
SNAPSHOT_EVERY = 5_000
"""Journal entries between two snapshots: the most that a restart has to replay."""
RETRY_S = 1.0


@dataclass(frozen=True, slots=True)
class RingRefused:
    """Asterisk would not call a communicator's telephone (mostly: no softphone is registered)."""

    leg: names.Leg


News = Notice | DeskRequest | CentreChanged | RingRefused | RecordingKept


class Switchboard:
    """One Asterisk's switchboard. `run` never returns; cancel it to stop."""

    def __init__(
        self, *, ari: Ari, books: Books, translator: Translator, clock: Callable[[], float] = time.time
    ) -> None:
        self._ari = ari
        self._books = books
        self._writing = Writing(books)
        self._translator = translator
        self._clock = clock
        self._router = Router()
        self._now = 0.0
        self._inbox: asyncio.Queue[News] = asyncio.Queue()
        self._connected = False
        self._since_snapshot = 0
        self._granted: set[int] = set()

    async def run(self) -> None:
        """Remember, and route calls for ever. Be in charge first (`Books.take_the_line`).

        Raises:
            Trouble: the books could not be read at the start.
        """
        self._remember(await self._books.remembered())
        self._inbox.put_nowait(CentreChanged())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._gather_from_asterisk(), name="from-asterisk")
            tasks.create_task(self._gather_from_books(), name="from-books")
            tasks.create_task(self._turns(), name="turns")

    # ------------------------------------------------------------ what comes in

    async def _gather_from_asterisk(self) -> None:
        async for notice in self._ari.events():
            self._inbox.put_nowait(notice)

    async def _gather_from_books(self) -> None:
        while True:
            try:
                async for news in self._books.news():
                    self._inbox.put_nowait(news)
            except Trouble as trouble:
                log.warning("books_silent", reason=trouble.en)
            await asyncio.sleep(RETRY_S)

    async def _turns(self) -> None:
        while True:
            await self._take_turn(await self._next_news())

    async def _next_news(self) -> list[News]:
        """Wait for news or for the router's next moment; take all that is there."""
        wake_at = self._router.wake_at() if self._connected else None
        pause = None if wake_at is None else max(0.0, wake_at - self._clock())
        try:
            async with asyncio.timeout(pause):
                first = await self._inbox.get()
        except TimeoutError:
            return []
        return [first, *(self._inbox.get_nowait() for _ in range(self._inbox.qsize()))]

    def _later(self, news: News) -> None:
        asyncio.get_running_loop().call_later(RETRY_S, self._inbox.put_nowait, news)

    # ------------------------------------------------------------ one turn

    async def _take_turn(self, news: Iterable[News]) -> None:
        turn = Turn(now=self._tick())
        for item in news:
            await self._take_in(turn, item)
        if self._connected:
            self._tell(turn, self._router.wake(turn.now))
        await self._put_down(turn)
        self._carry_out(turn.requests)
        for recording in turn.recordings:
            await self._keep(recording)

    async def _take_in(self, turn: Turn, item: News) -> None:
        match item:
            case CentreChanged():
                await self._take_over_centre(turn)
            case DeskRequest():
                self._grant(turn, item)
            case RingRefused(leg=leg):
                self._take_heard(turn, self._translator.ring_refused(leg))
            case RecordingKept():
                turn.recordings.append(item)
            case Connected():
                await self._recover(turn)
            case Disconnected(reason=reason):
                self._connected = False
                log.warning("asterisk_away", reason=reason)
            case _ if self._connected:
                self._take_heard(turn, self._translator.hear(item, turn.now))

    def _take_heard(self, turn: Turn, heard: Heard) -> None:
        turn.requests += heard.requests
        turn.details += heard.details
        turn.recordings += heard.recordings
        self._tell(turn, heard.events)

    def _tell(self, turn: Turn, events: Iterable[ev.Event]) -> None:
        """Let the router handle events, and turn its commands into requests."""
        for event in events:
            commands = self._router.handle(event, turn.now)
            turn.note(event, commands)
            for command in commands:
                turn.requests += self._translator.ask(command, turn.now)
            call = getattr(event, "call", None)
            if call is not None and call not in self._router.floor.calls:
                turn.requests += self._translator.clear_up(call)

    def _grant(self, turn: Turn, request: DeskRequest) -> None:
        if request.id in self._granted:
            return
        self._granted.add(request.id)
        refusal = None
        try:
            self._tell(turn, events_of(request, self._router))
        except NotPossible as reason:
            refusal = reason.code
        turn.answers.append(DeskAnswer(request.id, refusal))

    async def _take_over_centre(self, turn: Turn) -> None:
        try:
            centre = await self._books.centre()
        except Trouble as trouble:
            log.warning("centre_unreadable", reason=trouble.en)
            self._later(CentreChanged())
            return
        self._translator.know_lines(centre.lines)
        self._tell(turn, changes(self._router, centre))

    # ------------------------------------------------------------ put down, carry out

    async def _put_down(self, turn: Turn) -> None:
        batch = turn.batch(self._router)
        if not (batch.entries or batch.answers or batch.agents):
            return
        self._since_snapshot += len(batch.entries)
        if self._since_snapshot >= SNAPSHOT_EVERY:
            batch = replace(batch, snapshot=snapshot(self._router))
            self._since_snapshot = 0
        await self._writing.put_down(batch)

    def _carry_out(self, requests: Iterable[Request]) -> None:
        for request in requests:
            name = names.named_in(request.path)
            reply = self._ari.submit(request, names.call_of(name))
            leg = names.leg_of(name)
            if leg is not None and request.method == "POST":
                reply.add_done_callback(partial(self._after_ring, leg))

    def _after_ring(self, leg: names.Leg, reply: asyncio.Future[Reply]) -> None:
        status = reply.result().status
        if status >= 400 and status != ALREADY_THERE:
            self._inbox.put_nowait(RingRefused(leg))

    async def _keep(self, recording: RecordingKept) -> None:
        try:
            await self._books.recording_kept(recording)
        except Trouble as trouble:
            log.warning("recording_not_noted", reason=trouble.en)
            self._later(recording)

    # ------------------------------------------------------------ remember, recover

    def _remember(self, memory: Memory) -> None:
        """Rebuild the router from the journal."""
        if memory.snapshot is not None:
            try:
                self._router = restore(memory.snapshot)
            except UnknownSnapshot as unknown:
                log.error("snapshot_unreadable", reason=str(unknown))
        for entry in memory.entries:
            self._router.handle(entry.event, entry.at)
            self._now = entry.at
        log.info("journal_replayed", entries=len(memory.entries), calls=len(self._router.floor.calls))

    async def _recover(self, turn: Turn) -> None:
        scene = await look_around(self._ari, self._translator.app)
        if scene is None:
            return
        self._connected = True
        findings = recovery.compare(self._router, self._translator, scene, turn.now)
        self._take_heard(turn, findings.heard)
        for command in findings.again:
            turn.requests += self._translator.ask(command, turn.now)
        log.info("asterisk_here", calls=len(self._router.floor.calls), found=len(findings.heard.events))

    def _tick(self) -> float:
        """Read the clock; the router's time never goes back."""
        self._now = max(self._now, self._clock())
        return self._now
