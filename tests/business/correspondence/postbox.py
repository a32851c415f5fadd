"""A mail server for tests that behaves as told, connection by connection: a real one, on a free port."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from enum import Enum, auto
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from madoguchi.business.correspondence.courier import MailServer


class Manner(Enum):
    """What a connection does."""

    ACCEPT = auto()
    REFUSE_RECIPIENT = auto()
    DEFER_RECIPIENT = auto()
    REFUSE_MESSAGE = auto()
    DEFER_MESSAGE = auto()
    DROP_AT_BANNER = auto()
    DROP_AT_DATA = auto()
    DROP_IN_BODY = auto()
    KEEP_THEN_DROP = auto()
    """Take the message, and cut the line instead of saying so."""
    DROP_AT_DOT = auto()
    """Cut the line at the dot and forget the message."""
    MUTE_BANNER = auto()
    MUTE_DATA = auto()
    MUTE_DOT = auto()
    """Take the message, and say so only when released."""


class Postbox:
    """Runs in a thread of its own; `letters` holds what it has taken."""

    def __init__(self, manner: Manner | Callable[[int], Manner] = Manner.ACCEPT) -> None:
        self.manner = manner
        self.letters: list[bytes] = []
        self.connections = 0
        self.reached = threading.Event()
        """Set when a mute connection has come to the point where it is mute."""
        self._released = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self.port = 0

    def __enter__(self) -> Postbox:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._released.set)
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    @property
    def server(self) -> MailServer:
        return MailServer(host="127.0.0.1", port=self.port, timeout_s=5)

    def release(self) -> None:
        self._loop.call_soon_threadsafe(self._released.set)

    def next_manner(self) -> Manner:
        number, self.connections = self.connections, self.connections + 1
        return self.manner if isinstance(self.manner, Manner) else self.manner(number)

    async def pause(self) -> None:
        self.reached.set()
        await self._released.wait()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self) -> None:
        server = await self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self._stop.wait()


class _Connection(SMTP):
    def __init__(self, box: Postbox) -> None:
        self._box = box
        self._manner = box.next_manner()
        super().__init__(_Handler(box, self._manner), loop=box._loop, hostname="postbox.test")

    def connection_made(self, transport: Any) -> None:
        if self._manner is Manner.DROP_AT_BANNER:
            transport.abort()
        elif self._manner is Manner.MUTE_BANNER:
            self._box.reached.set()
        else:
            super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._manner not in (Manner.DROP_AT_BANNER, Manner.MUTE_BANNER):
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self._manner is not Manner.MUTE_BANNER:
            super().data_received(data)

    async def smtp_DATA(self, arg: str) -> None:
        if self._manner is Manner.DROP_AT_DATA:
            self.transport.abort()
            return
        if self._manner is Manner.DROP_IN_BODY:
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        if self._manner is Manner.MUTE_DATA:
            await self._box.pause()
        await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, box: Postbox, manner: Manner) -> None:
        self._box = box
        self._manner = manner

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._manner is Manner.REFUSE_RECIPIENT:
            return "550 5.1.1 no such mailbox"
        if self._manner is Manner.DEFER_RECIPIENT:
            return "450 4.2.0 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._manner is Manner.REFUSE_MESSAGE:
            return "554 5.7.1 encrypted attachments are not accepted"
        if self._manner is Manner.DEFER_MESSAGE:
            return "451 4.3.0 try again"
        assert server.transport is not None
        if self._manner is Manner.DROP_AT_DOT:
            server.transport.abort()
            return "250 never heard"
        self._box.letters.append(envelope.original_content or b"")
        if self._manner is Manner.KEEP_THEN_DROP:
            server.transport.abort()
        if self._manner is Manner.MUTE_DOT:
            await self._box.pause()
        return f"250 2.0.0 kept as {len(self._box.letters)}"
