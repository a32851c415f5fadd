from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient

from madoguchi.business.accounts.models import User
from madoguchi.business.calls.models import Call, DeskRequest
from madoguchi.business.calls.queries import SWITCHBOARD_LOCK
from madoguchi.business.clients.models import Programme
from madoguchi.business.staff.models import Agent
from madoguchi.web.desk.stream import desk_events
from madoguchi.web.shared.live import conninfo
from tests.web.desk import switchboard

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 8.0


async def next_view(events: AsyncIterator[bytes]) -> dict[str, Any]:
    """Return the next state that the stream tells."""
    async with asyncio.timeout(PATIENCE_S):
        async for event in events:
            if event.startswith(b"event: desk\n"):
                view: dict[str, Any] = json.loads(event.decode().split("data: ", 1)[1])
                return view
    raise AssertionError("the stream ended")


@sync_to_async
def plays(happening: Any, *args: Any, **kwargs: Any) -> Any:
    """Do as the switchboard would, in a thread of its own."""
    try:
        return happening(*args, **kwargs)
    finally:
        connections.close_all()


async def test_the_state_comes_at_once_and_after_every_change(sato: Agent, orders: Programme) -> None:
    async with aclosing(desk_events(sato.pk, language="ja")) as events:
        assert (await next_view(events))["state"] == "off"
        await plays(switchboard.seats, sato, "ready")
        assert (await next_view(events))["state"] == "ready"
        call = await plays(switchboard.arrives, orders)
        await plays(switchboard.seats, sato, "ringing", call=call)
        view = await next_view(events)
        assert (view["state"], view["call"]["id"], view["call"]["client"]) == (
            "ringing",
            "call-1",
            "みどり本舗",
        )


async def test_a_colleagues_change_is_not_told(sato: Agent, suzuki: Agent) -> None:
    async with aclosing(desk_events(sato.pk, language="ja")) as events:
        await next_view(events)
        await plays(switchboard.seats, suzuki, "ready")
        await plays(switchboard.seats, sato, "away", reason="break")
        assert (await next_view(events))["state"] == "away"


async def test_a_switchboard_that_comes_and_goes_is_told(sato: Agent) -> None:
    async with aclosing(desk_events(sato.pk, language="ja")) as events:
        assert (await next_view(events))["switchboard_in_charge"] is False
        async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as in_charge:
            await in_charge.execute("SELECT pg_advisory_lock(%s)", [SWITCHBOARD_LOCK])
            await plays(switchboard.tells, str(sato.pk))
            assert (await next_view(events))["switchboard_in_charge"] is True
        assert (await next_view(events))["switchboard_in_charge"] is False


async def test_a_refusal_is_told_as_a_sentence(sato: Agent, sato_calls: Call) -> None:
    def refuse() -> None:
        at = sato_calls.arrived_at
        DeskRequest.objects.create(agent=sato, verb="hold", at=at, done_at=at, refusal="call_is_over")
        switchboard.tells(str(sato.pk))

    async with aclosing(desk_events(sato.pk, language="ja")) as events:
        assert (await next_view(events))["refused"] is None
        await plays(refuse)
        assert (await next_view(events))["refused"] == "この通話はもう終わっています。"


async def test_a_listening_connection_that_is_cut_comes_back(sato: Agent) -> None:
    async with aclosing(desk_events(sato.pk, language="ja")) as events:
        await next_view(events)
        await plays(cut_listeners)
        await plays(switchboard.seats, sato, "ready")
        assert (await next_view(events))["state"] == "ready"


def cut_listeners() -> None:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = current_user AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"
        )


async def test_the_stream_answers_the_communicator_and_nobody_else(sato: Agent, tanaka: User) -> None:
    browser = AsyncClient()
    await browser.aforce_login(sato.user)
    answer = await browser.get("/desk/stream/")
    assert answer.headers["Content-Type"] == "text/event-stream"
    events: Any = answer
    async with aclosing(events.streaming_content) as events:
        assert (await next_view(events))["agent"] == sato.pk
    stranger = AsyncClient()
    await stranger.aforce_login(tanaka)
    assert (await stranger.get("/desk/stream/")).status_code == 403
    assert (
        await AsyncClient().get("/desk/stream/", headers={"accept": "text/event-stream"})
    ).status_code == 401
