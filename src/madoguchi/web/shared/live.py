"""One listening database connection per process, heard by every open page.

PostgreSQL is the message bus: whoever changes something says so on a channel (`NOTIFY`), and pages that
stay open (server-sent events) read anew. A connection per page would cost a database process each, so
one connection listens for all of them; it begins with the first page and ends with the last.

Word can be missed while the connection is down. After it comes back every ear is woken once, and reads.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import structlog
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

DESK = "madoguchi_desk"

HEARTBEAT_S = 5.0
"""How often the connection is proved alive when nobody says anything."""

RETRY_S = 1.0

log = structlog.get_logger(__name__)


class Ear:
    """One page's wish to know: wakes when one of its words is said. Words said in between are one wake-up."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words
        self._woken = asyncio.Event()

    async def news(self, *, patience_s: float) -> bool:
        """Wait for a word and return True, or False when there was none for `patience_s` seconds."""
        try:
            async with asyncio.timeout(patience_s):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    def hear(self, word: str) -> None:
        if word in self._words:
            self._woken.set()

    def wake(self) -> None:
        self._woken.set()


class Listener:
    """Listens on one channel for all ears of one event loop."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._ears: set[Ear] = set()
        self._task: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def ear(self, *words: str) -> AsyncIterator[Ear]:
        """Listen for these payloads for as long as the block runs."""
        ear = Ear(frozenset(words))
        self._ears.add(ear)
        if self._task is None:
            self._task = asyncio.create_task(self._listen(), name=f"listen {self._channel}")
        try:
            yield ear
        finally:
            self._ears.discard(ear)
            if not self._ears:
                await self._end()

    async def _end(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _listen(self) -> None:
        """Stay connected for ever: a lost connection is said once, and tried again every second."""
        said = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
                    said = False
                    for ear in self._ears:
                        ear.wake()
                    await self._pass_on(connection)
            except (psycopg.Error, OSError) as error:
                if not said:
                    log.warning("listening_lost", channel=self._channel, reason=type(error).__name__)
                    said = True
            await asyncio.sleep(RETRY_S)

    async def _pass_on(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            async for notice in connection.notifies(timeout=HEARTBEAT_S):
                for ear in self._ears:
                    ear.hear(notice.payload)
            await connection.execute("SELECT 1")


_listeners: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Listener]] = WeakKeyDictionary()


def listener(channel: str) -> Listener:
    """Return this process's listener on a channel (one per event loop)."""
    of_loop = _listeners.setdefault(asyncio.get_running_loop(), {})
    return of_loop.setdefault(channel, Listener(channel))


def conninfo() -> str:
    """Return the connection string of Django's default database, a test's own database included."""
    settings = connections["default"].settings_dict
    options: dict[str, Any] = {
        name: value for name, value in settings["OPTIONS"].items() if isinstance(value, str | int)
    }
    return make_conninfo(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        **options,
    )
