"""Keeps a set of processes running: one that dies is started again, and all are stopped in order.

Every process runs in a session of its own, so that Ctrl-C in the terminal reaches only us and the
order of stopping is ours. Restarts back off: the first comes at once, later ones wait longer, and a
process that has run for a while is forgiven its past.
"""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from madoguchi.cli.talk import choose

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 30.0
FORGIVEN_AFTER_S = 60.0
HOPELESS_AFTER = 5
"""Deaths in a row: about six seconds of trying, plus the starts themselves."""
NOT_STARTED = 127
"""The exit code that a shell gives when a program cannot be started."""
LAST_WORDS_S = 0.5
"""How long we go on reading from a dead process's pipe, which a child of its own may hold open."""

Say = Callable[[str, str], None]
"""Takes a process's name and one line about it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the centre."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Beside what we have ourselves."""
    stop_within_s: float = 10.0
    """How long it may take to end by itself before it is killed."""


def pause_before_restart(deaths: int) -> float:
    """Return the seconds to wait after the `deaths`-th death in a row (from 1)."""
    doublings = min(deaths - 1, 20)  # an unbounded power would one day overflow
    return min(FIRST_PAUSE_S * 2.0**doublings, LONGEST_PAUSE_S)


class Kept:
    """One part and the process that it is just now."""

    def __init__(self, part: Part, say: Say) -> None:
        self.part = part
        self._say = say
        self.deaths = 0
        """In a row, each soon after its start."""
        self._process: Process | None = None
        self._stopping = asyncio.Event()
        self._task = asyncio.create_task(self._keep(), name=f"keep-{part.name}")

    @property
    def pid(self) -> int | None:
        """The process's id, while there is one."""
        return self._process.pid if self._process else None

    async def stop(self) -> None:
        """Ask it to end, kill it at its deadline, and return when it is gone."""
        self._stopping.set()
        if self._process is not None:
            _signal(self._process, signal.SIGTERM)
        done, _ = await asyncio.wait([self._task], timeout=self.part.stop_within_s)
        if not done:
            self._say(self.part.name, choose("終わらないため、強制終了します。", "does not end; killing it."))
            self.kill()
        await self._task

    def kill(self) -> None:
        """End it and its children at once."""
        self._stopping.set()
        if self._process is not None:
            _signal(self._process, signal.SIGKILL)

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            began = loop.time()
            try:
                code = await self._run_once()
            except OSError as error:  # no memory, no process left: trying again may help
                self._say(self.part.name, str(error))
                code = NOT_STARTED
            if self._stopping.is_set():
                return
            self.deaths = 1 if loop.time() - began > FORGIVEN_AFTER_S else self.deaths + 1
            pause = pause_before_restart(self.deaths)
            self._say(self.part.name, _obituary(code, pause))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _run_once(self) -> int:
        environment = {**os.environ, **self.part.environment}
        self._process = await asyncio.create_subprocess_exec(
            *self.part.argv, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=STDOUT,
            start_new_session=True, env=environment,
        )  # fmt: skip
        if self._stopping.is_set():  # asked while it was being started
            _signal(self._process, signal.SIGTERM)
        return await follow(self._process, lambda line: self._say(self.part.name, line))


async def follow(process: Process, say: Callable[[str], None]) -> int:
    """Say each line that a process writes, and return its exit code when it has ended."""
    reader = asyncio.create_task(_read(process, say))
    code = await process.wait()
    await asyncio.wait([reader], timeout=LAST_WORDS_S)
    reader.cancel()
    return code


async def _read(process: Process, say: Callable[[str], None]) -> None:
    assert process.stdout is not None
    rest = b""
    while chunk := await process.stdout.read(65536):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            say(line.decode(errors="replace").rstrip())
    if rest:
        say(rest.decode(errors="replace").rstrip())


class Supervisor:
    """All parts of a centre, in the order in which they were started."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._kept: list[Kept] = []

    def start(self, part: Part) -> Kept:
        """Start a part and keep it running."""
        kept = Kept(part, self._say)
        self._kept.append(kept)
        return kept

    def pids(self) -> dict[str, int]:
        """Return the process ids of what runs now."""
        return {kept.part.name: kept.pid for kept in self._kept if kept.pid is not None}

    def hopeless(self) -> bool:
        """Tell whether a part has died again and again."""
        return any(kept.deaths >= HOPELESS_AFTER for kept in self._kept)

    async def stop(self) -> None:
        """Stop everything, last started first."""
        for kept in reversed(self._kept):
            await kept.stop()
        self._kept.clear()

    def kill(self) -> None:
        """End everything at once; `stop` still has to be awaited."""
        for kept in self._kept:
            kept.kill()


async def run_step(argv: Sequence[str], say: Callable[[str], None], environment: Mapping[str, str]) -> int:
    """Run a process that ends by itself and return its exit code; it is ended when we are cancelled."""
    process = await asyncio.create_subprocess_exec(
        *argv, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=STDOUT,
        start_new_session=True, env={**os.environ, **environment},
    )  # fmt: skip
    try:
        return await follow(process, say)
    finally:
        if process.returncode is None:
            _signal(process, signal.SIGTERM)
            await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    """Signal a process; a kill goes to its whole session, for it cannot pass it on."""
    with suppress(ProcessLookupError):
        if number is signal.SIGKILL:
            os.killpg(process.pid, number)
        elif process.returncode is None:
            process.send_signal(number)


def _obituary(code: int, pause: float) -> str:
    how = signal.Signals(-code).name if code < 0 else str(code)
    return choose(
        f"止まりました({how})。{pause:.1f} 秒後に再起動します。",
        f"ended ({how}); starting it again in {pause:.1f} s.",
    )
