"""A real call through the local trunk: out of Asterisk by SIP, and in again like any caller's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import uuid4

from madoguchi.kernel.errors import Trouble
from madoguchi.telephony.ari import events, requests
from madoguchi.telephony.ari.client import Ari, Connected, Disconnected
from madoguchi.telephony.ari.lanes import Reply
from madoguchi.telephony.settings import TelephoneSettings

UNALLOCATED = 1
"""Q.850 cause: the number belongs to nobody. The switchboard alone gives it."""


class Happening(StrEnum):
    """What a caller notices of a call."""

    RINGING = "ringing"
    ANSWERED = "answered"
    SPOKEN = "spoken"
    """All that was to be said has been said."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Told:
    """One happening of a call, `at` seconds since 1970 by Asterisk's clock."""

    happening: Happening
    at: float
    cause: int | None = None
    """Q.850 cause, when it ended."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The call to place."""

    number: str
    caller: str
    """Shown to the other side; empty for a withheld number."""
    media: Sequence[str]
    """What to say once answered, as ARI's media; may be empty."""
    seconds: float
    """We hang up after this long, answered or not."""


async def place(settings: TelephoneSettings, wish: Wish) -> AsyncGenerator[Told]:
    """Place the call and tell what happens, to its end. Raises `Trouble` when it cannot be placed."""
    name = f"caller-{uuid4().hex[:12]}"
    own = replace(settings, app=f"{settings.app}-{name}")
    async with Ari(own, lanes=1) as ari:
        await _dial(ari, own.app, name, wish)
        hang_up = asyncio.get_running_loop().call_later(
            wish.seconds, lambda: ari.submit(requests.hangup(name))
        )
        try:
            async with aclosing(_listen(ari, name, wish)) as tellings:
                async for told in tellings:
                    yield told
        finally:
            hang_up.cancel()
            await ari.send(requests.hangup(name))


async def _dial(ari: Ari, app: str, name: str, wish: Wish) -> None:
    async for notice in ari.events():
        if isinstance(notice, Disconnected):
            raise _away(notice.reason)
        if isinstance(notice, Connected):
            break
    reply = await ari.send(
        requests.originate(
            name,
            f"PJSIP/{wish.number}@loop",
            app=app,
            app_args="call",
            caller_id=f"<{wish.caller or 'anonymous'}>",
            timeout_s=max(1, round(wish.seconds)),
        )
    )
    if not reply.ok:
        raise _not_placed(reply)


async def _listen(ari: Ari, name: str, wish: Wish) -> AsyncGenerator[Told]:
    async for notice in ari.events():
        match notice:
            case Disconnected(reason=reason):
                raise _away(reason)
            case events.ChannelStateChange(channel=channel, at=at) if channel.id == name:
                if channel.state == "Ringing":
                    yield Told(Happening.RINGING, at)
            case events.StasisStart(channel=channel, at=at) if channel.id == name:
                yield Told(Happening.ANSWERED, at)
                if wish.media:
                    ari.submit(requests.play(name, f"{name}-speech", wish.media))
            case events.PlaybackFinished(at=at, failed=False):
                yield Told(Happening.SPOKEN, at)
            case events.ChannelDestroyed(channel=channel, at=at, cause=cause) if channel.id == name:
                yield Told(Happening.ENDED, at, cause)
                return


def _away(reason: str) -> Trouble:
    return Trouble(
        "asterisk_away",
        ja=f"電話設備(Asterisk)につながりません({reason})。madoguchi up で起動してから、もう一度実行してください。",
        en=f"Asterisk cannot be reached ({reason}). Start the centre with madoguchi up, then run this again.",
    )


def _not_placed(reply: Reply) -> Trouble:
    return Trouble(
        "call_not_placed",
        ja=f"電話をかけられませんでした(Asterisk の応答 {reply.status})。madoguchi doctor で状態を確認してください。",
        en=f"The call could not be placed (Asterisk answered {reply.status}). See madoguchi doctor.",
    )
