"""Between Asterisk's words and the router's: ARI events become events, commands become ARI requests.

Nothing here waits for anything or decides who talks to whom. `Translator` keeps the little that the
translation itself must remember (`wire.Wire`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev
from madoguchi.acd.events import CallId
from madoguchi.switchboard import names
from madoguchi.switchboard.ports import CallDetail, Line, RecordingKept
from madoguchi.switchboard.wire import Wire, WiredCall
from madoguchi.telephony.ari import events as ari
from madoguchi.telephony.ari import requests as ask
from madoguchi.telephony.ari.requests import Request
from madoguchi.telephony.settings import agent_endpoint

WAITING_MUSIC = "waiting"
HOLD_MUSIC = "hold"

HEARD = frozenset(
    {
        "StasisStart",
        "StasisEnd",
        "ChannelDestroyed",
        "PlaybackFinished",
        "RecordingFinished",
        "RecordingFailed",
        "ApplicationReplaced",
    }
)
"""The kinds of message that `Translator.hear` makes something of: ask Asterisk for no others."""

#: Q.850 causes that say the telephone is not there: unallocated, not registered, no route, out of order.
UNREACHABLE_CAUSES = frozenset({1, 3, 20, 27, 38})


@dataclass(slots=True)
class Heard:
    """What one message of Asterisk's means: for the router, for the wire, for the books."""

    events: list[ev.Event] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    details: list[CallDetail] = field(default_factory=list)
    recordings: list[RecordingKept] = field(default_factory=list)


def caller_number(presented: str) -> str:
    """Return a caller's number as digits within Japan; empty when withheld or unreadable."""
    digits = presented.removeprefix("+")
    if digits != presented and digits.startswith("81"):
        digits = "0" + digits[2:]
    return digits if digits.isdecimal() else ""


