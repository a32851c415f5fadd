"""Callers that ring a real Asterisk: SIPp for an ordinary call, a raw telephone for an odd one."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

from madoguchi.telephony.settings import TelephoneSettings
from tests.parts.asterisk import free_port

CALL = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[
    INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:CALLER@[local_ip]:[local_port]>;tag=[pid]t[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:CALLER@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=- 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [media_port] RTP/AVP 0
    a=rtpmap:0 PCMU/8000
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true" timeout="40000"/>
  <send><![CDATA[
    ACK [next_url] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:CALLER@[local_ip]:[local_port]>;tag=[pid]t[call_number]
    [last_To:]
    [routes]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0
  ]]></send>
  <recv request="BYE" timeout="40000"/>
  <send><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0
  ]]></send>
</scenario>
"""


@contextmanager
def sipp_call(
    settings: TelephoneSettings, number: str, caller: str, folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Ring `number` with SIPp; it waits to be answered and to be hung up on, and then exits with 0."""
    scenario = folder / "caller.xml"
    scenario.write_text(CALL.replace("CALLER", caller))
    command = [
        "sipp",
        f"{settings.address}:{settings.sip_port}",
        "-sf",
        str(scenario),
        "-s",
        number,
        "-m",
        "1",
    ]
    command += [
        "-i",
        "127.0.0.1",
        "-p",
        str(free_port(socket.SOCK_DGRAM)),
        "-mp",
        str(free_port(socket.SOCK_DGRAM)),
    ]
    command += ["-nostdin", "-timeout", "60", "-timeout_error"]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


@dataclass
class RawTelephone:
    """A SIP telephone of a few lines over UDP, for saying exactly what a test wants said."""

    settings: TelephoneSettings
    source: str = "127.0.0.1"
    name: str = "stranger"
    password: str | None = None
    headers: tuple[str, ...] = ()

    def invite(self, number: str, *, patience_s: float = 2.0) -> list[str]:
        """Send an INVITE without SDP, with the password if asked for it; return the answers' first lines.

        A call that rings is taken back at once, one that nothing is heard of after `patience_s`.
        """
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
            wire.bind((self.source, 0))
            wire.settimeout(patience_s)
            answers = self._ask(wire, number, 1, ())
            challenge = re.search(r'realm="([^"]+)".*?nonce="([^"]+)"', answers[-1], re.DOTALL)
            if self.password is not None and answers[-1].startswith("SIP/2.0 401") and challenge:
                answers += self._ask(wire, number, 2, (self._authorisation(number, *challenge.groups()),))
        return [answer.partition("\r\n")[0] for answer in answers]

    def _ask(self, wire: socket.socket, number: str, turn: int, headers: Sequence[str]) -> list[str]:
        server = (self.settings.address, self.settings.sip_port)
        wire.sendto(self._message("INVITE", wire, number, turn, (*self.headers, *headers)), server)
        answers: list[str] = []
        while not answers or answers[-1].startswith("SIP/2.0 1"):
            try:
                answers.append(wire.recv(65_535).decode())
            except TimeoutError:
                break
            if answers[-1].startswith("SIP/2.0 180"):
                break
        if answers and answers[-1].startswith("SIP/2.0 1"):
            wire.sendto(self._message("CANCEL", wire, number, turn, ()), server)
            return answers
        wire.sendto(self._message("ACK", wire, number, turn, ()), server)
        return answers

    def _message(
        self, method: str, wire: socket.socket, number: str, turn: int, headers: Sequence[str]
    ) -> bytes:
        port = wire.getsockname()[1]
        lines = [
            f"{method} sip:{number}@{self.settings.address}:{self.settings.sip_port} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.source}:{port};rport;branch=z9hG4bK-{port}-{turn}",
            f"From: <sip:{self.name}@{self.source}>;tag=t{port}",
            f"To: <sip:{number}@{self.settings.address}>",
            f"Call-ID: raw-{port}@{self.source}",
            f"CSeq: {turn} {method}",
            f"Contact: <sip:{self.name}@{self.source}:{port}>",
            "Max-Forwards: 70",
            *headers,
            "Content-Length: 0",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _authorisation(self, number: str, realm: str, nonce: str) -> str:
        uri = f"sip:{number}@{self.settings.address}:{self.settings.sip_port}"
        who = md5(f"{self.name}:{realm}:{self.password}".encode()).hexdigest()
        what = md5(f"INVITE:{uri}".encode()).hexdigest()
        answer = md5(f"{who}:{nonce}:00000001:c:auth:{what}".encode()).hexdigest()
        return (
            f'Authorization: Digest username="{self.name}", realm="{realm}", nonce="{nonce}", uri="{uri}", '
            f'response="{answer}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"'
        )
