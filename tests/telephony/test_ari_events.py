"""ARI's messages, as recorded from Asterisk 22.10.1, become typed events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from madoguchi.telephony.ari import events
from madoguchi.telephony.ari.events import KINDS, parse

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "recorded.json").read_text())


def test_every_kind_that_was_recorded_is_understood() -> None:
    understood = {kind for kind, message in RECORDED.items() if kind in KINDS and parse(message) is not None}

    assert understood == KINDS - {"RecordingFailed"}


def test_a_callers_arrival() -> None:
    arrival = parse(RECORDED["StasisStart"])

    assert isinstance(arrival, events.StasisStart)
    assert arrival.args[:2] == ("inbound", "0120000123")
    assert arrival.replaces is None
    assert arrival.channel.endpoint == "trunk"
    assert arrival.channel.state == "Ring"
    assert arrival.channel.caller_number == "09012345678"
    assert (arrival.channel.context, arrival.channel.exten) == ("arrival", "0120000123")
    assert arrival.at - arrival.channel.created_at < 1


def test_the_end_of_a_leg_tells_its_cause() -> None:
    gone = parse(RECORDED["ChannelDestroyed"])

    assert isinstance(gone, events.ChannelDestroyed)
    assert gone.channel.id == "leg-1"
    assert gone.channel.endpoint == "loop"
    assert gone.cause == 16


def test_a_playback_tells_what_it_was_played_to() -> None:
    finished = parse(RECORDED["PlaybackFinished"])

    assert isinstance(finished, events.PlaybackFinished)
    assert finished.playback == "p1"
    assert finished.target.startswith("channel:")
    assert not finished.failed


def test_a_finished_and_a_failed_recording() -> None:
    finished = parse(RECORDED["RecordingFinished"])
    failed = parse(
        {
            "type": "RecordingFailed",
            "timestamp": "2026-11-23T21:05:59.810+0000",
            "recording": {"name": "x", "format": "wav", "state": "failed", "cause": "disk full"},
        }
    )

    assert isinstance(finished, events.RecordingFinished)
    assert finished.name == "2026/11/x"
    assert failed == events.RecordingFailed(1795467959.81, "x", "disk full")


def test_a_transfers_new_channel_tells_whom_it_replaces() -> None:
    message = {**RECORDED["StasisStart"], "replace_channel": {"id": "before"}}

    found = parse(message)

    assert isinstance(found, events.StasisStart)
    assert found.replaces == "before"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": "ChannelVarset", "timestamp": "2026-11-23T21:05:59.810+0000"},
        {"type": "StasisStart"},
        {"type": "StasisStart", "timestamp": "yesterday"},
        {"type": "StasisStart", "timestamp": "2026-11-23T21:05:59.810+0000", "channel": None},
        {"type": "ChannelDestroyed", "timestamp": "2026-11-23T21:05:59.810+0000", "channel": {"id": "x"}},
    ],
)
def test_what_we_do_not_use_or_understand_is_passed_over(message: dict[str, Any]) -> None:
    assert parse(message) is None


def test_channels_and_bridges_are_read_back_after_a_restart() -> None:
    bridge = events.parse_bridge(RECORDED["bridges"][0])
    channels = [events.parse_channel(found) for found in RECORDED["channels"]]

    assert (bridge.id, bridge.type) == ("b1", "mixing")
    assert set(bridge.channels) < {channel.id for channel in channels}


def test_a_channel_of_no_telephone_has_no_endpoint() -> None:
    channel = {**RECORDED["channels"][0], "name": "Snoop/x-00000001"}

    assert events.parse_channel(channel).endpoint == ""
