"""The whole measurement: one centre, one Asterisk started afresh for every run, the contenders taking turns."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from bench.live import books, freed, rate, sipp
from bench.live.freed import FreedRun
from bench.live.plant import Contender, Plant, running
from bench.live.rate import RateRun
from madoguchi.cli.telephone import telephone_settings
from madoguchi.telephony.provision import find_or_make

Say = Callable[[str], None]

WARM_UP_RATE = 20
WARM_UP_S = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured."""

    agents: Sequence[int]
    rates: Sequence[int]
    seconds: float
    runs: int
    contenders: Sequence[Contender]
    freed_agents: int
    freed_gaps: int
    """How many times a communicator becomes free, per run; 0 leaves this half out."""


@dataclass(slots=True)
class Findings:
    """All single runs."""

    rates: list[RateRun] = field(default_factory=list)
    freed: list[FreedRun] = field(default_factory=list)


class Measurement:
    """A running centre and what is measured on it."""

    def __init__(self, plan: Plan, plant: Plant, folder: Path, pids: dict[str, int], say: Say) -> None:
        self._plan = plan
        self._plant = plant
        self._folder = folder
        self._pids = pids
        self._say = say
        self._serial = itertools.count(1)
        self.findings = Findings()

    def freed(self) -> None:
        """Measure the freed communicator's next caller, contenders in turn."""
        crew = self._crew(self._plan.freed_agents)
        for run, contender in self._turns(
            [one for one in self._plan.contenders if one is not Contender.DIAL]
        ):
            self._ready(contender, crew)
            found = freed.measure(
                self._plant,
                self._folder / f"freed-{contender.name}-{run}",
                contender=contender,
                agents=len(crew),
                run=run,
                gaps=self._plan.freed_gaps,
            )
            self.findings.freed.append(found)
            self._say(
                f"freed {contender:9} run {run}: {found.gaps} gaps, INVITE p50 {ms(found.invite_p50_ms)}, "
                f"ACK p50 {ms(found.acknowledged_p50_ms)}, p99 {ms(found.acknowledged_p99_ms)}, "
                f"voice p50 {ms(found.p50_ms)}, p99 {ms(found.p99_ms)}"
            )

    def rates(self, agents: int) -> None:
        """Measure every rate with so many communicators, contenders in turn."""
        crew = self._crew(agents)
        talk = rate.talk_ms(agents, max(self._plan.rates))
        telephones = sipp.answering_telephones(
            self._folder / f"telephones-{agents}", self._plant.settings.sip_port, self._plant.telephone_port
        )
        try:
            self._pids["telephones"] = telephones.process.pid
            for per_s in self._plan.rates:
                for run, contender in self._turns(self._plan.contenders):
                    self._ready(contender, crew)
                    self._rate(contender, crew, WARM_UP_RATE, run, WARM_UP_S, talk)
                    found = self._rate(contender, crew, per_s, run, self._plan.seconds, talk)
                    self.findings.rates.append(found)
                    self._say(told(found))
        finally:
            telephones.stop()

    def _rate(
        self, contender: Contender, crew: range, per_s: int, run: int, seconds: float, talk: int
    ) -> RateRun:
        return rate.measure(
            self._plant,
            self._folder / f"{next(self._serial):03}-{len(crew)}-{per_s}-{contender.name}-{run}",
            self._pids,
            contender=contender,
            agents=len(crew),
            rate=per_s,
            run=run,
            seconds=seconds,
            talk_ms=talk,
        )

    def _ready(self, contender: Contender, crew: range) -> None:
        """Start Asterisk afresh with what this contender needs, and see that our communicators are at work."""
        self._plant.stop()
        self._plant.contenders = [contender]
        self._plant.start((), ())
        assert self._plant.process is not None
        self._pids["Asterisk"] = self._plant.process.pid
        if contender is Contender.OURS:
            books.call_to_work(crew)
            self._plant.wait_for_application()

    def _crew(self, size: int) -> range:
        return next(crew for crew in self._plant.crews if len(crew) == size)

    def _turns(self, contenders: Sequence[Contender]) -> Iterator[tuple[int, Contender]]:
        """Give every contender its run, in another order every time."""
        for run in range(1, self._plan.runs + 1):
            for contender in contenders if run % 2 else reversed(contenders):
                yield run, contender


def measured(plan: Plan, folder: Path, say: Say) -> Findings:
    """Start a centre in the runtime folder, measure, and stop it again."""
    say("starting PostgreSQL, Asterisk and the switchboard")
    with ExitStack() as stack:
        postgres = books.open_books()
        stack.callback(postgres.stop)
        sizes = sorted({*plan.agents, *([plan.freed_agents] if plan.freed_gaps else [])})
        everybody = books.furnish(max(sizes))
        telephone = telephone_settings(settings.MADOGUCHI_HOME, settings.MADOGUCHI_PORTS)
        plant = Plant(telephone, find_or_make(settings.MADOGUCHI_HOME.cache, say))
        plant.crews = [everybody[:size] for size in sizes]
        plant.contenders = plan.contenders
        plant.telephone_port = sipp.free_port()
        stack.enter_context(running(plant))
        board = stack.enter_context(_switchboard(folder / "switchboard.log"))
        assert plant.process is not None
        pids = {"Asterisk": plant.process.pid, "switchboard": board, "PostgreSQL": _postmaster()}
        measurement = Measurement(plan, plant, folder, pids, say)
        if plan.freed_gaps:
            measurement.freed()
        for agents in sorted(plan.agents):
            measurement.rates(agents)
        return measurement.findings


@contextmanager
def _switchboard(log: Path) -> Iterator[int]:
    """Run the switchboard in a session of its own, as a service has it, and give its process id.

    Linux shares the processors out by session first: in ours it would share with the load generators.
    """
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.live.switchboard"],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _postmaster() -> int:
    return int((settings.MADOGUCHI_HOME.postgres_data / "postmaster.pid").read_text().split("\n", 1)[0])


def told(found: RateRun) -> str:
    """Return one run in a line."""
    costs = ", ".join(f"{name} {cost:.1f}" for name, cost in found.cost_ms.items())
    return (
        f"{found.agents:5} communicators {found.rate:4}/s {found.contender:9} run {found.run}: "
        f"{found.answered_per_s:6.1f}/s, p50 {ms(found.p50_ms)}, p99 {ms(found.p99_ms)}, "
        f"{found.failed} of {found.offered} failed; ms of processor a call: {costs}; others took {found.others:.1f} processors"
    )


def ms(value: float | None) -> str:
    """Return milliseconds as text."""
    return "—" if value is None else f"{value:.0f} ms"


def versions() -> dict[str, str]:
    """Return the versions of what took part."""
    installation = find_or_make(settings.MADOGUCHI_HOME.cache, print)
    said = subprocess.run(["sipp", "-v"], capture_output=True, text=True, check=False).stdout
    sipp_line = next((line.strip() for line in said.splitlines() if "SIPp" in line), "SIPp")
    return {
        "Asterisk": installation.version.removeprefix("Asterisk "),
        "PostgreSQL": (settings.MADOGUCHI_HOME.postgres_data / "PG_VERSION").read_text().strip(),
        "Python": sys.version.split()[0],
        "SIPp": sipp_line.removeprefix("SIPp ").rstrip("."),
    }
