"""After a restart, or a lost connection: compare what the router believes with what Asterisk has.

The router has been rebuilt from the journal; Asterisk went on alone. Whatever differs happened in
between: `compare` says it as events (the caller has hung up, a new caller is here) and as requests (do
again what may not have been done, clear away what belongs to nobody). Doing either twice is harmless.
Measured behaviour of Asterisk: shared/telephony.md, "When the control process dies".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev
from madoguchi.acd.router import Router
from madoguchi.acd.state import Call
from madoguchi.acd.transitions import CallState
from madoguchi.switchboard import names
from madoguchi.switchboard.translate import Heard, Translator, recording_of
from madoguchi.switchboard.wire import WiredCall
from madoguchi.telephony.ari import requests as ask
from madoguchi.telephony.ari.events import Bridge, Channel


@dataclass(frozen=True, slots=True)
class Scene:
    """What Asterisk has at this moment."""

    channels: Mapping[str, Channel]
    bridges: Mapping[str, Bridge]
    in_application: frozenset[str]
    """Channels that our application holds."""
    started_at: float
    """When Asterisk started: calls that arrived before were lost with it."""


@dataclass(slots=True)
class Findings:
    """What the comparison found: to be handled and carried out in this order."""

    heard: Heard = field(default_factory=Heard)
    again: list[cmd.Command] = field(default_factory=list)
    """Commands that may not have been carried out."""


def compare(router: Router, translator: Translator, scene: Scene, now: float) -> Findings:
    """Rebuild the wire's memory from the scene and say what must be put right."""
    findings = Findings()
    translator.wire.calls.clear()
    for call in list(router.floor.calls.values()):
        channel = scene.channels.get(call.id)
        if channel is None:
            _note_the_end(call, scene, findings)
            continue
        wired = translator.adopt(call.id, channel, channel.exten)
        _adopt_leg(wired, call, scene)
        _compare_call(call, wired, scene, findings)
    _find_new_callers(router, translator, scene, findings, now)
    findings.heard.requests += _sweep(translator, scene)
    return findings


def _note_the_end(call: Call, scene: Scene, findings: Findings) -> None:
    lost_with_asterisk = call.place[0] < scene.started_at
    findings.heard.events.append(ev.CallLost(call.id) if lost_with_asterisk else ev.CallerHungUp(call.id))
    if call.state in (CallState.TALKING, CallState.HOLDING):
        findings.heard.recordings.append(recording_of(call.id))


def _adopt_leg(wired: WiredCall, call: Call, scene: Scene) -> None:
    legs = [leg for name in scene.channels if (leg := names.leg_of(name)) and leg.call == call.id]
    own = (leg for leg in legs if leg.agent == call.agent)
    wired.leg = max(own, key=lambda leg: leg.begun_ms, default=None)
    wired.leg_answered = call.state in (CallState.TALKING, CallState.HOLDING)


def _compare_call(call: Call, wired: WiredCall, scene: Scene, findings: Findings) -> None:
    if call.agent is None:
        findings.again.append(cmd.PlayGuidance(call.id, cmd.Guidance.WAITING))
    elif call.state is CallState.RINGING:
        _compare_ringing(call, wired, call.agent, scene, findings)
    elif wired.leg is None:
        findings.heard.events.append(ev.AgentHungUp(call.id, call.agent))
    elif call.state is CallState.HOLDING:
        findings.again.append(cmd.Hold(call.id, call.agent))
    elif not _together(call, wired, scene):
        findings.again.append(cmd.Connect(call.id, call.agent))


def _compare_ringing(
    call: Call, wired: WiredCall, agent: ev.AgentId, scene: Scene, findings: Findings
) -> None:
    """Ring again where ringing never began, or ended because nobody was there to connect it."""
    if wired.leg is None:
        findings.heard.events.append(ev.RingLost(call.id, agent))
    elif scene.channels[wired.leg.channel].state == "Up" and wired.leg.channel in scene.in_application:
        wired.leg_answered = True
        findings.heard.events.append(ev.AgentAnswered(call.id, agent))


def _together(call: Call, wired: WiredCall, scene: Scene) -> bool:
    talk = scene.bridges.get(names.bridge(call.id))
    return talk is not None and wired.leg is not None and {call.id, wired.leg.channel} <= set(talk.channels)


def _find_new_callers(
    router: Router, translator: Translator, scene: Scene, findings: Findings, now: float
) -> None:
    """Announce callers who entered the application but were never put into the journal."""
    for channel in scene.channels.values():
        known = channel.id in router.floor.calls or names.is_ours(channel.id)
        if known or channel.id not in scene.in_application:
            continue
        found = translator.arrive(channel, channel.exten, channel.created_at, now)
        findings.heard.events += found.events
        findings.heard.requests += found.requests
        findings.heard.details += found.details


def _sweep(translator: Translator, scene: Scene) -> list[ask.Request]:
    """Clear away legs, recordings and bridges that belong to no caller who is here."""
    here = translator.wire.calls
    legs = {wired.leg.channel for wired in here.values() if wired.leg}
    requests = []
    for name in scene.channels:
        belongs = name in legs if names.leg_of(name) else names.call_of(name) in here
        if names.is_ours(name) and not belongs:
            requests.append(ask.hangup(name))
    for name in scene.bridges:
        if names.is_ours(name) and names.call_of(name) not in here:
            requests.append(ask.destroy_bridge(name))
    return requests
