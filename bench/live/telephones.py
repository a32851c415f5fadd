"""`python -m bench.live.telephones`: telephones that answer at once, talk, hang up, and take the time.

What is timed is what a communicator in a busy hour sees: from the moment its BYE is sent to the first
RTP packet that holds the next caller's own sound, on a port opened for that call alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

SOUND = b"\x11" * 160
"""A packet of a caller's voice: nothing that Asterisk itself would play."""
RESEND_S = 0.5

Address = tuple[str, int]


@dataclass(slots=True)
class Talk:
    """One call at one telephone."""

    agent: str
    call_id: str
    caller: str
    """The far side's From, which is the To of our BYE."""
    us: str
    target: str
    address: Address
    ear: socket.socket
    answer: bytes
    rang_at: float
    acknowledged_at: float | None = None
    heard: bool = False


@dataclass(slots=True)
class Freed:
    """One gap between two callers at one telephone, in milliseconds after the BYE."""

    invited_ms: float
    acknowledged_ms: float
    heard_ms: float


@dataclass(slots=True)
class Ledger:
    """The gaps so far, written down when there are enough."""

    file: Path
    wanted: int
    gaps: list[Freed] = field(default_factory=list)

    def add(self, gap: Freed) -> None:
        """Keep a gap."""
        self.gaps.append(gap)
        if len(self.gaps) == self.wanted:
            rows = [[gap.invited_ms, gap.acknowledged_ms, gap.heard_ms] for gap in self.gaps]
            draft = self.file.with_suffix(".part")
            draft.write_text(json.dumps(rows))
            draft.rename(self.file)


class Telephones(asyncio.DatagramProtocol):
    """All telephones behind one SIP socket."""

    def __init__(self, ledger: Ledger, talk_s: float, chance: random.Random) -> None:
        self._ledger = ledger
        self._talk_s = talk_s
        self._chance = chance
        self._talks: dict[str, Talk] = {}
        self._byes: dict[str, bytes] = {}
        self._freed_at: dict[str, float] = {}
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self._wire = cast(asyncio.DatagramTransport, transport)
        self._port = int(transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Take one SIP message."""
        now = time.perf_counter()
        text = data.decode(errors="replace")
        method = text.split(" ", 1)[0]
        call_id = header(text, "Call-ID")
        if method == "INVITE":
            self._ring(text, call_id, addr, now)
        elif method == "ACK":
            self._talk(call_id, now)
        elif method in ("BYE", "CANCEL", "OPTIONS"):
            self._wire.sendto(reply(text, "200 OK"), addr)
            self._end(call_id)
        elif " BYE" in header(text, "CSeq"):
            self._byes.pop(call_id, None)

    def _ring(self, text: str, call_id: str, addr: Address, now: float) -> None:
        if call_id in self._talks:
            self._wire.sendto(self._talks[call_id].answer, addr)
            return
        agent = text.split("sip:", 1)[1].split("@", 1)[0]
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ear.bind(("127.0.0.1", 0))
        ear.setblocking(False)
        us = f"{header(text, 'To')};tag=t{ear.getsockname()[1]}{len(self._ledger.gaps)}"
        contact = f"Contact: <sip:{agent}@127.0.0.1:{self._port}>"
        answer = reply(text, "200 OK", us, [contact, "Content-Type: application/sdp"], sdp(ear))
        target = header(text, "Contact").split("<")[1].split(">")[0]
        talk = Talk(agent, call_id, header(text, "From"), us, target, addr, ear, answer, now)
        self._talks[call_id] = talk
        self._loop.add_reader(ear, self._listen, talk)
        self._wire.sendto(reply(text, "180 Ringing", us, [contact]), addr)
        self._answer(talk)

    def _answer(self, talk: Talk) -> None:
        if talk.acknowledged_at is None and talk.call_id in self._talks:
            self._wire.sendto(talk.answer, talk.address)
            self._loop.call_later(RESEND_S, self._answer, talk)

    def _talk(self, call_id: str, now: float) -> None:
        talk = self._talks.get(call_id)
        if talk and talk.acknowledged_at is None:
            talk.acknowledged_at = now
            self._loop.call_later(self._talk_s * self._chance.uniform(0.75, 1.25), self._hang_up, talk)

    def _listen(self, talk: Talk) -> None:
        now = time.perf_counter()
        if talk.ear.recv(2048)[12:] != SOUND:
            return
        self._loop.remove_reader(talk.ear)
        talk.heard = True
        freed_at = self._freed_at.pop(talk.agent, None)
        if freed_at is not None:
            moments = (talk.rang_at, talk.acknowledged_at or now, now)
            self._ledger.add(Freed(*((moment - freed_at) * 1000 for moment in moments)))

    def _hang_up(self, talk: Talk) -> None:
        if talk.call_id not in self._talks:
            return
        self._byes[talk.call_id] = bye(talk, self._port)
        if talk.heard:
            self._freed_at[talk.agent] = time.perf_counter()
        self._send_bye(talk)
        self._end(talk.call_id)

    def _send_bye(self, talk: Talk) -> None:
        message = self._byes.get(talk.call_id)
        if message is not None:
            self._wire.sendto(message, talk.address)
            self._loop.call_later(RESEND_S, self._send_bye, talk)

    def _end(self, call_id: str) -> None:
        talk = self._talks.pop(call_id, None)
        if talk is not None:
            self._loop.remove_reader(talk.ear)
            talk.ear.close()


def header(text: str, name: str) -> str:
    """Return a header's value; empty when there is none."""
    found = re.search(rf"^{name}:[ \t]*(.*?)\r?$", text, re.IGNORECASE | re.MULTILINE)
    return found.group(1) if found else ""


def reply(text: str, status: str, to: str = "", more: list[str] | None = None, body: str = "") -> bytes:
    """Return the answer to a request."""
    vias = re.findall(r"^Via:.*?(?=\r?$)", text, re.IGNORECASE | re.MULTILINE)
    lines = [f"SIP/2.0 {status}", *vias, f"From: {header(text, 'From')}", f"To: {to or header(text, 'To')}"]
    lines += [f"Call-ID: {header(text, 'Call-ID')}", f"CSeq: {header(text, 'CSeq')}", *(more or [])]
    return ("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body])).encode()


def bye(talk: Talk, port: int) -> bytes:
    """Return the BYE of a telephone that was called."""
    lines = [
        f"BYE {talk.target} SIP/2.0",
        f"Via: SIP/2.0/UDP 127.0.0.1:{port};rport;branch=z9hG4bK-bye-{talk.ear.getsockname()[1]}-{talk.call_id}",
        f"From: {talk.us}",
        f"To: {talk.caller}",
        f"Call-ID: {talk.call_id}",
        "CSeq: 1 BYE",
        "Max-Forwards: 70",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def sdp(ear: socket.socket) -> str:
    """Return the session description that wants the sound at `ear`."""
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
    lines += [f"m=audio {ear.getsockname()[1]} RTP/AVP 0", "a=rtpmap:0 PCMU/8000", ""]
    return "\r\n".join(lines)


async def _serve(port: int, ledger: Ledger, talk_s: float, seconds: float, seed: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(
        lambda: Telephones(ledger, talk_s, random.Random(seed)), local_addr=("127.0.0.1", port)
    )
    await asyncio.sleep(seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--gaps", type=int, required=True)
    parser.add_argument("--talk-s", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    asyncio.run(_serve(told.port, Ledger(told.file, told.gaps), told.talk_s, told.seconds, told.seed))
