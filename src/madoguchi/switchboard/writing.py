"""Handing batches to the books in order, and going on without when the books are away.

The journal comes before the deed: a turn waits until its batch is handed over, which means that it will
be written even if this process is killed (docs/decisions/0005). When PostgreSQL is away, callers must not
hang for it: the first turn waits `PATIENCE_S`, the following ones not at all, and all of them are written
together when the books are back. Only a kill of this process in that time loses journal lines; the calls
themselves are then found on the wire (`recovery`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import structlog

from madoguchi.kernel.errors import Trouble
from madoguchi.switchboard.ports import Batch, Books

log = structlog.get_logger()

PATIENCE_S = 2.0
RETRY_S = 0.5
ANOTHER_IN_CHARGE = "another_in_charge"
"""The code by which the books say that a standby has taken over."""


class _Waiting(NamedTuple):
    batch: Batch
    handed_over: asyncio.Future[None]


class Writing:
    """Puts batches down one after another; one transaction at a time."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None
        self._late = False

    async def put_down(self, batch: Batch) -> None:
        """Return when the batch is handed over, or when it would take too long to wait for that.

        Raises:
            Trouble: another switchboard is in charge by now; this one must end.
        """
        handed_over = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(batch, handed_over))
        if self._task is None or self._task.done():
            if self._task is not None:
                self._task.result()
            self._task = asyncio.create_task(self._write_all(), name="writing")
        if self._late:
            return
        done, _ = await asyncio.wait(
            {handed_over, self._task}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED
        )
        if not done:
            self._late = True
            log.error("books_away", waiting=len(self._waiting))
        elif self._task in done:
            self._task.result()

    async def _write_all(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            await self._write(waiting)
        self._late = False

    async def _write(self, waiting: Sequence[_Waiting]) -> None:
        def handed_over() -> None:
            for one in waiting:
                if not one.handed_over.done():
                    one.handed_over.set_result(None)

        batch = merged([one.batch for one in waiting])
        while True:
            try:
                await self._books.write(batch, handed_over)
            except Trouble as trouble:
                if trouble.code == ANOTHER_IN_CHARGE:
                    raise
                log.warning("books_refuse", entries=len(batch.entries), reason=trouble.en)
                await asyncio.sleep(RETRY_S)
            else:
                handed_over()
                return


def merged(batches: list[Batch]) -> Batch:
    """Return one batch for several: everything in order, the newest word on each communicator and queue."""
    if len(batches) == 1:
        return batches[0]
    return replace(
        batches[-1],
        entries=tuple(entry for batch in batches for entry in batch.entries),
        details=tuple(detail for batch in batches for detail in batch.details),
        answers=tuple(answer for batch in batches for answer in batch.answers),
        agents=tuple({seen.agent: seen for batch in batches for seen in batch.agents}.values()),
        queues=tuple({seen.programme: seen for batch in batches for seen in batch.queues}.values()),
        snapshot=None,
    )
