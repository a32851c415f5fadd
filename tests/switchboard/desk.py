"""Words for the tests of the switchboard: a caller's channel, a communicator's leg, as Asterisk shows them."""

from __future__ import annotations

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev
from madoguchi.switchboard import names
from madoguchi.switchboard.ports import Line
from madoguchi.switchboard.translate import Translator
from madoguchi.telephony.ari.events import Channel, StasisEnd, StasisStart

MIDORI, SAKURA = ev.ProgrammeId(1), ev.ProgrammeId(2)
SATO, SUZUKI = ev.AgentId(1), ev.AgentId(2)
CALL = ev.CallId("1763900000.12")
NUMBER = "0120000123"
GUIDANCE = {cmd.Guidance.WAITING: ["sound:waiting"]}
LINES = [Line(NUMBER, MIDORI, record=True), Line("0120000456", SAKURA, record=False)]


def translator() -> Translator:
    made = Translator(app="madoguchi", guidance=GUIDANCE)
    made.know_lines(LINES)
    return made


def channel(name: str, *, state: str = "Ring", caller: str = "0312345678", exten: str = NUMBER) -> Channel:
    return Channel(
        id=name,
        name=f"PJSIP/trunk-{name}",
        state=state,
        caller_number=caller,
        connected_number="",
        context="inbound",
        exten=exten,
        created_at=100.0,
    )


def enters(name: str, *args: str, state: str = "Ring", caller: str = "0312345678") -> StasisStart:
    return StasisStart(100.0, channel(name, state=state, caller=caller), args, None)


def arrives(call: str = CALL, dnis: str = NUMBER, **details: str) -> StasisStart:
    return enters(call, "inbound", dnis, "100.000", **details)


def leaves(name: str) -> StasisEnd:
    return StasisEnd(100.0, channel(name))


def leg(at: float = 100.0, agent: ev.AgentId = SATO) -> str:
    return names.leg(CALL, agent, at).channel
