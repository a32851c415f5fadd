"""The supervisor, with small processes of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest

from madoguchi.cli.supervise import (
    LONGEST_PAUSE_S,
    Part,
    Supervisor,
    pause_before_restart,
    run_step,
)

LIVES_ON = "import time\nprint('here', flush=True)\ntime.sleep(60)"
IS_STUBBORN = "import signal, time\nsignal.signal(15, lambda *_: print('no', flush=True))\nprint('here', flush=True)\nwhile True: time.sleep(60)"
DIES = "print('dying')"


class Told:
    """What a supervisor said, and a way to wait for it."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._news = asyncio.Event()

    def say(self, name: str, line: str) -> None:
        self.lines.append((name, line))
        self._news.set()

    async def until(self, name: str, text: str, times: int = 1) -> None:
        async with asyncio.timeout(20):
            while [words for one, words in self.lines if one == name and text in words].__len__() < times:
                self._news.clear()
                await self._news.wait()


def part(name: str, program: str, **changes: float) -> Part:
    return Part(name, (sys.executable, "-c", program), **changes)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_LANGUAGE", "en")


async def test_what_dies_is_started_again_and_the_death_is_told() -> None:
    told = Told()
    supervisor = Supervisor(told.say)
    supervisor.start(part("a", DIES))
    await told.until("a", "dying", times=2)
    await supervisor.stop()
    assert ("a", "ended (0); starting it again in 0.2 s.") in told.lines


async def test_a_killed_process_is_another_one_afterwards() -> None:
    told = Told()
    supervisor = Supervisor(told.say)
    supervisor.start(part("a", LIVES_ON))
    await told.until("a", "here")
    before = supervisor.pids()["a"]
    os.kill(before, signal.SIGKILL)
    await told.until("a", "here", times=2)
    assert supervisor.pids()["a"] != before
    assert ("a", "ended (SIGKILL); starting it again in 0.2 s.") in told.lines
    await supervisor.stop()


async def test_the_last_started_is_stopped_first() -> None:
    told = Told()
    supervisor = Supervisor(told.say)
    says_goodbye = (
        "import signal, sys, time\nsignal.signal(15, lambda *_: sys.exit(print('goodbye', flush=True)))\n"
        "print('here', flush=True)\ntime.sleep(60)"
    )
    for name in ("first", "second", "third"):
        supervisor.start(part(name, says_goodbye))
        await told.until(name, "here")
    await supervisor.stop()
    assert [name for name, line in told.lines if line == "goodbye"] == ["third", "second", "first"]


async def test_what_does_not_end_is_killed_at_its_deadline() -> None:
    told = Told()
    supervisor = Supervisor(told.say)
    kept = supervisor.start(part("a", IS_STUBBORN, stop_within_s=0.5))
    await told.until("a", "here")
    pid = kept.pid
    assert pid is not None
    await supervisor.stop()
    assert ("a", "does not end; killing it.") in told.lines
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_one_that_cannot_live_is_called_hopeless() -> None:
    told = Told()
    supervisor = Supervisor(told.say)
    supervisor.start(part("a", "raise SystemExit(3)"))
    assert not supervisor.hopeless()
    await told.until("a", "ended (3)", times=5)
    assert supervisor.hopeless()
    await supervisor.stop()


async def test_a_program_that_is_not_there_is_said_and_can_be_stopped() -> None:
    told = Told()
    supervisor = Supervisor(told.say)
    supervisor.start(Part("a", ("/nowhere/at-all",)))
    await told.until("a", "No such file")
    await supervisor.stop()


@pytest.mark.parametrize(
    ("deaths", "pause"),
    [(1, 0.2), (2, 0.4), (3, 0.8), (8, 25.6), (9, LONGEST_PAUSE_S), (2000, LONGEST_PAUSE_S)],
)
def test_the_pause_doubles_up_to_its_limit(deaths: int, pause: float) -> None:
    assert pause_before_restart(deaths) == pytest.approx(pause)


async def test_lines_arrive_whole_however_they_are_written() -> None:
    lines: list[str] = []
    program = "import sys\nfor piece in ('ab', 'c\\nde', '\\n', 'x' * 200_000, '\\nlast'): sys.stdout.write(piece); sys.stdout.flush()"
    code = await run_step((sys.executable, "-c", program), lines.append, {})
    assert code == 0
    assert lines == ["abc", "de", "x" * 200_000, "last"]


async def test_a_step_ends_with_whoever_waited_for_it() -> None:
    told = Told()
    step = asyncio.create_task(
        run_step((sys.executable, "-c", "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)"),
                 lambda line: told.say("step", line), {})
    )  # fmt: skip
    await told.until("step", "")
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.lines[0][1]), 0)
