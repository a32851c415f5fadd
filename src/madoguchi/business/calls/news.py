"""What a switchboard hears from the books: wishes of the desks, and that the books have changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from madoguchi.acd.events import AgentId, AwayReason, CallId
from madoguchi.business.calls import journal
from madoguchi.business.clients.news import CHANNEL
from madoguchi.switchboard.ports import CentreChanged, DeskRequest, DeskVerb

REQUESTS = "madoguchi_switchboard"


async def changes_of_the_books(
    connection: psycopg.AsyncConnection[Any], poll_s: float
) -> AsyncIterator[DeskRequest | CentreChanged]:
    """Yield each open request once and every change of the books; look by itself every `poll_s` seconds.

    The day's change counts as a change of the books: certificates begin and end by the day.
    """
    for channel in (REQUESTS, CHANNEL):
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
    told: set[int] = set()
    day = await _today(connection)
    while True:
        # By number alone one could be missed: numbers are given out before the transactions commit.
        rows = await (await connection.execute(journal.OPEN_REQUESTS)).fetchall()
        for row in rows:
            if row[0] not in told:
                yield _request(*row)
        told = {row[0] for row in rows}
        heard = {notice.channel async for notice in connection.notifies(timeout=poll_s, stop_after=1)}
        today = await _today(connection)
        if CHANNEL in heard or today != day:
            day = today
            yield CentreChanged()


async def _today(connection: psycopg.AsyncConnection[Any]) -> date:
    ((today,),) = await (await connection.execute(journal.TODAY)).fetchall()
    assert isinstance(today, date)
    return today


def _request(id_: int, agent: int, verb: str, call: str | None, reason: str | None) -> DeskRequest:
    return DeskRequest(
        id=id_,
        agent=AgentId(agent),
        verb=DeskVerb(verb),
        call=CallId(call) if call else None,
        reason=AwayReason(reason) if reason else None,
    )
