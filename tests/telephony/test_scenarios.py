"""A real Asterisk of ours: who gets in, who is kept, what is heard."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from madoguchi.telephony import wording
from madoguchi.telephony.ari import requests
from madoguchi.telephony.ari.events import (
    PlaybackFinished,
    RecordingFinished,
    StasisEnd,
    StasisStart,
)
from madoguchi.telephony.config import extensions_conf
from madoguchi.telephony.prompts import Prompts
from madoguchi.telephony.server import Server
from madoguchi.telephony.settings import Extension
from tests.parts.asterisk import AGENTS, CALLER, NUMBER, TELEPHONES, Ear, call_in, listening
from tests.parts.callers import RawTelephone, sipp_call

pytestmark = pytest.mark.scenario


async def test_a_looped_call_comes_in_through_the_trunk_with_its_own_number(
    asterisk: Server, ear: Ear
) -> None:
    arrival = await call_in(ear, asterisk, "loop")
    await ear.ari.send(requests.hangup(arrival.channel.id))
    gone = await ear.hear(StasisEnd, lambda found: found.channel.id == arrival.channel.id)

    assert arrival.args[:2] == ("inbound", NUMBER)
    assert arrival.channel.endpoint == "trunk"
    assert arrival.channel.caller_number == CALLER
    assert abs(float(arrival.args[2]) - arrival.at) < 1
    assert gone.channel.caller_number == CALLER


async def test_what_the_caller_says_is_heard_and_recorded(asterisk: Server, ear: Ear) -> None:
    arrival = await call_in(ear, asterisk, "speaks")
    caller = arrival.channel.id
    await ear.ari.send(requests.answer(caller), lane=caller)
    recording = requests.record_channel(caller, "2026/11/speaks-caller")
    started = await ear.ari.send(recording, lane=caller)
    finished = await ear.hear(RecordingFinished, within_s=30)

    assert started.status == 201
    assert finished.name == "2026/11/speaks-caller"
    assert loudness(asterisk.settings.recordings_dir / "2026/11/speaks-caller.wav") > 500


async def test_a_prompt_is_audible_to_the_caller_of_the_trunk(asterisk: Server, ear: Ear) -> None:
    arrival = await call_in(ear, asterisk, "listens", times=3)
    caller = arrival.channel.id
    await ear.ari.send(requests.answer(caller), lane=caller)
    snooped = await ear.ari.send(
        requests.snoop(caller, "listens-ear", spy="out", app=asterisk.settings.app, app_args="ear"),
        lane=caller,
    )
    await ear.hear(StasisStart, lambda found: found.args == ("ear",))
    await ear.ari.send(requests.record_channel("listens-ear", "listens"), lane=caller)
    media = Prompts(asterisk.settings.prompts_dir).media(wording.PLEASE_HOLD)
    await ear.ari.send(requests.play(caller, "listens-prompt", [media]), lane=caller)
    played = await ear.hear(PlaybackFinished)
    await ear.ari.send(requests.stop_recording("listens"), lane=caller)
    await ear.hear(RecordingFinished)
    await ear.ari.send(requests.hangup(caller), lane=caller)
    await ear.hear(StasisEnd, lambda found: found.channel.id == caller)

    assert snooped.ok
    assert not played.failed
    assert loudness(asterisk.settings.recordings_dir / "listens.wav") > 500


def loudness(wav: Path) -> float:
    """Return the root mean square of a mono 16 bit WAV file's samples."""
    samples = np.frombuffer(wav.read_bytes()[44:], dtype="<i2").astype(float)
    return float(np.sqrt(np.mean(samples**2)))


@pytest.mark.requirement("B3")
async def test_a_caller_is_kept_while_the_switchboard_is_away_and_keeps_the_arrival_moment(
    asterisk: Server, tmp_path: Path
) -> None:
    with sipp_call(asterisk.settings, NUMBER, CALLER, tmp_path) as sipp:
        await asyncio.sleep(3)
        async with listening(asterisk.settings) as ear:
            arrival = await ear.hear(StasisStart)
            await ear.ari.send(requests.answer(arrival.channel.id))
            await ear.ari.send(requests.hangup(arrival.channel.id))
            code = await asyncio.to_thread(sipp.wait, 20)

    waited_s = arrival.at - float(arrival.args[2])
    assert 2 < waited_s < 8
    assert abs(arrival.channel.created_at - float(arrival.args[2])) < 0.5
    assert arrival.channel.state == "Ring"
    assert code == 0


