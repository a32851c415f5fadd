"""What Asterisk tells us, parsed once at the door; inside, no dict is indexed.

Unknown kinds, and known kinds that lack what we need, parse to None: an unexpected message must never
stop the switchboard. Moments are seconds since 1970-01-01 UTC, by Asterisk's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as it was when the message was sent."""

    id: str
    name: str
    """Technology, endpoint and a serial number, such as `PJSIP/agent-1-00000003`."""
    state: str
    """`Down`, `Ring` (unanswered caller), `Ringing` (unanswered callee), `Up`, …"""
    caller_number: str
    connected_number: str
    context: str
    exten: str
    created_at: float

    @property
    def endpoint(self) -> str:
        """Return the endpoint's name, such as `agent-1`; empty for channels of no endpoint."""
        technology, _, rest = self.name.partition("/")
        return rest.rpartition("-")[0] if technology == "PJSIP" else ""


@dataclass(frozen=True, slots=True)
class Bridge:
    """A bridge and the channels in it."""

    id: str
    type: str
    channels: tuple[str, ...]


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class StasisStart:
    """A channel entered our application."""

    at: float
    channel: Channel
    args: tuple[str, ...]
    replaces: str | None
    """Id of the channel that it takes the place of, after a transfer."""


@dataclass(frozen=True, slots=True)
class StasisEnd:
    """A channel left our application, mostly because it hung up."""

    at: float
    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelStateChange:
    """A channel began to ring, or was answered."""

    at: float
    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelHangupRequest:
    """A hang-up was asked for; the channel still exists."""

    at: float
    channel: Channel
    cause: int


@dataclass(frozen=True, slots=True)
class ChannelDestroyed:
    """A channel is gone. Told of the channels that we originated; of a caller, StasisEnd is the last word."""

    at: float
    channel: Channel
    cause: int
    """Q.850 cause: 16 normal, 17 busy, 19 no answer, 20 not registered, 21 rejected, 26 answered elsewhere, …"""


@dataclass(frozen=True, slots=True)
class PlaybackFinished:
    """A playback is over: played, stopped, or failed."""

    at: float
    playback: str
    target: str
    """What it was played to, such as `channel:<id>`."""
    failed: bool


@dataclass(frozen=True, slots=True)
class RecordingFinished:
    """A recording's file is complete."""

    at: float
    name: str
    duration_s: float | None


@dataclass(frozen=True, slots=True)
class RecordingFailed:
    """A recording could not be made or was broken off."""

    at: float
    name: str
    cause: str


@dataclass(frozen=True, slots=True)
class ApplicationReplaced:
    """Another client took over our application's name: this socket gets no more events."""

    at: float


AriEvent = (
    StasisStart
    | StasisEnd
    | ChannelStateChange
    | ChannelHangupRequest
    | ChannelDestroyed
    | PlaybackFinished
    | RecordingFinished
    | RecordingFailed
    | ApplicationReplaced
)


# ---------------------------------------------------------------- parsing


def parse(message: Message) -> AriEvent | None:
    """Return the typed event of an ARI message, or None for one that we do not use."""
    reader = READERS.get(str(message.get("type")))
    if reader is None:
        return None
    try:
        return reader(message, moment(message["timestamp"]))
    except (KeyError, TypeError, ValueError):
        return None


def moment(text: str) -> float:
    """Return seconds since 1970 of ARI's `2026-11-23T20:18:21.123+0000`."""
    return datetime.fromisoformat(text).timestamp()


def parse_channel(found: Message) -> Channel:
    """Parse ARI's Channel; KeyError, TypeError or ValueError when it is not one."""
    channel_id = found["id"]
    dialplan = found.get("dialplan") or {}
    return Channel(
        id=channel_id,
        name=found["name"],
        state=found["state"],
        caller_number=(found.get("caller") or {}).get("number", ""),
        connected_number=(found.get("connected") or {}).get("number", ""),
        context=dialplan.get("context", ""),
        exten=dialplan.get("exten", ""),
        created_at=moment(found["creationtime"]),
    )


def parse_bridge(found: Message) -> Bridge:
    """Parse ARI's Bridge; KeyError, TypeError or ValueError when it is not one."""
    return Bridge(id=found["id"], type=found["bridge_type"], channels=tuple(found["channels"]))


def _stasis_start(message: Message, at: float) -> StasisStart:
    replaced = message.get("replace_channel")
    return StasisStart(
        at,
        parse_channel(message["channel"]),
        tuple(message.get("args", ())),
        replaced["id"] if replaced else None,
    )


def _stasis_end(message: Message, at: float) -> StasisEnd:
    return StasisEnd(at, parse_channel(message["channel"]))


def _state_change(message: Message, at: float) -> ChannelStateChange:
    return ChannelStateChange(at, parse_channel(message["channel"]))


def _hangup_request(message: Message, at: float) -> ChannelHangupRequest:
    return ChannelHangupRequest(at, parse_channel(message["channel"]), int(message.get("cause", 0)))


def _destroyed(message: Message, at: float) -> ChannelDestroyed:
    return ChannelDestroyed(at, parse_channel(message["channel"]), int(message["cause"]))


def _playback_finished(message: Message, at: float) -> PlaybackFinished:
    playback = message["playback"]
    return PlaybackFinished(at, playback["id"], playback["target_uri"], playback["state"] == "failed")


def _recording_finished(message: Message, at: float) -> RecordingFinished:
    recording = message["recording"]
    duration = recording.get("duration")
    return RecordingFinished(at, recording["name"], None if duration is None else float(duration))


def _recording_failed(message: Message, at: float) -> RecordingFailed:
    recording = message["recording"]
    return RecordingFailed(at, recording["name"], recording.get("cause", ""))


def _replaced(message: Message, at: float) -> ApplicationReplaced:
    return ApplicationReplaced(at)


READERS: Mapping[str, Callable[[Message, float], AriEvent]] = {
    "StasisStart": _stasis_start,
    "StasisEnd": _stasis_end,
    "ChannelStateChange": _state_change,
    "ChannelHangupRequest": _hangup_request,
    "ChannelDestroyed": _destroyed,
    "PlaybackFinished": _playback_finished,
    "RecordingFinished": _recording_finished,
    "RecordingFailed": _recording_failed,
    "ApplicationReplaced": _replaced,
}

KINDS: frozenset[str] = frozenset(READERS)
"""The kinds of message that we ask Asterisk for: about a handful a call instead of 49."""
