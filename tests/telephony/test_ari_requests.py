"""What we ask of Asterisk, as it goes over the wire."""

from __future__ import annotations

import json

import pytest

from madoguchi.telephony.ari import requests
from madoguchi.telephony.ari.lanes import Reply, decode, encode
from madoguchi.telephony.ari.requests import Request


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (requests.answer("c"), "POST channels/c/answer"),
        (requests.ring("c"), "POST channels/c/ring"),
        (requests.ring_stop("c"), "DELETE channels/c/ring"),
        (requests.hangup("c", "unallocated"), "DELETE channels/c?reason=unallocated"),
        (requests.moh_start("c", "waiting"), "POST channels/c/moh?mohClass=waiting"),
        (requests.moh_stop("c"), "DELETE channels/c/moh"),
        (requests.mute("c", "in"), "POST channels/c/mute?direction=in"),
        (requests.unmute("c"), "DELETE channels/c/mute?direction=both"),
        (requests.play("c", "p", ["sound:/a", "sound:/b"]), "POST channels/c/play/p?media=sound%3A%2Fa%2Csound%3A%2Fb"),
        (requests.stop_playback("p"), "DELETE playbacks/p"),
        (requests.create_bridge("b"), "POST bridges/b?type=mixing"),
        (requests.destroy_bridge("b"), "DELETE bridges/b"),
        (requests.add_channel("b", "c", "d"), "POST bridges/b/addChannel?channel=c%2Cd"),
        (requests.remove_channel("b", "c"), "POST bridges/b/removeChannel?channel=c"),
        (requests.snoop("c", "s", spy="in", app="m", app_args="e,1"), "POST channels/c/snoop/s?spy=in&app=m&appArgs=e%2C1"),
        (requests.stop_recording("2026/x"), "POST recordings/live/2026%2Fx/stop"),
        (requests.get_variable("c", "A(b)"), "GET channels/c/variable?variable=A%28b%29"),
        (requests.set_variable("c", "A", "あ &"), "POST channels/c/variable?variable=A&value=%E3%81%82%20%26"),
        (requests.continue_in_dialplan("c", context="x", extension="1"), "POST channels/c/continue?context=x&extension=1&priority=1"),
        (requests.channel("a/../b"), "GET channels/a%2F..%2Fb"),
        (requests.channels(), "GET channels"),
        (requests.bridges(), "GET bridges"),
        (requests.application("m"), "GET applications/m"),
        (requests.endpoint("agent-1"), "GET endpoints/PJSIP/agent-1"),
        (requests.reload_module("res_pjsip.so"), "PUT asterisk/modules/res_pjsip.so"),
        (requests.info(), "GET asterisk/info"),
        (requests.ping(), "GET asterisk/ping"),
    ],
)  # fmt: skip
def test_a_request_on_the_wire(request_: Request, line: str) -> None:
    assert f"{request_.method} {request_.uri}" == line
    assert request_.body is None


def test_a_recording_keeps_what_is_there_and_ends_only_when_told() -> None:
    asked = requests.record_channel("c", "2026/x")

    assert asked.query == {"name": "2026/x", "format": "wav", "ifExists": "fail", "terminateOn": "none"}


def test_a_communicators_telephone_is_rung_with_the_callers_number() -> None:
    asked = requests.originate(
        "leg", "PJSIP/agent-1", app="m", app_args="agent,1", caller_id="090", timeout_s=20
    )

    assert asked.path == "channels/leg"
    assert asked.query == {
        "endpoint": "PJSIP/agent-1",
        "app": "m",
        "appArgs": "agent,1",
        "timeout": "20",
        "callerId": "090",
    }


def test_the_filter_never_swallows_the_answers_to_requests() -> None:
    asked = requests.event_filter("m", ["StasisStart"])

    assert asked.body == {"allowed": [{"type": "RESTResponse"}, {"type": "StasisStart"}]}


def test_a_request_and_its_answer_are_told_apart_by_their_number() -> None:
    sent = json.loads(encode(requests.event_filter("m", []), "7"))

    assert (sent["type"], sent["request_id"], sent["method"]) == ("RESTRequest", "7", "PUT")
    assert json.loads(sent["message_body"]) == {"allowed": [{"type": "RESTResponse"}]}


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ({"status_code": 204}, Reply(204)),
        ({"status_code": 200, "message_body": '{"a": 1}'}, Reply(200, {"a": 1})),
        ({"status_code": 500, "message_body": "oops"}, Reply(500, "oops")),
    ],
)
def test_an_answer_is_read_whatever_its_body(message: dict[str, object], reply: Reply) -> None:
    assert decode(message) == reply


def test_an_answer_says_whether_it_was_accepted_or_lost() -> None:
    assert [Reply(status).ok for status in (200, 204, 404, 0)] == [True, True, False, False]
    assert [Reply(status).lost for status in (204, 0)] == [False, True]
