"""The switchboard's side of the books: `switchboard.ports.Books` over psycopg, without the ORM.

Two connections. The first holds the advisory lock that makes a switchboard the one in charge, and writes:
so nobody can write who is not in charge, and whoever loses the connection has lost the charge with it
and must take it anew before the next word. The second only listens.

Whatever PostgreSQL does (restart, full disk, cable pulled), the caller hears a `Trouble` and tries again;
the connection is made afresh. A batch whose commit was not confirmed is looked for before it is written
again, so it is in the journal once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import structlog
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb

from madoguchi.acd.events import (
    AgentConfigured,
    AgentId,
    CallArrived,
    CallId,
    ProgrammeConfigured,
    ProgrammeId,
)
from madoguchi.business.calls import journal
from madoguchi.business.calls.codec import decoded_command, decoded_event
from madoguchi.business.calls.news import changes_of_the_books
from madoguchi.business.calls.projection import CallRow, Projected, concerned, project
from madoguchi.business.calls.putting_down import PUT_DOWN, document
from madoguchi.business.calls.queries import SWITCHBOARD_LOCK
from madoguchi.business.staff.queries import VALID_CERTIFICATES
from madoguchi.kernel.errors import Trouble
from madoguchi.switchboard.ports import (
    Batch,
    Centre,
    CentreChanged,
    DeskRequest,
    Entry,
    HandedOver,
    Line,
    Memory,
    RecordingKept,
)

Connection = psycopg.AsyncConnection[tuple[Any, ...]]

log = structlog.get_logger()

NAME = "madoguchi-switchboard"
"""How its connections are called in `pg_stat_activity`."""

SENT_AT_ONCE = 64 * 1024
"""Characters of a document that a socket takes without waiting, with room to spare."""

POLL_S = 5.0
"""How often the books are looked at even when nobody has said anything."""


class Exchange:
    """One switchboard's books. `url` is the app role's connection string (libpq)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._desk: Connection | None = None
        self._one_at_a_time = asyncio.Lock()
        self._in_charge = False
        self._rows: dict[CallId, CallRow] = {}
        self._clients: dict[int, int] = {}
        self._doubtful: tuple[Batch, UUID] | None = None
        self._is_prepared = False

    async def close(self) -> None:
        """Give up the charge and the connection."""
        self._in_charge = False
        await self._hang_up()

    # ------------------------------------------------------------ in charge

    async def take_the_line(self) -> None:
        """Wait until no other switchboard is in charge, then be in charge.

        A standby waits inside PostgreSQL, so it takes over the moment the other's connection ends.
        """
        async with self._connection(charge=False) as connection:
            await connection.execute("SELECT pg_advisory_lock(%s)", [SWITCHBOARD_LOCK])
            self._in_charge = True

    async def _take_again(self, connection: Connection) -> None:
        """Take the charge back after a lost connection, unless a standby was quicker."""
        taken = await (
            await connection.execute("SELECT pg_try_advisory_lock(%s)", [SWITCHBOARD_LOCK])
        ).fetchone()
        if not taken or not taken[0]:
            raise Trouble(
                "another_in_charge",
                ja="別の交換台が稼働しています。この交換台を止めるか、もう一方を止めてください。",
                en="Another switchboard is in charge. Stop this one, or stop the other.",
            )

    # ------------------------------------------------------------ reading

    async def centre(self) -> Centre:
        """Read programmes, communicators with the certificates that are valid today, and numbers."""
        async with self._connection() as connection, connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            ((today,),) = await _rows(connection, journal.TODAY)
            programmes = await _rows(connection, journal.PROGRAMMES)
            with_certificates = journal.AGENTS.replace("{certificates}", VALID_CERTIFICATES)
            agents = await (await connection.execute(with_certificates.encode(), {"on": today})).fetchall()
            lines = await _rows(connection, journal.LINES)
        return Centre(
            programmes=tuple(
                ProgrammeConfigured(
                    ProgrammeId(id_), lines_, float(ring_s), None if wrap is None else float(wrap)
                )
                for id_, lines_, ring_s, wrap in programmes
            ),
            agents=tuple(
                AgentConfigured(AgentId(id_), frozenset(map(ProgrammeId, certified)))
                for id_, certified in agents
            ),
            lines=tuple(Line(number, ProgrammeId(programme), record) for number, programme, record in lines),
        )

    async def remembered(self) -> Memory:
        """Read the newest snapshot and the journal after it."""
        async with self._connection() as connection, connection.transaction():
            newest = await _rows(connection, journal.NEWEST_SNAPSHOT)
            last, state = newest[0] if newest else (0, None)
            entries = await _rows(connection, journal.ENTRIES_AFTER, [last])
        return Memory(
            state,
            tuple(
                Entry(at, decoded_event(event), tuple(decoded_command(command) for command in commands))
                for at, event, commands in entries
            ),
        )

    # ------------------------------------------------------------ writing

    async def write(self, batch: Batch, handed_over: HandedOver = lambda: None) -> None:
        """Put a batch down in one transaction and wake the desks it concerns; return when it is committed.

        `handed_over` is called before that, when PostgreSQL has all of it and will commit it even if this
        process is killed (not called when the batch is too large for that, or cannot be sent). After a `Trouble` call it again with the same batch: what was written the first time after all is
        recognised.
        """
        async with self._connection() as connection:
            doubtful, self._doubtful = self._doubtful, None
            again = doubtful is not None and doubtful[0] == batch
            token = doubtful[1] if doubtful is not None and again else uuid4()
            self._doubtful = (batch, token)
            if again and (await _rows(connection, journal.WAS_WRITTEN, [token]))[0][0]:
                self._doubtful = None
                return
            projected = await self._project(connection, batch)
            try:
                await self._put_down(connection, batch, document(token, batch, projected), handed_over)
            except (psycopg.IntegrityError, psycopg.DataError) as error:
                # One impossible row must not keep all later calls out of the books: the journal has it.
                log.error("call_rows_refused", calls=[row.id for row in projected.rows], reason=str(error))
                projected = Projected((), ())
                self._rows.clear()
                self._is_prepared = False
                await self._put_down(connection, batch, document(token, batch, projected), handed_over)
            self._doubtful = None
            for row in projected.rows:
                self._rows[row.id] = row
                if row.is_complete:
                    del self._rows[row.id]

    async def _put_down(
        self, connection: Connection, batch: Batch, words: str, handed_over: HandedOver
    ) -> None:
        if batch.snapshot is not None:
            async with connection.transaction():
                await connection.execute(PUT_DOWN, [words])
                await connection.execute(journal.KEEP_SNAPSHOT, [Jsonb(dict(batch.snapshot))])
                await connection.execute(journal.FORGET_OLD_SNAPSHOTS)
            return
        sending = asyncio.ensure_future(connection.execute(PUT_DOWN, [words], prepare=True))
        if self._is_prepared and len(words) <= SENT_AT_ONCE:
            await asyncio.sleep(0)
            if connection.info.transaction_status is TransactionStatus.ACTIVE:
                handed_over()
        await sending
        self._is_prepared = True

    async def _project(self, connection: Connection, batch: Batch) -> Projected:
        """Work out the rows, reading only what this process does not know yet."""
        arrivals = [entry.event for entry in batch.entries if isinstance(entry.event, CallArrived)]
        unknown = {int(event.programme) for event in arrivals} - self._clients.keys()
        if unknown:
            self._clients |= dict(await _rows(connection, journal.CLIENTS_OF_PROGRAMMES, [list(unknown)]))
        concerns = {call for entry in batch.entries for call in concerned(entry)}
        missing = list(concerns - self._rows.keys() - {event.call for event in arrivals})
        known = {call: self._rows[call] for call in concerns if call in self._rows}
        if missing:
            found = (CallRow(*row) for row in await _rows(connection, journal.CALLS, [missing]))
            known |= {row.id: row for row in found}
        return project(batch.entries, known, self._clients, {d.call: d.dnis for d in batch.details})

    async def recording_kept(self, recording: RecordingKept) -> None:
        """Note a finished recording on its call."""
        paths = [recording.caller_file, recording.agent_file, recording.call]
        async with self._connection() as connection:
            await connection.execute(journal.KEEP_RECORDING, paths)

    # ------------------------------------------------------------ hearing

    async def news(self) -> AsyncGenerator[DeskRequest | CentreChanged, None]:
        """Yield open desk requests in order, each once, and word of changed books, until trouble comes."""
        try:
            async with await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, application_name=f"{NAME}-news"
            ) as connection:
                async for piece in changes_of_the_books(connection, POLL_S):
                    yield piece
        except (psycopg.Error, OSError) as error:
            raise _away(error) from error

    # ------------------------------------------------------------ the connection

    @asynccontextmanager
    async def _connection(self, *, charge: bool = True) -> AsyncIterator[Connection]:
        """Lend the one connection, made anew if need be; any failure ends it and becomes a `Trouble`."""
        async with self._one_at_a_time:
            try:
                yield await self._connected(charge)
            except BaseException as error:
                # A cancelled statement leaves the connection in an unknown state too.
                await self._hang_up()
                if isinstance(error, psycopg.Error | OSError):
                    raise _away(error) from error
                raise

    async def _connected(self, charge: bool) -> Connection:
        if self._desk is not None and not self._desk.closed:
            return self._desk
        self._desk = await psycopg.AsyncConnection.connect(self._url, autocommit=True, application_name=NAME)
        if charge and self._in_charge:
            await self._take_again(self._desk)
        return self._desk

    async def _hang_up(self) -> None:
        """Forget what was known, since another may write from now on."""
        desk, self._desk = self._desk, None
        self._is_prepared = False
        self._rows.clear()
        if desk is not None:
            await desk.close()


async def _rows(
    connection: Connection, statement: LiteralString, parameters: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement, parameters)).fetchall()


def _away(error: Exception) -> Trouble:
    said = str(error).strip().splitlines()
    reason = said[0] if said else type(error).__name__
    return Trouble(
        "books_away",
        ja=f"データベースに書き込めません({reason})。PostgreSQL が動いているか、空き容量があるか確認してください。"
        "自動で再試行します。",
        en=f"The database does not take it ({reason}). Check that PostgreSQL runs and has space; "
        "it is tried again by itself.",
    )
