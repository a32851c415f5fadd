"""A real Asterisk for tests, on free ports in a folder of its own, and an ear for its events."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from madoguchi.telephony import provision, wording
from madoguchi.telephony.ari import requests
from madoguchi.telephony.ari.client import Ari, Connected, Notice
from madoguchi.telephony.ari.events import StasisStart
from madoguchi.telephony.config import extensions_conf
from madoguchi.telephony.prompts import Prompts
from madoguchi.telephony.server import Server
from madoguchi.telephony.settings import Extension, TelephoneSettings

AGENTS = (Extension("agent-1", "secret-of-agent-1"), Extension("agent-2", "secret-of-agent-2"))
NUMBER = "0120000123"
CALLER = "09012345678"
TELEPHONES = (Extension("telephone-1", "secret-of-telephone-1"),)


def cache_dir() -> Path:
    """Return the folder where the provisioned root file system is kept between runs."""
    return Path(os.environ.get("MADOGUCHI_CACHE", Path.home() / ".cache/madoguchi"))


def free_port(kind: socket.SocketKind) -> int:
    """Return a port on the loopback address that nobody listens on now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_in(home: Path, **changes: Any) -> TelephoneSettings:
    """Return settings for an Asterisk below `home`, on free ports."""
    first = free_port(socket.SOCK_DGRAM) // 2 * 2
    first = min(first, 65_000 - 500)
    given: dict[str, Any] = {
        "asterisk_dir": home / "asterisk",
        "recordings_dir": home / "recordings",
        "prompts_dir": home / "prompts",
        "root_dir": None,
        "http_port": free_port(socket.SOCK_STREAM),
        "sip_port": free_port(socket.SOCK_DGRAM),
        "rtp_first": first,
        "rtp_last": first + 499,
        "ari_user": "madoguchi",
        "ari_password": "secret-of-ari",
    }
    return TelephoneSettings(**(given | changes))


@contextmanager
def running_asterisk(
    home: Path,
    *,
    agents: Sequence[Extension] = AGENTS,
    telephones: Sequence[Extension] = TELEPHONES,
    extra_modules: Sequence[str] = (),
    say: Callable[[str], None] = print,
    **changes: Any,
) -> Iterator[Server]:
    """Run one Asterisk below `home` for as long as the block lasts."""
    installation = provision.find_or_make(cache_dir(), say)
    server = Server(settings_in(home, root_dir=installation.root_dir, **changes), installation)
    server.start(agents, telephones, extra_modules=extra_modules)
    try:
        yield server
    finally:
        server.stop()


# ---------------------------------------------------------------- listening to ARI

Found = TypeVar("Found")


@dataclass
class Ear:
    """An `Ari` and all that its stream has told so far."""

    ari: Ari
    heard: list[Notice] = field(default_factory=list)

    async def hear(
        self, kind: type[Found], when: Callable[[Found], bool] = lambda found: True, within_s: float = 15
    ) -> Found:
        """Return the next notice of a kind, of those already heard too, each once; TimeoutError otherwise."""
        for position, notice in enumerate(self.heard):
            if isinstance(notice, kind) and when(notice):
                del self.heard[position]
                return notice
        async with asyncio.timeout(within_s):
            async for notice in self.ari.events():
                if isinstance(notice, kind) and when(notice):
                    return notice
                self.heard.append(notice)
        raise AssertionError("the stream never ends")


@asynccontextmanager
async def listening(settings: TelephoneSettings, **options: Any) -> AsyncIterator[Ear]:
    """Connect an `Ari` and wait until it is connected."""
    async with Ari(settings, **options) as ari:
        ear = Ear(ari)
        await ear.hear(Connected)
        yield ear


async def call_in(
    ear: Ear, server: Server, name: str, *, text: str = wording.WAITING, times: int = 1
) -> StasisStart:
    """Let the test caller ring our number through the trunk; return the caller's arrival."""
    media = Prompts(server.settings.prompts_dir).speak(text)
    ringing = ear.ari.submit(
        requests.originate_to_dialplan(
            f"{name}-test-caller",
            f"PJSIP/{NUMBER}@loop",
            context="speak",
            extension="s",
            caller_id=CALLER,
            variables={extensions_conf.PROMPT: str(media), extensions_conf.TIMES: str(times)},
        )
    )
    arrival = await ear.hear(StasisStart, lambda found: found.args[:1] == ("inbound",))
    assert (await ringing).ok
    return arrival
