"""How many calls a second a contender connects, and how long a caller waits for the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bench.live import effort, sipp
from bench.live.plant import Contender, Plant, dialled

LONGEST_TALK_MS = 1000


@dataclass(frozen=True, slots=True)
class RateRun:
    """One contender, so many communicators, one rate, once."""

    contender: Contender
    agents: int
    rate: int
    """Calls offered per second."""
    run: int
    talk_ms: int
    offered: int
    failed: int
    answered_per_s: float
    """Calls answered per second while calls were offered."""
    p50_ms: float | None
    p99_ms: float | None
    cost_ms: dict[str, float]
    """Processor milliseconds per offered call, by process."""
    others: float
    """Processors that work of others took meanwhile."""


def talk_ms(agents: int, highest_rate: int) -> int:
    """Return how long callers talk: short enough that at the highest rate 40 % of the telephones are busy."""
    return min(LONGEST_TALK_MS, 400 * agents // highest_rate)


def measure(
    plant: Plant,
    folder: Path,
    pids: dict[str, int],
    *,
    contender: Contender,
    agents: int,
    rate: int,
    run: int,
    seconds: float,
    talk_ms: int,
) -> RateRun:
    """Offer calls at a rate for some seconds, and wait until the last has ended."""
    watch = Watch(pids)
    callers = sipp.calling(
        folder,
        plant.settings.sip_port,
        dialled(contender, agents),
        rate=rate,
        seconds=seconds,
        talk_ms=talk_ms,
        callers=rate * 12,
    )
    try:
        callers.wait(seconds + 40)
    finally:
        callers.stop()
    costs, others = watch.costs()
    plant.settle()
    found = sipp.seen(folder)
    return RateRun(
        contender=contender,
        agents=agents,
        rate=rate,
        run=run,
        talk_ms=talk_ms,
        offered=found.offered,
        failed=found.offered - found.succeeded,
        answered_per_s=sum(at <= seconds for at in found.answered_at_s) / seconds,
        p50_ms=percentile(found.delays_ms, 50),
        p99_ms=percentile(found.delays_ms, 99),
        cost_ms={name: spent * 1000 / max(1, found.offered) for name, spent in costs.items()},
        others=others,
    )


class Watch:
    """Who spends how much processor time from now on."""

    def __init__(self, pids: dict[str, int]) -> None:
        self._pids = pids
        self._began = time.monotonic()
        self._before = self._spent()
        self._busy = effort.busy_s() - effort.own_s()

    def costs(self) -> tuple[dict[str, float], float]:
        """Return each process's seconds so far, and how many processors others have kept busy."""
        spent = {name: now - self._before[name] for name, now in self._spent().items()}
        others = effort.busy_s() - effort.own_s() - self._busy - sum(spent.values())
        return spent, max(0.0, others / (time.monotonic() - self._began))

    def _spent(self) -> dict[str, float]:
        return {name: effort.spent_s(pid) for name, pid in self._pids.items()}


def percentile(values: list[float], hundredth: int) -> float | None:
    """Return a percentile; None of too few values."""
    if len(values) < 2:
        return None
    return median(values) if hundredth == 50 else quantiles(values, n=100, method="inclusive")[hundredth - 1]
