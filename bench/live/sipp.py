"""SIPp processes: callers who talk for a moment, callers who wait, telephones that answer at once."""

from __future__ import annotations

import csv
import signal
import socket
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="{name}">\n'

SDP = """Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=- 1 1 IN IP4 127.0.0.1
      s=-
      c=IN IP4 127.0.0.1
      t=0 0
      m=audio {port} RTP/AVP 0
      a=rtpmap:0 PCMU/8000
  ]]></send>
"""

INVITE = """
  <send retrans="500" start_rtd="1"><![CDATA[
      INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:03[pid]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:03[pid]@[local_ip]:[local_port]>
      Max-Forwards: 70
      """

ANSWERED = """
  <recv response="100" optional="true" timeout="{patience_ms}"/>
  <recv response="180" optional="true" timeout="{patience_ms}"/>
  <recv response="183" optional="true" timeout="{patience_ms}"/>
  <recv response="200" rtd="1" rrs="true" timeout="{patience_ms}"/>
  <send><![CDATA[
      ACK [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      [last_From:]
      [last_To:]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Max-Forwards: 70
      Content-Length: 0
  ]]></send>
"""

HANG_UP = """
  <pause milliseconds="{talk_ms}"/>
  <send retrans="500"><![CDATA[
      BYE [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      [last_From:]
      [last_To:]
      Call-ID: [call_id]
      CSeq: 2 BYE
      Max-Forwards: 70
      Content-Length: 0
  ]]></send>
  <recv response="200"/>
"""

REPLY = """      [last_Via:]
      [last_From:]
      [last_To:]{tag}
      [last_Call-ID:]
      [last_CSeq:]
"""

BE_HUNG_UP_ON = (
    '\n  <recv request="BYE"/>\n  <send><![CDATA[\n      SIP/2.0 200 OK\n'
    + REPLY.format(tag="")
    + "      Content-Length: 0\n  ]]></send>\n"
)

TAGGED = REPLY.format(tag=";tag=[pid]t[call_number]") + "      Contact: <sip:[local_ip]:[local_port]>\n"

TALKS_A_MOMENT = (
    HEAD.format(name="caller")
    + INVITE
    + SDP.format(port="[media_port]")
    + ANSWERED
    + HANG_UP
    + "</scenario>\n"
)
"""Calls, talks for `talk_ms`, hangs up; sends no sound."""

WAITS = (
    HEAD.format(name="waiting")
    + INVITE
    + SDP.format(port="[rtpstream_audio_port]")
    + ANSWERED
    + '  <nop><action><exec rtp_stream="{sound},-1,0"/></action></nop>\n'
    + BE_HUNG_UP_ON
    + "</scenario>\n"
)
"""Calls, speaks all the time, stays until hung up on."""

ANSWERS = (
    HEAD.format(name="telephone")
    + '\n  <recv request="INVITE" crlf="true"/>\n  <send><![CDATA[\n      SIP/2.0 180 Ringing\n'
    + TAGGED
    + "      Content-Length: 0\n  ]]></send>\n"
    + '  <send retrans="500"><![CDATA[\n      SIP/2.0 200 OK\n'
    + TAGGED
    + "      "
    + SDP.format(port="[media_port]")
    + '  <recv request="ACK"/>'
    + BE_HUNG_UP_ON
    + "</scenario>\n"
)
"""Rings, answers in the same moment, stays until hung up on; sends no sound."""

PATIENCE_MS = 10_000
"""A caller of the rate test who is not answered by then counts as failed."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What SIPp saw of a series of calls."""

    offered: int
    succeeded: int
    delays_ms: list[float]
    """INVITE to 200 of every answered call."""
    answered_at_s: list[float]
    """When each was answered, in seconds since SIPp's start."""


@dataclass(slots=True)
class Sipp:
    """One SIPp process in a folder of its own."""

    process: subprocess.Popen[bytes]
    folder: Path

    def wait(self, seconds: float) -> bool:
        """Wait for its end; return whether it came in time."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def start_no_more_calls(self) -> None:
        """Let the calls in progress end, and begin none."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGUSR1)

    def stop(self) -> None:
        """End it, calls included."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def start(
    folder: Path, scenario: str, sip_port: int, options: Sequence[str], *, port: int | None = None
) -> Sipp:
    """Start a SIPp that talks to the server on `sip_port`."""
    folder.mkdir(parents=True)
    (folder / "scenario.xml").write_text(scenario)
    command = ["sipp", f"127.0.0.1:{sip_port}", "-sf", "scenario.xml", "-i", "127.0.0.1"]
    command += [
        "-p",
        str(port or free_port()),
        "-nostdin",
        "-timer_resol",
        "1",
        "-trace_err",
        "-error_file",
        "errors.log",
    ]
    with (folder / "screen.log").open("wb") as screen:
        process = subprocess.Popen(
            [*command, *options], cwd=folder, stdin=subprocess.DEVNULL, stdout=screen, stderr=screen
        )
    return Sipp(process, folder)


def answering_telephones(folder: Path, sip_port: int, port: int) -> Sipp:
    """Start the telephones of the rate test: all contacts lead to this one process."""
    return start(folder, ANSWERS, sip_port, ["-mp", str(free_port())], port=port)


def calling(
    folder: Path, sip_port: int, number: str, *, rate: int, seconds: float, talk_ms: int, callers: int
) -> Sipp:
    """Start callers at a steady rate; at most `callers` at once, and none after `seconds`."""
    scenario = TALKS_A_MOMENT.replace("{talk_ms}", str(talk_ms)).replace("{patience_ms}", str(PATIENCE_MS))
    options = ["-s", number, "-r", str(rate), "-m", str(round(rate * seconds)), "-l", str(callers)]
    options += ["-cid_str", "%u-%p@%s", "-trace_rtt", "-rtt_freq", "1", "-trace_stat", "-fd", "1"]
    options += ["-mp", str(free_port()), "-timeout", f"{round(seconds) + 25}s"]
    return start(folder, scenario, sip_port, options)


def waiting(
    folder: Path, sip_port: int, number: str, *, at_once: int, calls: int, seconds: float, sound: bytes
) -> Sipp:
    """Start callers who wait: `at_once` at any moment, `calls` in all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    speech = folder.parent / "caller.ul"
    speech.write_bytes(sound)
    scenario = WAITS.replace("{sound}", str(speech)).replace("{patience_ms}", "60000")
    options = ["-s", number, "-r", "20", "-m", str(calls), "-l", str(at_once), "-cid_str", "%u-%p@%s"]
    options += ["-mp", "30000", "-timeout", f"{round(seconds)}s"]
    return start(folder, scenario, sip_port, options)


def seen(folder: Path) -> Answered:
    """Read what a SIPp of `calling` has written."""
    totals = _last_row(next(folder.glob("scenario_*_.csv")))
    rows = _rows(next(folder.glob("scenario_*_rtt.csv")))
    return Answered(
        offered=int(totals["TotalCallCreated"]),
        succeeded=int(totals["SuccessfulCall(C)"]),
        delays_ms=[float(row["response_time_ms"]) for row in rows],
        answered_at_s=[float(row["Date_ms"]) / 1000 for row in rows],
    )


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    """Return a port on the loopback address that nobody listens on now."""
    with closing(socket.socket(socket.AF_INET, kind)) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return [row for row in csv.DictReader(file, delimiter=";") if row.get("rtd_no") is not None]


def _last_row(path: Path) -> dict[str, str]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))[-1]
