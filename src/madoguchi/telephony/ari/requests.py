"""What we ask of Asterisk: frozen values, made by one small pure function each.

All ids (channel, bridge, playback, recording) are chosen by us, so that asking twice is harmless: a
repeated creation answers 409, a repeated removal 404. A 204 means queued, not done: act on events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, urlencode

HangupReason = Literal[
    "normal", "busy", "congestion", "no_answer", "rejected", "unallocated", "normal_unspecified"
]
Media = Literal["in", "out", "both"]


@dataclass(frozen=True, slots=True)
class Request:
    """One REST request; `path` is below `/ari/` and already percent-encoded."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def uri(self) -> str:
        """Return path and query as ARI wants them in one line."""
        return f"{self.path}?{urlencode(self.query, quote_via=quote)}" if self.query else self.path


def _path(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)


def _given(**query: str | None) -> dict[str, str]:
    return {name: value for name, value in query.items() if value is not None}


# ---------------------------------------------------------------- channels


def originate(
    channel: str,
    endpoint: str,
    *,
    app: str,
    app_args: str,
    caller_id: str = "",
    timeout_s: int = 30,
    originator: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> Request:
    """Call `endpoint` (such as `PJSIP/agent-1`); its channel enters `app` with `app_args` when answered.

    An endpoint without a registered contact answers 500 `Allocation failed`. `variables` must not name
    functions (deadlocks before 22.10).
    """
    query = {"endpoint": endpoint, "app": app, "appArgs": app_args, "timeout": str(timeout_s)}
    query |= _given(callerId=caller_id or None, originator=originator)
    return Request(
        "POST", _path("channels", channel), query, {"variables": dict(variables)} if variables else None
    )


def originate_to_dialplan(
    channel: str,
    endpoint: str,
    *,
    context: str,
    extension: str,
    caller_id: str = "",
    timeout_s: int = 30,
    variables: Mapping[str, str] | None = None,
) -> Request:
    """Call `endpoint`; its channel runs the dialplan at `context`, `extension` when answered."""
    query = {
        "endpoint": endpoint,
        "context": context,
        "extension": extension,
        "priority": "1",
        "timeout": str(timeout_s),
    }
    query |= _given(callerId=caller_id or None)
    return Request(
        "POST", _path("channels", channel), query, {"variables": dict(variables)} if variables else None
    )


def channels() -> Request:
    """List all channels."""
    return Request("GET", "channels")


def channel(channel_id: str) -> Request:
    """Describe one channel; 404 when it is gone."""
    return Request("GET", _path("channels", channel_id))


def answer(channel_id: str) -> Request:
    """Answer a ringing caller."""
    return Request("POST", _path("channels", channel_id, "answer"))


def ring(channel_id: str) -> Request:
    """Let an unanswered caller hear ringing (SIP 180)."""
    return Request("POST", _path("channels", channel_id, "ring"))


def ring_stop(channel_id: str) -> Request:
    """Stop the ringing tone on a channel."""
    return Request("DELETE", _path("channels", channel_id, "ring"))


def hangup(channel_id: str, reason: HangupReason = "normal") -> Request:
    """End a channel; before the answer `reason` decides the SIP response (`unallocated` is 404)."""
    return Request("DELETE", _path("channels", channel_id), {"reason": reason})


def continue_in_dialplan(channel_id: str, *, context: str, extension: str) -> Request:
    """Give a channel back to the dialplan."""
    query = {"context": context, "extension": extension, "priority": "1"}
    return Request("POST", _path("channels", channel_id, "continue"), query)


def moh_start(channel_id: str, music: str = "default") -> Request:
    """Play the music class `music` to a channel."""
    return Request("POST", _path("channels", channel_id, "moh"), {"mohClass": music})


def moh_stop(channel_id: str) -> Request:
    """Stop a channel's music."""
    return Request("DELETE", _path("channels", channel_id, "moh"))


def mute(channel_id: str, direction: Media = "both") -> Request:
    """Drop audio from (`in`) or to (`out`) a channel."""
    return Request("POST", _path("channels", channel_id, "mute"), {"direction": direction})


def unmute(channel_id: str, direction: Media = "both") -> Request:
    """Let the audio through again."""
    return Request("DELETE", _path("channels", channel_id, "mute"), {"direction": direction})


def get_variable(channel_id: str, name: str) -> Request:
    """Read a channel variable; 404 when it is not set."""
    return Request("GET", _path("channels", channel_id, "variable"), {"variable": name})


def set_variable(channel_id: str, name: str, value: str) -> Request:
    """Set a channel variable."""
    return Request("POST", _path("channels", channel_id, "variable"), {"variable": name, "value": value})


# ---------------------------------------------------------------- what is heard and recorded


def play(channel_id: str, playback: str, media: Sequence[str]) -> Request:
    """Play `media` (such as `sound:/path/without/extension`) one after another to a channel."""
    return Request("POST", _path("channels", channel_id, "play", playback), {"media": ",".join(media)})


def stop_playback(playback: str) -> Request:
    """Stop a playback; 404 when it is over."""
    return Request("DELETE", _path("playbacks", playback))


def snoop(channel_id: str, snoop_id: str, *, spy: Media, app: str, app_args: str) -> Request:
    """Make a channel that hears `channel_id`: what it says (`in`), what it hears (`out`), or both.

    The new channel raises its own StasisStart: `app_args` tells it from a caller.
    """
    query = {"spy": spy, "app": app, "appArgs": app_args}
    return Request("POST", _path("channels", channel_id, "snoop", snoop_id), query)


def record_channel(channel_id: str, name: str, audio_format: str = "wav") -> Request:
    """Record a channel that is in no bridge to `<recordings>/<name>.<format>`; an existing file is kept (409)."""
    query = {"name": name, "format": audio_format, "ifExists": "fail", "terminateOn": "none"}
    return Request("POST", _path("channels", channel_id, "record"), query)


def stop_recording(name: str) -> Request:
    """Finish and keep a recording; 404 when it is over."""
    return Request("POST", _path("recordings", "live", name, "stop"))


# ---------------------------------------------------------------- bridges


def bridges() -> Request:
    """List all bridges."""
    return Request("GET", "bridges")


def create_bridge(bridge: str, bridge_type: str = "mixing") -> Request:
    """Create a bridge. It stays after its channels are gone: destroy it."""
    return Request("POST", _path("bridges", bridge), {"type": bridge_type})


def destroy_bridge(bridge: str) -> Request:
    """Remove a bridge; its channels go back to the application.

    It is gone a moment after the answer: its id cannot be used again at once (409).
    """
    return Request("DELETE", _path("bridges", bridge))


def add_channel(bridge: str, *channel_ids: str) -> Request:
    """Put channels into a bridge."""
    return Request("POST", _path("bridges", bridge, "addChannel"), {"channel": ",".join(channel_ids)})


def remove_channel(bridge: str, *channel_ids: str) -> Request:
    """Take channels out of a bridge."""
    return Request("POST", _path("bridges", bridge, "removeChannel"), {"channel": ",".join(channel_ids)})


# ---------------------------------------------------------------- the server


def application(app: str) -> Request:
    """Describe an application: the channels, bridges and endpoints it is subscribed to."""
    return Request("GET", _path("applications", app))


def event_filter(app: str, kinds: Iterable[str]) -> Request:
    """Send an application only events of these kinds.

    `RESTResponse` is added: without it the answers to REST over the event socket are swallowed too.
    """
    allowed = [{"type": kind} for kind in sorted({*kinds, "RESTResponse"})]
    return Request("PUT", _path("applications", app, "eventFilter"), body={"allowed": allowed})


def endpoint(name: str) -> Request:
    """Describe a PJSIP endpoint; its `state` is `online` while a telephone is registered."""
    return Request("GET", _path("endpoints", "PJSIP", name))


def info() -> Request:
    """Describe the server (version, uptime)."""
    return Request("GET", "asterisk/info")


def ping() -> Request:
    """Ask for a sign of life."""
    return Request("GET", "asterisk/ping")


def reload_module(name: str) -> Request:
    """Let a module read its configuration again."""
    return Request("PUT", _path("asterisk", "modules", name))