@pytest.mark.requirement("B3")
async def test_a_caller_kept_longer_is_told_so_and_then_connected(asterisk: Server, tmp_path: Path) -> None:
    with sipp_call(asterisk.settings, NUMBER, CALLER, tmp_path) as sipp:
        await asyncio.sleep(extensions_conf.RINGS_BEFORE_GUIDANCE + 2)
        said = await asyncio.to_thread(asterisk.console, "core show channels concise")
        async with listening(asterisk.settings) as ear:
            arrival = await ear.hear(StasisStart, within_s=30)
            await ear.ari.send(requests.hangup(arrival.channel.id))
            code = await asyncio.to_thread(sipp.wait, 20)

    away = Prompts(asterisk.settings.prompts_dir).stem(wording.AWAY)
    assert f"!Playback!{away}" in said
    assert arrival.channel.state == "Up"
    assert arrival.channel.caller_number == CALLER
    assert abs(arrival.channel.created_at - float(arrival.args[2])) < 0.5
    assert code == 0


def test_a_stranger_is_refused_and_learns_no_names(asterisk: Server) -> None:
    answers = {
        RawTelephone(asterisk.settings, source="127.0.0.2", name=name).invite(NUMBER)[-1]
        for name in ("agent-1", "trunk", "loop", "telephone-1", "nobody")
    }

    assert answers == {"SIP/2.0 401 Unauthorized"}


def test_names_that_are_not_digits_are_refused_from_the_trunk(asterisk: Server) -> None:
    answers = {
        RawTelephone(asterisk.settings).invite(name)[-1] for name in ("agent-1", "s", "0120abc", "1" * 16)
    }

    assert answers == {"SIP/2.0 404 Not Found"}


def test_a_communicators_telephone_can_call_nobody(asterisk: Server) -> None:
    agent, telephone = AGENTS[0], TELEPHONES[0]
    calls = [
        RawTelephone(asterisk.settings, name=agent.name, password=agent.password).invite(target)[-1]
        for target in (NUMBER, "agent-2", "telephone-1", "0312345678")
    ]
    control = RawTelephone(asterisk.settings, name=telephone.name, password=telephone.password).invite(NUMBER)

    assert calls == ["SIP/2.0 404 Not Found"] * 4
    assert control[-1] == "SIP/2.0 180 Ringing"


async def test_the_test_telephone_shows_the_number_it_was_given(asterisk: Server, ear: Ear) -> None:
    await asyncio.to_thread(telephone_with(asterisk, CALLER).invite, NUMBER)
    arrival = await ear.hear(StasisStart)

    assert arrival.args[:2] == ("inbound", NUMBER)
    assert arrival.channel.caller_number == CALLER


async def test_the_test_telephone_can_withhold_its_number(asterisk: Server, ear: Ear) -> None:
    await asyncio.to_thread(telephone_with(asterisk, "").invite, NUMBER)
    arrival = await ear.hear(StasisStart)

    assert arrival.channel.caller_number == ""


@pytest.mark.parametrize("number", ["03-1234-5678", '0"]&SYSTEM', "1" * 16, "山田"])
async def test_a_number_that_is_not_digits_is_refused_from_the_test_telephone(
    asterisk: Server, number: str
) -> None:
    answers = await asyncio.to_thread(telephone_with(asterisk, number).invite, NUMBER)

    assert answers[-1] == "SIP/2.0 484 Address Incomplete"


def telephone_with(server: Server, number: str) -> RawTelephone:
    telephone = TELEPHONES[0]
    headers = (f"{extensions_conf.FROM_HEADER}: {number}",)
    return RawTelephone(server.settings, name=telephone.name, password=telephone.password, headers=headers)


async def test_a_new_communicators_telephone_is_there_after_a_reload_and_calls_go_on(
    asterisk: Server, ear: Ear
) -> None:
    newcomer = Extension("agent-7", "secret-of-agent-7")
    arrival = await call_in(ear, asterisk, "reload")
    before = await ear.ari.send(requests.endpoint(newcomer.name))
    await asyncio.to_thread(asterisk.reload_extensions, [*AGENTS, newcomer])
    after = [(await ear.ari.send(requests.endpoint(name))).status for name in ("agent-1", "agent-7")]
    still_there = await ear.ari.send(requests.channel(arrival.channel.id))
    await ear.ari.send(requests.hangup(arrival.channel.id))
    await ear.hear(StasisEnd)

    assert before.status == 404
    assert after == [200, 200]
    assert still_there.ok


def test_the_log_names_no_callers(asterisk: Server) -> None:
    RawTelephone(asterisk.settings, name=CALLER).invite("unknown")
    log = (asterisk.settings.asterisk_dir / "log/messages").read_text()

    assert CALLER not in log
    assert "ERROR" not in log
