"""What Asterisk's messages mean, and how commands are said to it."""

from __future__ import annotations

import pytest

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev
from madoguchi.switchboard import names
from madoguchi.switchboard.ports import CallDetail, RecordingKept
from madoguchi.switchboard.translate import Translator, caller_number
from madoguchi.telephony.ari import events as ari
from madoguchi.telephony.ari import requests as ask
from tests.switchboard.desk import (
    CALL,
    MIDORI,
    NUMBER,
    SATO,
    arrives,
    channel,
    enters,
    leaves,
    leg,
    translator,
)

RING = cmd.Ring(CALL, SATO, MIDORI, 20.0)
BRIDGE = names.bridge(CALL)


def in_talk() -> Translator:
    """A caller who talks with Sato."""
    made = translator()
    made.hear(arrives(), 100.0)
    made.ask(RING, 100.0)
    made.hear(enters(leg(), "agent", CALL), 101.0)
    made.ask(cmd.Connect(CALL, SATO), 101.0)
    return made


def test_a_call_for_a_known_number_arrives_at_its_programme() -> None:
    heard = translator().hear(arrives(), 100.0)
    assert heard.events == [ev.CallArrived(CALL, MIDORI, "0312345678")]
    assert heard.details == [CallDetail(CALL, NUMBER)]


@pytest.mark.requirement("B3")
def test_whoever_waited_in_the_dialplan_brings_his_waiting_time_along() -> None:
    [arrived] = translator().hear(arrives(), 107.5).events
    assert arrived == ev.CallArrived(CALL, MIDORI, "0312345678", waited_s=7.5)


def test_a_number_that_is_nobodys_is_refused_without_troubling_the_router() -> None:
    heard = translator().hear(arrives(dnis="0120999999"), 100.0)
    assert (heard.events, heard.requests) == ([], [ask.hangup(CALL, "unallocated")])


@pytest.mark.parametrize(
    ("presented", "digits"),
    [("0312345678", "0312345678"), ("+81312345678", "0312345678"), ("anonymous", ""), ("", ""), ("+", "")],
)
def test_a_callers_number_is_kept_as_digits_within_japan(presented: str, digits: str) -> None:
    assert caller_number(presented) == digits


def test_ringing_calls_the_browser_while_the_dialplan_lets_the_caller_hear_it_ring() -> None:
    made = translator()
    made.hear(arrives(), 100.0)
    (originate,) = made.ask(RING, 100.0)
    assert originate.path == f"channels/{leg()}"
    assert originate.query["endpoint"] == "PJSIP/agent-1"


def test_answering_connects_and_records_both_sides_of_the_caller() -> None:
    made = translator()
    made.hear(arrives(), 100.0)
    made.ask(RING, 100.0)
    assert made.hear(enters(leg(), "agent", CALL), 101.0).events == [ev.AgentAnswered(CALL, SATO)]
    answer, bridge, join, *spies = made.ask(cmd.Connect(CALL, SATO), 101.0)
    assert (answer, bridge) == (ask.answer(CALL), ask.create_bridge(BRIDGE))
    assert join == ask.add_channel(BRIDGE, CALL, leg())
    assert [spy.query["spy"] for spy in spies] == ["in", "out"]
    snoop = names.snoop(CALL, names.Side.CALLER)
    assert made.hear(enters(snoop, "recording"), 101.0).requests == [ask.record_channel(snoop, snoop)]


def test_who_hung_up_is_told_by_which_side_is_gone() -> None:
    made = in_talk()
    assert made.hear(leaves(CALL), 110.0).events == [ev.CallerHungUp(CALL)]
    assert made.hear(leaves(leg()), 110.0).events == [ev.AgentHungUp(CALL, SATO)]
    assert made.hear(leaves(leg()), 110.0).events == [], "told twice by Asterisk, once by us"


@pytest.mark.parametrize(
    ("cause", "reason"),
    [(19, ev.AwayReason.NO_ANSWER), (21, ev.AwayReason.NO_ANSWER), (20, ev.AwayReason.UNREACHABLE)],
)
def test_a_telephone_that_ends_without_an_answer_has_declined(cause: int, reason: ev.AwayReason) -> None:
    made = translator()
    made.hear(arrives(), 100.0)
    made.ask(RING, 100.0)
    gone = ari.ChannelDestroyed(120.0, channel(leg()), cause)
    assert made.hear(gone, 120.0).events == [ev.AgentDeclined(CALL, SATO, reason)]


def test_news_of_an_earlier_ring_is_not_taken_for_the_present_one() -> None:
    made = translator()
    made.hear(arrives(), 100.0)
    made.ask(RING, 100.0)
    made.ask(cmd.StopRinging(CALL, SATO), 120.0)
    made.ask(RING, 125.0)
    assert made.hear(leaves(leg(at=100.0)), 125.0).events == []
    assert made.hear(enters(leg(at=100.0), "agent", CALL), 125.0).requests == [ask.hangup(leg(at=100.0))]
    assert made.hear(leaves(leg(at=125.0)), 126.0).events


