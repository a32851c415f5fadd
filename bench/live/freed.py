"""How long a communicator who is free again waits for the next caller's voice, with callers waiting."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.live import sipp
from bench.live.plant import Contender, Plant, dialled
from bench.live.rate import percentile
from bench.live.telephones import SOUND

TALK_S = 2.0
PER_AGENT_CALLERS = 4
"""Callers at once for each communicator: one talks, three wait."""


@dataclass(frozen=True, slots=True)
class FreedRun:
    """One contender once."""

    contender: Contender
    agents: int
    run: int
    gaps: int
    invite_p50_ms: float | None
    """From the BYE to the next INVITE at the same telephone."""
    acknowledged_p50_ms: float | None
    """From the BYE to the ACK of the next call: from here on sound can flow."""
    acknowledged_p99_ms: float | None
    p50_ms: float | None
    """From the BYE to the next caller's first sound."""
    p99_ms: float | None
    longest_ms: float | None


def measure(
    plant: Plant, folder: Path, *, contender: Contender, agents: int, run: int, gaps: int
) -> FreedRun:
    """Let the telephones of a crew serve waiting callers until there are enough gaps.

    The plant's contacts all lead to one port, so nothing else may answer there meanwhile.
    """
    limit_s = 30 + 3 * gaps * TALK_S / agents
    folder.mkdir(parents=True)
    ledger = folder / "gaps.json"
    telephones = _start_telephones(plant.telephone_port, ledger, gaps, limit_s + 60, run)
    at_once = agents * PER_AGENT_CALLERS
    try:
        callers = sipp.waiting(
            folder / "callers",
            plant.settings.sip_port,
            dialled(contender, agents, answered_first=True),
            at_once=at_once,
            calls=2 * gaps + 10 * at_once,
            seconds=limit_s + 30,
            sound=SOUND * 50,
        )
        try:
            _wait_for(ledger, callers, limit_s)
            callers.start_no_more_calls()
            callers.wait(20)
        finally:
            callers.stop()
        plant.settle()
    finally:
        telephones.kill()
        telephones.wait()
    return _summary(contender, agents, run, ledger)


def _start_telephones(
    port: int, ledger: Path, gaps: int, seconds: float, seed: int
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.live.telephones", "--port", str(port), "--file", str(ledger)]
    command += ["--gaps", str(gaps), "--talk-s", str(TALK_S), "--seconds", str(seconds), "--seed", str(seed)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    time.sleep(1)
    return process


def _wait_for(file: Path, callers: sipp.Sipp, seconds: float) -> None:
    for _ in range(round(seconds / 0.2)):
        if file.exists() or callers.wait(0.2):
            return


def _summary(contender: Contender, agents: int, run: int, ledger: Path) -> FreedRun:
    rows = json.loads(ledger.read_text()) if ledger.exists() else []
    invited, acknowledged, heard = ([row[column] for row in rows] for column in range(3))
    return FreedRun(
        contender=contender,
        agents=agents,
        run=run,
        gaps=len(rows),
        invite_p50_ms=percentile(invited, 50),
        acknowledged_p50_ms=percentile(acknowledged, 50),
        acknowledged_p99_ms=percentile(acknowledged, 99),
        p50_ms=percentile(heard, 50),
        p99_ms=percentile(heard, 99),
        longest_ms=max(heard, default=None),
    )
