"""The names we give to channels, bridges and recordings: made from the call's id, so that they can be read back.

A call's id is its caller's channel id, given by Asterisk. Everything else that belongs to the call is
named by us: doing a thing twice then meets the same name and is harmless, and after a restart a list of
names tells what belongs to which call.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from madoguchi.acd.events import AgentId, CallId

SEPARATOR = "~"


class Side(StrEnum):
    """Whose voice a recording holds: heard at the caller's channel, so it follows him through every transfer."""

    CALLER = "caller"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Leg:
    """A communicator's side of a call."""

    call: CallId
    agent: AgentId
    channel: str

    @property
    def begun_ms(self) -> int:
        """Return when its ring was commanded: the later of two legs is the present one."""
        return int(self.channel.rpartition(SEPARATOR)[2])


def leg(call: CallId, agent: AgentId, at: float) -> Leg:
    """Name the leg of a ring commanded at `at`: ringing the same communicator again gives another name."""
    return Leg(call, agent, SEPARATOR.join((call, "agent", str(agent), str(round(at * 1000)))))


def leg_of(channel: str) -> Leg | None:
    """Read a leg's name back; None when the channel is no leg."""
    match channel.split(SEPARATOR):
        case [call, "agent", agent, begun_ms] if agent.isdecimal() and begun_ms.isdecimal():
            return Leg(CallId(call), AgentId(int(agent)), channel)
    return None


def bridge(call: CallId) -> str:
    """Name the bridge in which caller and communicator talk."""
    return f"{call}{SEPARATOR}talk"


def snoop(call: CallId, side: Side) -> str:
    """Name the channel that listens for a recording; the recording has the same name."""
    return SEPARATOR.join((call, "recording", side))


def snoop_of(name: str) -> tuple[CallId, Side] | None:
    """Read a snoop's or a recording's name back."""
    match name.split(SEPARATOR):
        case [call, "recording", side] if side in tuple(Side):
            return CallId(call), Side(side)
    return None


def playback(call: CallId, at: float) -> str:
    """Name a guidance begun at `at`."""
    return SEPARATOR.join((call, "guidance", str(round(at * 1000))))


def call_of(name: str) -> CallId:
    """Return the call that a name of ours belongs to; a caller's channel belongs to itself."""
    return CallId(name.split(SEPARATOR)[0])


def named_in(path: str) -> str:
    """Return the name that an ARI path is about, such as the channel in `channels/NAME/answer`; or nothing."""
    match path.split("/"):
        case ["recordings", "live", name, *_] | ["channels" | "bridges" | "playbacks", name, *_]:
            return unquote(name)
    return ""


def is_ours(name: str) -> bool:
    """Whether we made the name (and may therefore clear away what bears it)."""
    return SEPARATOR in name
