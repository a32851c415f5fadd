"""The result as a page: medians of the runs, the aims, and whether they were met."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from statistics import median

from bench.live.freed import PER_AGENT_CALLERS, TALK_S, FreedRun
from bench.live.plant import Contender
from bench.live.rate import RateRun
from bench.live.run import Findings

FREED_AIM_MS = 30.0
COSTS = ("Asterisk", "switchboard", "PostgreSQL")
GOOD_SHARE = 0.97
"""Calls per second that differ by less are the same: the last calls offered are answered after the end."""

HEAD = """# Performance

Written by `python -m bench.live --write docs/reference/performance.md`; run it again rather than edit
the figures. How it measures is said in `bench/live/`.

Measured {date} with

    python -m bench.live {command}

on {machine}.

The load generators, Asterisk, PostgreSQL and the switchboard share these processors{others}. Figures are
medians of the runs, the contenders took turns, and a difference of a few milliseconds means nothing. Ours is
the real switchboard with its journal in PostgreSQL, each step handed to it before it is carried out
(docs/decisions/0005); recording is off, after-call work is 0 s. app_queue: `rrmemory`, `ringinuse=no`,
`autofill=yes`, static members, nothing written down. All use the same Asterisk with the same telephones, which
ring and answer at once; it is started afresh for every run with the modules that the contender needs, and
warmed up at 20 calls a second.
"""

FREED_INTRO = """
## A freed communicator's next caller

{agents} communicators, {callers} callers at once, talks of about {talk:.0f} s ended by the communicator. The gap
runs from the communicator's BYE to the first packet of the next caller's own sound; callers send one
every 20 ms, so 10 ms of it are the clockwork of sound itself.

| | gaps | BYE to INVITE p50 | BYE to ACK p50 | p99 | gap p50 | gap p99 | longest |
|---|---|---|---|---|---|---|---|
"""

RATES_INTRO = """
## Calls per second, {agents} communicators

Callers talk {talk} ms. "Answered" counts the calls answered per second while they were offered; a caller not
answered within 10 s has failed. Processor milliseconds are per call offered; the last column says how many
processors were taken by work that has nothing to do with the measurement. SIPp's clock ticks in 4 ms.

| offered | | answered | INVITE to 200 p50 | p99 | failed | Asterisk | switchboard | PostgreSQL | others |
|---|---|---|---|---|---|---|---|---|---|
"""


def page(findings: Findings, *, began_at: datetime, command: str, machine: str) -> str:
    """Return the whole page."""
    parts = [
        HEAD.format(
            date=f"{began_at:%Y-%m-%d}", command=command, machine=machine, others=_others(findings.rates)
        )
    ]
    verdicts: list[str] = []
    if findings.freed:
        parts.append(_freed(findings.freed))
        verdicts += _freed_verdict(findings.freed)
    for agents in sorted({run.agents for run in findings.rates}):
        runs = [run for run in findings.rates if run.agents == agents]
        parts.append(_rates(runs))
        verdicts += _rate_verdict(runs)
    return "".join([*parts, "\n## The aims\n\n", *(f"- {verdict}\n" for verdict in verdicts)])


def machine(versions: Mapping[str, str]) -> str:
    """Return what it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "",
    )
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"{os.cpu_count()} processors ({model}), {memory:.0f} GB of memory; {named}"


def _others(runs: list[RateRun]) -> str:
    """Return how much foreign work there was."""
    if not runs:
        return ""
    most = max(run.others for run in runs)
    return f", of which work that is no part of this took {median(run.others for run in runs):.1f} (at most {most:.1f})"


