"""SIP peers made with SIPp: communicators' telephones that answer, callers who call and hang up.

They send real RTP: a caller a low tone, a communicator a high one, so that a recording tells whose
voice it holds.
"""

from __future__ import annotations

import math
import socket
import struct
import subprocess
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

CALLER_HZ, AGENT_HZ = 440, 1000
ULAW = 0

_HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="{name}">\n'

_SDP = """
      v=0
      o=- 1 1 IN IP4 127.0.0.1
      s=-
      c=IN IP4 127.0.0.1
      t=0 0
      m=audio [rtpstream_audio_port] RTP/AVP 0
      a=rtpmap:0 PCMU/8000
"""

AGENT = (
    _HEAD.format(name="agent")
    + """
  <recv request="INVITE" crlf="true"/>
  <send><![CDATA[
      SIP/2.0 180 Ringing
      [last_Via:]
      [last_From:]
      [last_To:];tag=[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:[local_ip]:[local_port]>
      Content-Length: 0
  ]]></send>
  <recv request="CANCEL" next="cancelled" timeout="{answer_ms}" ontimeout="answer"/>
  <label id="answer"/>
  <send retrans="500"><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:[local_ip]:[local_port]>
      Content-Type: application/sdp
      Content-Length: [len]
"""
    + _SDP
    + """  ]]></send>
  <recv request="ACK"/>
  <nop><action><exec rtp_stream="{tone},-1,0"/></action></nop>
  <recv request="BYE"/>
  <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0
  ]]></send>
  <nop next="end"/>
  <label id="cancelled"/>
  <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0
  ]]></send>
  <label id="end"/>
</scenario>
"""
)

CALLER = (
    _HEAD.format(name="caller")
    + """
  <send retrans="500"><![CDATA[
      INVITE sip:{number}@127.0.0.1:{sip_port} SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:{caller}@[local_ip]:[local_port]>;tag=[call_number]
      To: <sip:{number}@127.0.0.1:{sip_port}>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:{caller}@[local_ip]:[local_port]>
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]
"""
    + _SDP
    + """  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
      ACK [next_url] SIP/2.0
      [last_Via:]
      [last_From:]
      [last_To:]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Max-Forwards: 70
      Content-Length: 0
  ]]></send>
  <nop><action><exec rtp_stream="{tone},-1,0"/></action></nop>
  <recv request="BYE" next="theirs" timeout="{talk_ms}" ontimeout="ours"/>
  <label id="ours"/>
  <send retrans="500"><![CDATA[
      BYE [next_url] SIP/2.0
      [last_Via:]
      [last_From:]
      [last_To:]
      Call-ID: [call_id]
      CSeq: 2 BYE
      Max-Forwards: 70
      Content-Length: 0
  ]]></send>
  <recv response="200"/>
  <nop next="end"/>
  <label id="theirs"/>
  <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0
  ]]></send>
  <label id="end"/>
</scenario>
"""
)


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    """Return a port that nobody listens on now."""
    with closing(socket.socket(socket.AF_INET, kind)) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ulaw_tone(path: Path, hertz: int, seconds: float = 2.0) -> Path:
    """Write a tone as raw mu-law, which SIPp streams."""
    samples = (int(12000 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(round(8000 * seconds)))
    path.write_bytes(bytes(_ulaw(sample) for sample in samples))
    return path


def _ulaw(sample: int) -> int:
    sign, size = (0x80, -sample) if sample < 0 else (0, sample)
    size = min(size, 32635) + 132
    exponent = size.bit_length() - 8
    return ~(sign | exponent << 4 | size >> (exponent + 3) & 0x0F) & 0xFF


def power_at(samples: bytes, hertz: int, rate: int = 8000) -> float:
    """Return how much of 16-bit samples is a tone of `hertz`: 0 to 1 (Goertzel)."""
    values = struct.unpack(f"<{len(samples) // 2}h", samples)
    total = sum(value * value for value in values)
    if not total:
        return 0.0
    turn = 2 * math.cos(2 * math.pi * hertz / rate)
    before = last = 0.0
    for value in values:
        before, last = last, value + turn * last - before
    power = last * last + before * before - turn * last * before
    return 2 * power / (total * len(values))


@dataclass
class Sipp:
    """One SIPp process on a port of its own."""

    folder: Path
    scenario: str
    server_port: int
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Sipp:
        script = self.folder / f"sipp-{self.port}.xml"
        script.write_text(self.scenario)
        log = (self.folder / f"sipp-{self.port}.log").open("wb")
        command = (
            f"sipp 127.0.0.1:{self.server_port} -i 127.0.0.1 -p {self.port} -mp {free_rtp_port()} -nostdin"
        )
        errors = str(self.folder / f"sipp-{self.port}.err")
        self.process = subprocess.Popen(
            [*command.split(), "-sf", str(script), "-trace_err", "-error_file", errors, *self.options],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
        )
        log.close()
        return self

    def wait(self, seconds: float) -> int:
        """Wait for the end and return SIPp's exit code: 0 when every call went as the scenario says."""
        assert self.process is not None
        return self.process.wait(seconds)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End it, calls included."""
        if self.running and self.process is not None:
            self.process.kill()
            self.process.wait()


_next_rtp_port = 30000


def free_rtp_port() -> int:
    """Return the first of a hundred ports for RTP that no other peer of this run uses."""
    global _next_rtp_port
    _next_rtp_port += 100
    return _next_rtp_port


@dataclass
class Peers:
    """The people of a scenario: they share a folder and are all gone when the scenario ends."""

    folder: Path
    sip_port: int
    sipps: list[Sipp] = field(default_factory=list)

    def answering_agents(self, *, port: int, after_ms: int = 300) -> Sipp:
        """Start a telephone that answers every call after a while, and hangs up never."""
        tone = ulaw_tone(self.folder / "agent.ul", AGENT_HZ)
        script = AGENT.replace("{answer_ms}", str(after_ms)).replace("{tone}", str(tone))
        return self._start(script, port=port)

    def call(
        self, number: str, *, caller: str = "0312345678", talk_ms: int = 3000, voice: Path | None = None
    ) -> Sipp:
        """Start a caller who talks (a tone, or `voice` in mu-law) after the answer, unless hung up on before."""
        tone = voice or ulaw_tone(self.folder / "caller.ul", CALLER_HZ)
        script = CALLER
        for word, value in {
            "number": number,
            "caller": caller,
            "sip_port": self.sip_port,
            "talk_ms": talk_ms,
            "tone": tone,
        }.items():
            script = script.replace("{" + word + "}", str(value))
        return self._start(script, "-m", "1")

    def _start(self, scenario: str, *options: str, port: int | None = None) -> Sipp:
        self.sipps.append(Sipp(self.folder, scenario, self.sip_port, options, port or free_port()).start())
        return self.sipps[-1]

    def go_home(self) -> None:
        for sipp in self.sipps:
            sipp.stop()
