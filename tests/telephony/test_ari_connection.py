"""The connection to a real Asterisk: over WebSockets, over HTTP, lost and found again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from madoguchi.telephony.ari import requests
from madoguchi.telephony.ari.client import Ari, Connected, Disconnected
from madoguchi.telephony.ari.events import StasisEnd
from madoguchi.telephony.server import Server
from tests.parts.asterisk import AGENTS, CALLER, TELEPHONES, Ear, call_in, listening, running_asterisk

pytestmark = pytest.mark.scenario


async def test_requests_go_over_websockets_and_their_order_is_kept_on_a_lane(ear: Ear) -> None:
    made_and_removed = [
        request
        for bridge in (f"bridge-{n}" for n in range(50))
        for request in (requests.create_bridge(bridge), requests.destroy_bridge(bridge))
    ]

    answers = await asyncio.gather(*[ear.ari.submit(request, lane="one") for request in made_and_removed])

    assert [answer.status for answer in answers] == [200, 204] * 50


async def test_a_server_before_22_4_is_served_over_http(asterisk: Server) -> None:
    async with Ari(asterisk.settings, over_http=True) as ari:
        ear = Ear(ari)
        connected = await ear.hear(Connected)
        arrival = await call_in(ear, asterisk, "http")
        described = await ari.send(requests.channel(arrival.channel.id))
        await ari.send(requests.hangup(arrival.channel.id))
        await ear.hear(StasisEnd)

    assert not connected.over_websocket
    assert described.body["caller"]["number"] == CALLER


async def test_the_version_is_told_at_every_connection(asterisk: Server) -> None:
    async with Ari(asterisk.settings) as ari:
        connected = await Ear(ari).hear(Connected)

    assert connected.version is not None
    assert connected.version >= (22, 4, 0)
    assert connected.over_websocket


async def test_only_the_events_that_we_use_are_sent(asterisk: Server, ear: Ear) -> None:
    described = await ear.ari.send(requests.application(asterisk.settings.app))

    allowed = {kind["type"] for kind in described.body["events_allowed"]}
    assert {"StasisStart", "ChannelDestroyed", "RESTResponse"} <= allowed
    assert "ChannelVarset" not in allowed


async def test_a_wrong_password_is_told_once_as_a_reason(asterisk: Server) -> None:
    stranger = replace(asterisk.settings, ari_password="wrong")
    async with Ari(stranger) as ari:
        refused = await Ear(ari).hear(Disconnected)
        answer = await ari.send(requests.ping())

    assert "401" in refused.reason
    assert answer.lost


@pytest.mark.requirement("B3")
async def test_the_connection_comes_back_after_asterisk_was_restarted(tmp_path: Path) -> None:
    with running_asterisk(tmp_path) as server:
        async with listening(server.settings) as ear:
            await asyncio.to_thread(server.stop)
            await ear.hear(Disconnected)
            meanwhile = await ear.ari.send(requests.ping())
            await asyncio.to_thread(server.start, AGENTS, TELEPHONES)
            await ear.hear(Connected)
            afterwards = await ear.ari.send(requests.ping())

    assert meanwhile.lost
    assert afterwards.ok
