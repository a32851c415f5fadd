"""A whole centre for tests: `madoguchi up --demo` in a folder and on ports of its own, and its processes by name."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

from madoguchi.config.database import DatabaseUrls, database_urls
from madoguchi.config.home import Home
from tests.parts.asterisk import cache_dir, free_port

PATIENCE_S = 20.0


@dataclass
class RunningCentre:
    """One centre; every look at it is a look from outside."""

    home: Home
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    urls: DatabaseUrls = field(init=False)

    def __post_init__(self) -> None:
        self.urls = database_urls(self.home, {})

    # ------------------------------------------------------------ where it is

    def port(self, name: str) -> int:
        return int(self.environment[f"MADOGUCHI_{name}_PORT"])

    def page(self, path: str) -> str:
        return f"http://localhost:{self.port('WEB')}{path}"

    # ------------------------------------------------------------ looking in

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls.app, autocommit=True) as connection:
            return connection.execute(question.encode(), values).fetchall()

    def sees(self, what: Callable[[], object], words: str, seconds: float = PATIENCE_S) -> Any:
        """Wait until `what()` is true and return it; fail with `words` otherwise."""
        deadline = time.monotonic() + seconds
        while not (found := what()):
            assert time.monotonic() < deadline, f"not seen within {seconds:.0f} s: {words}"
            time.sleep(0.1)
        return found

    def agent(self, username: str) -> int:
        [(found,)] = self.rows(
            "SELECT a.id FROM staff_agent a JOIN accounts_user u ON u.id = a.user_id WHERE u.username = %s",
            username,
        )
        return int(found)

    def state(self, username: str) -> str:
        found = self.rows("SELECT state FROM calls_presence WHERE agent_id = %s", self.agent(username))
        return str(found[0][0]) if found else "off"

    def ari(self, path: str) -> Any:
        with httpx.Client(auth=("madoguchi", self.home.secrets().ari), trust_env=False) as http:
            return http.get(f"http://127.0.0.1:{self.port('ASTERISK_HTTP')}/ari/{path}").json()

    def is_quiet(self) -> bool:
        """Whether no channel and no bridge is left."""
        return not self.ari("channels") and not self.ari("bridges")

    # ------------------------------------------------------------ its processes

    def process_of(self, name: str) -> psutil.Process | None:
        """Return the process of a part such as `switchboard`, while there is one."""
        for child in psutil.Process(self.process.pid).children():
            try:
                if name in child.cmdline():
                    return child
            except psutil.Error:
                continue
        return None

    def kill(self, name: str) -> int:
        """`kill -9` a part, children included, and return the process id it had."""
        part = self.sees(lambda: self.process_of(name), f"{name} runs")
        for process in [*part.children(recursive=True), part]:
            process.kill()
        part.wait(5)
        return int(part.pid)

    def comes_back(self, name: str, after: int) -> None:
        """Wait until the part that was killed is there again as another process."""
        self.sees(lambda: (p := self.process_of(name)) and p.pid != after, f"{name} is started again")

    @contextmanager
    def beside(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run one more process of a part, outside the supervisor's care."""
        process = subprocess.Popen(
            [sys.executable, "-m", "madoguchi", name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )
        try:
            yield process
            assert process.poll() is None, f"the second {name} has ended with {process.returncode}"
        finally:
            process.terminate()
            process.wait(20)

    def stop(self) -> int:
        """Stop as Ctrl-C does, and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)


def environment_for(root: Path) -> dict[str, str]:
    """Return the environment of a centre below `root`, on free ports."""
    ports = {
        "MADOGUCHI_WEB_PORT": free_port(socket.SOCK_STREAM),
        "MADOGUCHI_ASTERISK_HTTP_PORT": free_port(socket.SOCK_STREAM),
        "MADOGUCHI_SIP_PORT": free_port(socket.SOCK_DGRAM),
        "MADOGUCHI_MAIL_PORT": free_port(socket.SOCK_STREAM),
        "MADOGUCHI_RTP_FIRST": 20000,
        "MADOGUCHI_RTP_LAST": 21000,
    }
    ours = ("MADOGUCHI_", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    given = {"MADOGUCHI_HOME": str(root), "MADOGUCHI_CACHE": str(cache_dir()), "LANG": "en_US.UTF-8"}
    return kept | given | {name: str(port) for name, port in ports.items()}


@contextmanager
def running_centre(root: Path) -> Iterator[RunningCentre]:
    """Run a demo centre for as long as the block lasts; its log is `up.log` below `root`."""
    environment = environment_for(root)
    with (root / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "madoguchi", "up", "--demo"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        _wait_for_welcome(process, root / "up.log")
        yield RunningCentre(Home.from_environment(environment), environment, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(40)


def _wait_for_welcome(process: subprocess.Popen[bytes], log: Path, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while b"/desk/" not in log.read_bytes():
        assert process.poll() is None, log.read_text()[-4000:]
        assert time.monotonic() < deadline, log.read_text()[-4000:]
        time.sleep(0.2)