def test_a_ring_that_asterisk_refuses_means_the_telephone_is_not_there() -> None:
    made = translator()
    made.hear(arrives(), 100.0)
    made.ask(RING, 100.0)
    present = names.leg(CALL, SATO, 100.0)
    assert made.ring_refused(present).events == [ev.AgentDeclined(CALL, SATO, ev.AwayReason.UNREACHABLE)]
    assert made.ring_refused(present).events == []


@pytest.mark.requirement("S2")
def test_waiting_callers_hear_guidance_then_music_and_silence_before_the_talk() -> None:
    made = translator()
    made.hear(arrives(), 100.0)
    answer, play = made.ask(cmd.PlayGuidance(CALL, cmd.Guidance.WAITING), 100.0)
    playback = names.playback(CALL, 100.0)
    assert (answer, play) == (ask.answer(CALL), ask.play(CALL, playback, ["sound:waiting"]))
    spoken = ari.PlaybackFinished(105.0, playback, f"channel:{CALL}", failed=False)
    assert made.hear(spoken, 105.0).requests == [ask.moh_start(CALL, "waiting")]
    assert made.hear(spoken, 105.0).requests == []
    assert [r.path for r in made.ask(RING, 106.0)] == [f"channels/{leg(at=106.0)}"], "the music goes on"
    made.hear(enters(leg(at=106.0), "agent", CALL), 107.0)
    assert made.ask(cmd.Connect(CALL, SATO), 107.0)[0] == ask.moh_stop(CALL)


def test_a_connection_in_mid_sentence_stops_the_sentence() -> None:
    made = translator()
    made.hear(arrives(), 100.0)
    made.ask(cmd.PlayGuidance(CALL, cmd.Guidance.WAITING), 100.0)
    made.ask(RING, 101.0)
    assert made.ask(cmd.Connect(CALL, SATO), 102.0)[0] == ask.stop_playback(names.playback(CALL, 100.0))


def test_hold_takes_the_caller_out_of_the_talk_to_music_and_back() -> None:
    made = in_talk()
    assert made.ask(cmd.Hold(CALL, SATO), 110.0) == [
        ask.remove_channel(BRIDGE, CALL),
        ask.moh_start(CALL, "hold"),
    ]
    assert made.ask(cmd.Resume(CALL, SATO), 120.0) == [ask.moh_stop(CALL), ask.add_channel(BRIDGE, CALL)]


def test_nothing_of_a_call_that_is_over_is_left_on_the_wire() -> None:
    made = in_talk()
    made.ask(cmd.ReleaseAgent(CALL, SATO), 110.0)
    paths = [request.path for request in made.clear_up(CALL)]
    assert f"bridges/{BRIDGE}" in paths
    assert {f"channels/{names.snoop(CALL, side)}" for side in names.Side} <= set(paths)
    assert made.clear_up(CALL) == []
    assert made.ask(cmd.HangUp(CALL), 110.0) == []


@pytest.mark.requirement("Y3")
def test_a_recording_is_kept_when_both_its_sides_are_complete() -> None:
    made = in_talk()
    made.clear_up(CALL)
    caller, agent = (names.snoop(CALL, side) for side in names.Side)
    assert made.hear(ari.RecordingFinished(111.0, caller, 9.0), 111.0).recordings == []
    kept = made.hear(ari.RecordingFinished(111.0, agent, 9.0), 111.0).recordings
    assert kept == [RecordingKept(CALL, f"{caller}.wav", f"{agent}.wav")]
    assert made.hear(ari.RecordingFinished(111.0, "somebody-elses", 9.0), 111.0).recordings == []


def test_a_channel_that_nobody_expects_is_ended() -> None:
    assert translator().hear(enters("stray"), 100.0).requests == [ask.hangup("stray")]
    assert translator().hear(ari.ApplicationReplaced(100.0), 100.0).events == []


def test_every_name_can_be_read_back() -> None:
    made = names.leg(CALL, SATO, 100.0)
    assert names.leg_of(made.channel) == made
    assert names.leg_of(CALL) is None
    assert names.snoop_of(names.snoop(CALL, names.Side.AGENT)) == (CALL, names.Side.AGENT)
    for request in (
        ask.answer(made.channel),
        ask.destroy_bridge(BRIDGE),
        ask.stop_recording(names.snoop(CALL, names.Side.AGENT)),
    ):
        assert names.call_of(names.named_in(request.path)) == CALL
    assert names.named_in("asterisk/info") == ""