def _freed(runs: list[FreedRun]) -> str:
    agents = runs[0].agents
    rows = [
        f"| {contender} | {sum(run.gaps for run in own)} | {_ms(run.invite_p50_ms for run in own)} "
        f"| {_ms(run.acknowledged_p50_ms for run in own)} | {_ms(run.acknowledged_p99_ms for run in own)} "
        f"| {_ms(run.p50_ms for run in own)} | {_ms(run.p99_ms for run in own)} "
        f"| {_most(run.longest_ms for run in own)} |\n"
        for contender in Contender
        if (own := [run for run in runs if run.contender is contender])
    ]
    return FREED_INTRO.format(agents=agents, callers=agents * PER_AGENT_CALLERS, talk=TALK_S) + "".join(rows)


def _rates(runs: list[RateRun]) -> str:
    rows = []
    for offered in sorted({run.rate for run in runs}):
        for contender in Contender:
            own = _own(runs, contender, offered)
            if own:
                rows.append(_rate_row(offered, contender, own))
    return RATES_INTRO.format(agents=runs[0].agents, talk=runs[0].talk_ms) + "".join(rows)


def _rate_row(offered: int, contender: Contender, own: list[RateRun]) -> str:
    failed, calls = sum(run.failed for run in own), sum(run.offered for run in own)
    costs = [f"{median(run.cost_ms[name] for run in own):.1f}" for name in COSTS]
    costs.append(f"{median(run.others for run in own):.1f}")
    return (
        f"| {offered}/s | {contender} | {median(run.answered_per_s for run in own):.0f}/s "
        f"| {_ms(run.p50_ms for run in own)} | {_ms(run.p99_ms for run in own)} "
        f"| {failed} of {calls} | {' | '.join(costs)} |\n"
    )


def _freed_verdict(runs: list[FreedRun]) -> list[str]:
    ours, theirs = (
        _median(run.p99_ms for run in runs if run.contender is one)
        for one in (Contender.OURS, Contender.APP_QUEUE)
    )
    if ours is None:
        return []
    verdict = "met" if ours < FREED_AIM_MS else "**not met**"
    beside = "" if theirs is None else f"; app_queue {theirs:.0f} ms"
    aim = f"A freed communicator's next caller under {FREED_AIM_MS:.0f} ms (p99)"
    return [f"{aim}: {verdict}, {ours:.0f} ms{beside}."]


def _rate_verdict(runs: list[RateRun]) -> list[str]:
    """Compare by the two aims: as many calls per second, with less than half the p99."""
    agents = runs[0].agents
    ours, theirs = (_most_answered(runs, one) for one in (Contender.OURS, Contender.APP_QUEUE))
    found = []
    if ours and theirs:
        verdict = "met" if ours >= theirs * GOOD_SHARE else "**not met**"
        beside = f"at most {ours:.0f}/s beside {theirs:.0f}/s"
        found = [f"{agents} communicators, as many calls per second as app_queue: {verdict}, {beside}."]
    for offered in sorted({run.rate for run in runs}):
        p99, other = (
            _median(run.p99_ms for run in _own(runs, one, offered))
            for one in (Contender.OURS, Contender.APP_QUEUE)
        )
        if p99 is not None and other is not None:
            verdict = "met" if p99 < other / 2 else "**not met**"
            found.append(
                f"{agents} communicators at {offered}/s, less than half of app_queue's p99: {verdict}, "
                f"{p99:.0f} ms beside {other:.0f} ms."
            )
    return found


def _most_answered(runs: list[RateRun], contender: Contender) -> float:
    """Return the most calls that a contender answered per second, at whatever rate."""
    rates = {run.rate for run in runs if run.contender is contender}
    return max(
        (median(run.answered_per_s for run in _own(runs, contender, rate)) for rate in rates), default=0.0
    )


def _own(runs: list[RateRun], contender: Contender, offered: int) -> list[RateRun]:
    return [run for run in runs if run.contender is contender and run.rate == offered]


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _ms(values: Iterable[float | None]) -> str:
    middle = _median(values)
    return "—" if middle is None else f"{middle:.0f} ms"


def _most(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{max(known):.0f} ms" if known else "—"
