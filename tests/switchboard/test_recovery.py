"""After a restart: what the router believes is compared with what Asterisk has, and put right."""

from __future__ import annotations

import pytest

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev
from madoguchi.acd.router import Router
from madoguchi.switchboard import names
from madoguchi.switchboard.recovery import Findings, Scene, compare
from madoguchi.switchboard.translate import Translator
from madoguchi.telephony.ari import requests as ask
from madoguchi.telephony.ari.events import Bridge, Channel
from tests.switchboard.desk import CALL, MIDORI, SATO, channel, leg, translator

pytestmark = pytest.mark.requirement("B3")

BRIDGE = names.bridge(CALL)


def before_the_kill(*events: ev.Event) -> Router:
    router = Router()
    opening = [
        ev.ProgrammeConfigured(MIDORI, 2, 20.0, None),
        ev.AgentConfigured(SATO, frozenset({MIDORI})),
        ev.AgentSignedIn(SATO),
    ]
    for event in [*opening, *events]:
        router.handle(event, 100.0)
    return router


ARRIVED = ev.CallArrived(CALL, MIDORI, "0312345678")
RINGS = (ev.AgentBecameReady(SATO), ARRIVED)
TALKS = (*RINGS, ev.AgentAnswered(CALL, SATO))


def scene(
    *channels: Channel, bridges: tuple[Bridge, ...] = (), held: tuple[str, ...] = (), started_at: float = 0.0
) -> Scene:
    return Scene(
        {found.id: found for found in channels},
        {found.id: found for found in bridges},
        frozenset(held),
        started_at,
    )


def found(router: Router, there: Scene, *, by: Translator | None = None) -> Findings:
    return compare(router, by or translator(), there, 130.0)


def up(name: str) -> Channel:
    return channel(name, state="Up")


def test_a_talk_that_went_on_is_left_alone() -> None:
    there = scene(up(CALL), up(leg()), bridges=(Bridge(BRIDGE, "mixing", (CALL, leg())),))
    by = translator()
    findings = found(before_the_kill(*TALKS), there, by=by)
    assert (findings.heard.events, findings.heard.requests, findings.again) == ([], [], [])
    assert by.wire.calls[CALL].leg == names.Leg(CALL, SATO, leg())


def test_a_talk_that_was_decided_but_not_yet_connected_is_connected() -> None:
    findings = found(before_the_kill(*TALKS), scene(channel(CALL), up(leg())))
    assert findings.again == [cmd.Connect(CALL, SATO)]


def test_a_caller_who_hung_up_meanwhile_has_ended_the_call_and_leaves_no_orphan() -> None:
    router = before_the_kill(*TALKS)
    there = scene(up(leg()), bridges=(Bridge(BRIDGE, "mixing", (leg(),)),))
    findings = found(router, there)
    assert findings.heard.events == [ev.CallerHungUp(CALL)]
    assert [kept.call for kept in findings.heard.recordings] == [CALL]
    assert findings.heard.requests == [ask.hangup(leg()), ask.destroy_bridge(BRIDGE)]


def test_a_communicator_who_hung_up_meanwhile_has_ended_the_call() -> None:
    findings = found(before_the_kill(*TALKS), scene(up(CALL)))
    assert findings.heard.events == [ev.AgentHungUp(CALL, SATO)]


def test_calls_that_asterisk_lost_are_closed_as_lost() -> None:
    findings = found(before_the_kill(*TALKS), scene(started_at=120.0))
    assert findings.heard.events == [ev.CallLost(CALL)]


def test_a_ring_that_goes_on_is_left_alone() -> None:
    findings = found(before_the_kill(*RINGS), scene(channel(CALL), channel(leg(), state="Ringing")))
    assert (findings.heard.events, findings.again) == ([], [])


def test_a_ring_that_was_decided_but_not_begun_begins() -> None:
    findings = found(before_the_kill(*RINGS), scene(channel(CALL)))
    assert findings.heard.events == [ev.RingLost(CALL, SATO)]


def test_an_answer_that_was_not_heard_is_heard_now() -> None:
    findings = found(before_the_kill(*RINGS), scene(channel(CALL), up(leg()), held=(CALL, leg())))
    assert findings.heard.events == [ev.AgentAnswered(CALL, SATO)]


def test_a_waiting_caller_hears_the_guidance_again() -> None:
    findings = found(before_the_kill(ARRIVED), scene(up(CALL)))
    assert findings.again == [cmd.PlayGuidance(CALL, cmd.Guidance.WAITING)]


def test_a_caller_on_hold_stays_on_hold() -> None:
    findings = found(before_the_kill(*TALKS, ev.CallHeld(CALL)), scene(up(CALL), up(leg())))
    assert findings.again == [cmd.Hold(CALL, SATO)]


def test_a_caller_whom_the_journal_never_saw_arrives_with_his_waiting_time() -> None:
    findings = found(before_the_kill(), scene(channel(CALL), held=(CALL,)))
    assert findings.heard.events == [ev.CallArrived(CALL, MIDORI, "0312345678", waited_s=30.0)]


def test_a_caller_who_is_still_in_the_dialplan_is_left_to_come_by_himself() -> None:
    assert found(before_the_kill(), scene(channel(CALL))).heard.events == []


def test_what_belongs_to_no_call_is_cleared_away() -> None:
    stale_bridge = Bridge(BRIDGE, "mixing", ())
    foreign = Bridge("a-conference-of-somebody", "mixing", ())
    snoop = names.snoop(CALL, names.Side.CALLER)
    findings = found(before_the_kill(), scene(up(leg()), up(snoop), bridges=(stale_bridge, foreign)))
    assert {f"{r.method} {r.path}" for r in findings.heard.requests} == {
        f"DELETE channels/{leg()}",
        f"DELETE channels/{snoop}",
        f"DELETE bridges/{BRIDGE}",
    }


def test_an_earlier_leg_of_a_live_call_is_cleared_away() -> None:
    router = before_the_kill(*TALKS)
    there = scene(up(CALL), up(leg()), up(leg(at=90.0)), bridges=(Bridge(BRIDGE, "mixing", (CALL, leg())),))
    assert found(router, there).heard.requests == [ask.hangup(leg(at=90.0))]
