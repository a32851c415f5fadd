"""`madoguchi up`: the whole centre under one supervisor."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from django.db import connections
from django.urls import reverse

from madoguchi.cli import demo as demo_command
from madoguchi.cli import migrate as migrate_command
from madoguchi.cli import parts, ports
from madoguchi.cli import provision as provision_command
from madoguchi.cli.asterisk import running_pid
from madoguchi.cli.doctor import centre as this_centre
from madoguchi.cli.printer import Printer
from madoguchi.cli.probes import PROBES, Centre, find
from madoguchi.cli.supervise import Supervisor, run_step
from madoguchi.cli.talk import choose, say
from madoguchi.config.home import Home
from madoguchi.kernel.errors import Refusal, Trouble

JAPAN = ZoneInfo("Asia/Tokyo")
READY_WITHIN_S = 60.0
POLL_S = 0.2
LEFTOVERS_WITHIN_S = 12.0
"""How long a predecessor that was killed may take to let go of its ports."""
PREPARING = "provision"

READY = {
    "database": ("database",),
    "asterisk": ("asterisk", "telephone"),
    "mailsink": ("mail",),
    "switchboard": ("switchboard",),
    "worker": ("worker",),
    "serve": ("web",),
}
"""By which probes each part shows that it is ready."""


def command(
    demo: Annotated[
        bool, typer.Option("--demo", help="With the demo's clients and people, and open doors.")
    ] = False,
) -> None:
    """Run the whole centre on this machine until Ctrl-C: database, Asterisk, switchboard, pages, jobs, mail.

    What dies is started again. The data stay in MADOGUCHI_HOME (var), the logs in its folder log.

    Example: madoguchi up --demo
    """
    with only_one(settings.MADOGUCHI_HOME):
        asyncio.run(Run(this_centre(), demo=demo).until_stopped())


@contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Hold the runtime folder for ourselves; `Refusal` when another supervisor has it."""
    home.root.mkdir(parents=True, exist_ok=True)
    with (home.root / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise _already_running(home, lock.read().strip()) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@dataclass(slots=True)
class Run:
    """One run of a centre, from its first process to its last."""

    centre: Centre
    demo: bool
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _supervisor: Supervisor = field(init=False)
    _printer: Printer = field(init=False)
    _names: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        self._names = parts.names(
            own_database=self.centre.urls.embedded, own_mail=not os.environ.get("MADOGUCHI_SMTP_HOST")
        )
        self._printer = Printer([*self._names, PREPARING], log_folder=self.centre.home.log)
        self._supervisor = Supervisor(self._say)

    async def until_stopped(self) -> None:
        """Start everything, say where it is, wait for a signal, stop everything."""
        self._listen_to_signals()
        starting = asyncio.create_task(self._start())
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([starting, stopped], return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await stopped
        finally:
            starting.cancel()
            await asyncio.wait([starting])
            await self._stop_all()

    async def _stop_all(self) -> None:
        began = bool(self._supervisor.pids())
        if began:
            say("止めています。", "Stopping.")
        await self._supervisor.stop()
        self._printer.close()
        if began:
            say("すべて止まりました。データは残っています。", "Everything has stopped. The data are kept.")

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._stop)

    def _stop(self) -> None:
        """Stop in order; asked a second time, at once."""
        if self._stopping.is_set():
            self._supervisor.kill()
        self._stopping.set()

    # ------------------------------------------------------------ starting

    async def _start(self) -> None:
        await self._see_that_ports_are_free()
        provision = asyncio.create_task(self._provision())
        try:
            if parts.DATABASE in self._names:
                self._begin(parts.DATABASE)
            await self._until_ready([parts.DATABASE])
            await asyncio.to_thread(self._furnish)
            await provision
        finally:
            provision.cancel()
            await asyncio.wait([provision])
        after = [name for name in self._names if name != parts.DATABASE]
        for name in after:
            self._begin(name)
        await self._until_ready(after)
        self._welcome()

    def _begin(self, name: str) -> None:
        self._supervisor.start(parts.part(name, demo=self.demo))

    async def _see_that_ports_are_free(self) -> None:
        wanted = [ports.web_port(self.centre.ports)]
        if "mailsink" in self._names:
            wanted.append(ports.mail_port(self.centre.ports))
        if running_pid(self.centre.home) is None:
            wanted += ports.asterisk_ports(self.centre.ports)
        limit = asyncio.get_running_loop().time() + (LEFTOVERS_WITHIN_S if self._left_in_haste() else 0)
        while taken := ports.taken(wanted):
            if asyncio.get_running_loop().time() > limit:
                ports.refuse_taken(taken)
            await asyncio.sleep(POLL_S)

    def _left_in_haste(self) -> bool:
        """Tell whether a supervisor before us was killed: its Asterisk is still there."""
        return running_pid(self.centre.home) is not None

    async def _provision(self) -> None:
        """Get what is missing; in a process of its own where that takes minutes, so that it can be stopped."""
        if provision_command.fetched(self.centre.home):
            await asyncio.to_thread(provision_command.provision, self.centre.home)
            return
        code = await run_step(parts.argv(PREPARING), lambda line: self._say(PREPARING, line), {})
        if code != 0:
            raise Trouble(
                "not_provisioned",
                ja="電話設備を用意できなかったため、起動を中止しました。理由は上に表示されています。",
                en="The telephone system could not be prepared, so nothing was started. The reason stands above.",
            )

    def _furnish(self) -> None:
        """Bring the tables up to date and, for the demo, fill them."""
        try:
            migrate_command.migrate()
            if self.demo:
                demo_command.command()
        finally:
            connections.close_all()

    async def _until_ready(self, names: Sequence[str]) -> None:
        """Return when every probe of these parts is content; `Trouble` naming the first that never was."""
        await asyncio.gather(*(self._until_content(probe) for name in names for probe in READY[name]))

    async def _until_content(self, probe: str) -> None:
        loop = asyncio.get_running_loop()
        limit = loop.time() + READY_WITHIN_S
        while True:
            finding = await find(probe, PROBES[probe], self.centre)
            if finding.healthy:
                return
            if loop.time() > limit or self._supervisor.hopeless():
                raise _not_ready(probe, finding.detail, self.centre.home)
            await asyncio.sleep(POLL_S)

    # ------------------------------------------------------------ saying

    def _say(self, name: str, line: str) -> None:
        self._printer.line(name, line, at=datetime.now(JAPAN))

    def _welcome(self) -> None:
        """Print the three addresses: the result of this command."""
        root = f"http://localhost:{self.centre.ports.web}"
        say("準備ができました。Ctrl-C で止まります。", "Ready. Ctrl-C stops it.")
        for words, view in (
            (("受付画面", "Desk"), "desk:desk"),
            (("テスト電話", "Test telephone"), "office:telephone"),
            (("納品と受信箱", "Deliveries and inbox"), "office:landing"),
        ):
            print(f"  {choose(*words):<22} {root}{reverse(view)}", flush=True)


def _already_running(home: Home, pid: str) -> Refusal:
    return Refusal(
        "already_running",
        ja=f"このセンターはすでに起動しています(プロセス {pid}、{home.root})。"
        "そちらを使うか、Ctrl-C で止めてから起動してください。",
        en=f"This centre is running already (process {pid}, {home.root}). "
        "Use that one, or stop it with Ctrl-C first.",
    )


def _not_ready(probe: str, detail: str, home: Home) -> Trouble:
    return Trouble(
        "not_ready",
        ja=f"{probe} が使える状態にならないため、起動を中止しました({detail})。"
        f"上の表示と {home.log} のログで原因を確認して、もう一度実行してください。",
        en=f"{probe} does not become ready ({detail}), so everything was stopped. "
        f"Find the reason above or in the logs in {home.log}, then run this again.",
    )
