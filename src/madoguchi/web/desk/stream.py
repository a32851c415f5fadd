"""The desk's state as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone

from madoguchi.business.calls.queries import desk_view, switchboard_in_charge
from madoguchi.web.desk.answers import refusal_sentence
from madoguchi.web.shared.live import DESK, listener

LOOK_S = 5.0
"""How often to look whether a switchboard is in charge: one that died says nothing."""

PING_S = 15.0

QUEUE = "queue"

RETRY = b"retry: 2000\n\n"

PING = b": ping\nevent: ping\ndata:\n\n"
"""A comment for proxies, and an event that the page's watch can see."""


async def desk_events(agent_id: int, *, language: str) -> AsyncGenerator[bytes, None]:
    """Yield the desk's state at once and after every change, for ever; a ping when nothing changes."""
    yield RETRY
    shown: dict[str, Any] | None = None
    quiet_s = 0.0
    async with listener(DESK).ear(str(agent_id), QUEUE) as ear:
        while True:
            view = await sync_to_async(_look)(agent_id, language)
            if view != shown:
                shown, quiet_s = view, 0.0
                yield _event("desk", view | {"now": timezone.now().timestamp()})
            elif quiet_s >= PING_S:
                quiet_s = 0.0
                yield PING
            if not await ear.news(patience_s=LOOK_S):
                quiet_s += LOOK_S


def _look(agent_id: int, language: str) -> dict[str, Any]:
    """Read the desk's state, and give the database connection back: a page stays open for hours."""
    try:
        view = desk_view(agent_id, timezone.now())
        answer = view["answer"]
        refused = refusal_sentence(answer["refusal"], language) if answer and answer["refusal"] else None
        return {**view, "refused": refused, "switchboard_in_charge": switchboard_in_charge()}
    finally:
        connection.close()


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