class Translator:
    """Both directions for one Asterisk. `guidance` gives the media of each spoken guidance."""

    def __init__(self, *, app: str, guidance: Mapping[cmd.Guidance, Sequence[str]]) -> None:
        self.wire = Wire()
        self.app = app
        self._guidance = guidance
        self._lines: dict[str, Line] = {}

    def know_lines(self, lines: Sequence[Line]) -> None:
        """Take over the numbers that lead to programmes."""
        self._lines = {line.number: line for line in lines}

    def adopt(self, call: CallId, channel: ari.Channel, dnis: str) -> WiredCall:
        """Put a caller's channel on the wire, as it is."""
        line = self._lines.get(dnis)
        wired = WiredCall(call, dnis, record=line is not None and line.record, answered=channel.state == "Up")
        self.wire.calls[call] = wired
        return wired

    # ------------------------------------------------------------ what we hear

    def hear(self, event: ari.AriEvent, now: float) -> Heard:
        """Say what a message of Asterisk's means at `now`."""
        match event:
            case ari.StasisStart(channel=channel, args=args):
                return self._entered(channel, args, now)
            case ari.StasisEnd(channel=channel):
                return self._gone(channel.id, cause=16)
            case ari.ChannelDestroyed(channel=channel, cause=cause):
                return self._gone(channel.id, cause=cause)
            case ari.PlaybackFinished(playback=playback):
                return self._guidance_spoken(playback)
            case ari.RecordingFinished(name=name) | ari.RecordingFailed(name=name):
                return self._recording_over(name)
        return Heard()

    def _entered(self, channel: ari.Channel, args: Sequence[str], now: float) -> Heard:
        match list(args):
            case ["inbound", dnis, arrived_at]:
                return self.arrive(channel, dnis, float(arrived_at), now)
            case ["agent", *_] if leg := names.leg_of(channel.id):
                return self._leg_answered(leg)
            case ["recording", *_]:
                return Heard(requests=[ask.record_channel(channel.id, channel.id)])
        return Heard(requests=[ask.hangup(channel.id)])

    def arrive(self, channel: ari.Channel, dnis: str, arrived_at: float, now: float) -> Heard:
        """Take a caller on the wire; a number that is nobody's is refused at once."""
        line = self._lines.get(dnis)
        if line is None:
            return Heard(requests=[ask.hangup(channel.id, "unallocated")])
        call = CallId(channel.id)
        self.adopt(call, channel, dnis)
        waited_s = max(0.0, now - arrived_at)
        arrived = ev.CallArrived(call, line.programme, caller_number(channel.caller_number), waited_s)
        return Heard(events=[arrived], details=[CallDetail(call, dnis)])

    def _leg_answered(self, leg: names.Leg) -> Heard:
        if not self.wire.leg_is_current(leg):
            return Heard(requests=[ask.hangup(leg.channel)])
        self.wire.calls[leg.call].leg_answered = True
        return Heard(events=[ev.AgentAnswered(leg.call, leg.agent)])

    def _gone(self, channel: str, *, cause: int) -> Heard:
        if leg := names.leg_of(channel):
            return self._leg_gone(leg, cause)
        if CallId(channel) in self.wire.calls:
            return Heard(events=[ev.CallerHungUp(CallId(channel))])
        return Heard()

    def _leg_gone(self, leg: names.Leg, cause: int) -> Heard:
        if not self.wire.leg_is_current(leg):
            return Heard()
        call = self.wire.calls[leg.call]
        call.leg = None
        if call.leg_answered:
            return Heard(events=[ev.AgentHungUp(leg.call, leg.agent)])
        return Heard(events=[ev.AgentDeclined(leg.call, leg.agent, declined_reason(cause))])

    def ring_refused(self, leg: names.Leg) -> Heard:
        """Say what it means that Asterisk would not even call a communicator's telephone."""
        if not self.wire.leg_is_current(leg):
            return Heard()
        self.wire.calls[leg.call].leg = None
        return Heard(events=[ev.AgentDeclined(leg.call, leg.agent, ev.AwayReason.UNREACHABLE)])

    def _guidance_spoken(self, playback: str) -> Heard:
        call = self.wire.calls.get(names.call_of(playback))
        if call is None or call.playback != playback:
            return Heard()
        call.playback = None
        return Heard(requests=[ask.moh_start(call.id, WAITING_MUSIC)])

    def _recording_over(self, name: str) -> Heard:
        found = names.snoop_of(name)
        call = (self.wire.over.get(found[0]) or self.wire.calls.get(found[0])) if found else None
        if found is None or call is None:
            return Heard()
        call.kept.add(found[1])
        if len(call.kept) < len(names.Side):
            return Heard()
        self.wire.over.pop(call.id, None)
        return Heard(recordings=[recording_of(call.id)])

    # ------------------------------------------------------------ what we ask for

    def ask(self, command: cmd.Command, at: float) -> list[Request]:
        """Say in Asterisk's words what a command of the moment `at` wants."""
        call = self.wire.calls.get(command.call)
        if call is None:
            return []
        match command:
            case cmd.Ring():
                return self._ring(call, command, at)
            case cmd.PlayGuidance(guidance=guidance):
                return self._guide(call, guidance, at)
            case cmd.StopRinging():
                return self._release(call)
            case cmd.Reject():
                return [ask.hangup(call.id, "unallocated")]
        return self._ask_of_a_talk(call, command)

    def _ask_of_a_talk(
        self, call: WiredCall, command: cmd.Connect | cmd.ReleaseAgent | cmd.Hold | cmd.Resume | cmd.HangUp
    ) -> list[Request]:
        bridge = names.bridge(call.id)
        match command:
            case cmd.Connect():
                return self._connect(call)
            case cmd.ReleaseAgent():
                return self._release(call)
            case cmd.Hold():
                return [ask.remove_channel(bridge, call.id), ask.moh_start(call.id, HOLD_MUSIC)]
            case cmd.Resume():
                return [ask.moh_stop(call.id), ask.add_channel(bridge, call.id)]
            case cmd.HangUp():
                return [ask.hangup(call.id)]

    def _ring(self, call: WiredCall, command: cmd.Ring, at: float) -> list[Request]:
        call.leg, call.leg_answered = names.leg(call.id, command.agent, at), False
        originate = ask.originate(
            call.leg.channel,
            f"PJSIP/{agent_endpoint(command.agent)}",
            app=self.app,
            app_args=f"agent,{call.id}",
            caller_id=call.dnis,
            # The router's own clock decides; Asterisk's is the net under it.
            timeout_s=round(command.timeout_s) + 10,
        )
        return [originate]

    def _connect(self, call: WiredCall) -> list[Request]:
        if call.leg is None:
            return []
        bridge = names.bridge(call.id)
        requests = self._quiet(call) if call.answered else [ask.answer(call.id)]
        call.answered = True
        requests += [ask.create_bridge(bridge), ask.add_channel(bridge, call.id, call.leg.channel)]
        if call.record:
            requests += [
                ask.snoop(call.id, names.snoop(call.id, side), spy=spy, app=self.app, app_args="recording")
                for side, spy in SPIES
            ]
        return requests

    def _quiet(self, call: WiredCall) -> list[Request]:
        playback, call.playback = call.playback, None
        return [ask.stop_playback(playback)] if playback else [ask.moh_stop(call.id)]

    def _guide(self, call: WiredCall, guidance: cmd.Guidance, at: float) -> list[Request]:
        before = self._quiet(call) if call.answered else [ask.answer(call.id)]
        call.answered, call.playback = True, names.playback(call.id, at)
        return [*before, ask.play(call.id, call.playback, self._guidance[guidance])]

    def _release(self, call: WiredCall) -> list[Request]:
        leg, call.leg = call.leg, None
        return [ask.hangup(leg.channel)] if leg else []

    def clear_up(self, over: CallId) -> list[Request]:
        """Forget a call that is over for the router, and end what is left of it on the wire."""
        call = self.wire.calls.get(over)
        if call is None:
            return []
        talked = call.leg_answered
        self.wire.forget(over)
        requests = [ask.hangup(call.leg.channel)] if call.leg else []
        if talked:
            requests.append(ask.destroy_bridge(names.bridge(over)))
        if talked and call.record:
            requests += [ask.stop_recording(names.snoop(over, side)) for side in names.Side]
            requests += [ask.hangup(names.snoop(over, side)) for side in names.Side]
        return requests


#: What the caller's channel says is his voice; what it hears is the communicator's.
SPIES: tuple[tuple[names.Side, Any], ...] = ((names.Side.CALLER, "in"), (names.Side.AGENT, "out"))


def recording_of(call: CallId) -> RecordingKept:
    """Name the two files of a call's recording."""
    caller, agent = (f"{names.snoop(call, side)}.wav" for side in (names.Side.CALLER, names.Side.AGENT))
    return RecordingKept(call, caller, agent)


def declined_reason(cause: int) -> ev.AwayReason:
    """Say why a telephone did not take a call, from the Q.850 cause of its end."""
    return ev.AwayReason.UNREACHABLE if cause in UNREACHABLE_CAUSES else ev.AwayReason.NO_ANSWER
