"""Looking around in Asterisk: everything `recovery` compares, asked for at once."""

from __future__ import annotations

import asyncio

from madoguchi.switchboard.recovery import Scene
from madoguchi.telephony.ari import requests as ask
from madoguchi.telephony.ari.client import Ari
from madoguchi.telephony.ari.events import moment, parse_bridge, parse_channel


async def look_around(ari: Ari, app: str) -> Scene | None:
    """Return what Asterisk has now; None when it could not be asked (it will be again at the next connect)."""
    asked = (ask.channels(), ask.bridges(), ask.application(app), ask.info())
    replies = await asyncio.gather(*(ari.send(request) for request in asked))
    if not all(reply.ok for reply in replies):
        return None
    channels, bridges, application, info = (reply.body for reply in replies)
    return Scene(
        channels={found["id"]: parse_channel(found) for found in channels},
        bridges={found["id"]: parse_bridge(found) for found in bridges},
        in_application=frozenset(application["channel_ids"]),
        started_at=moment(info["status"]["startup_time"]),
    )
