"""A whole centre as a newcomer starts it, in a runtime folder and on ports of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.parts.asterisk import free_port

PATIENCE_S = 90.0


def free_range(length: int) -> int:
    """Return the first of `length` ports that are likely to be free."""
    return min(free_port(socket.SOCK_DGRAM) // 2 * 2, 64_000 - length)


@dataclass
class CentreUnderTest:
    """One runtime folder, and the `madoguchi up` that runs in it just now."""

    home: Path
    environment: dict[str, str] = field(init=False)
    process: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        first = free_range(300)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("MADOGUCHI_") or name == "MADOGUCHI_CACHE"
        }
        self.environment = kept | {
            "MADOGUCHI_HOME": str(self.home),
            "MADOGUCHI_WEB_PORT": str(free_port(socket.SOCK_STREAM)),
            "MADOGUCHI_ASTERISK_HTTP_PORT": str(free_port(socket.SOCK_STREAM)),
            "MADOGUCHI_SIP_PORT": str(free_port(socket.SOCK_DGRAM)),
            "MADOGUCHI_MAIL_PORT": str(free_port(socket.SOCK_STREAM)),
            "MADOGUCHI_RTP_FIRST": str(first),
            "MADOGUCHI_RTP_LAST": str(first + 299),
            "MADOGUCHI_LANGUAGE": "en",
            "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        }

    # ------------------------------------------------------------ running

    def up(self) -> list[str]:
        """Start it with the demo and return the addresses that it prints, once it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "madoguchi", "up", "--demo"],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self.talk.open("a"), text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        lines = []
        while len(lines) < 3 and (line := self.process.stdout.readline()):
            lines.append(line.split()[-1])
        assert len(lines) == 3, self.talk.read_text()
        return lines

    @property
    def talk(self) -> Path:
        """What it has said on standard error."""
        return self.home.parent / "talk.txt"

    def interrupt(self) -> int:
        """Press Ctrl-C, wait for the end, and return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE_S)
        self._let_go()
        return code

    def kill_supervisor(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE_S)
        self._let_go()

    def _let_go(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None

    def end(self) -> None:
        """End whatever is left, for the sake of the machine that tests run on."""
        if self.process is not None:
            self.interrupt()
        for pid in self.processes().values():
            os.kill(pid, signal.SIGKILL)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command in this centre."""
        return subprocess.run(
            [sys.executable, "-m", "madoguchi", *words],
            env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=PATIENCE_S,
        )  # fmt: skip

    def findings(self) -> dict[str, Any]:
        """Return what the doctor finds, by part: whether it is healthy."""
        found = json.loads(self.run("doctor", "--json").stdout)
        return {finding["part"]: finding["healthy"] for finding in found}

    # ------------------------------------------------------------ looking

    def processes(self) -> dict[str, int]:
        """Return the processes of this centre: the command's name, or `postgres`, `asterisk`; and the id."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and (name := self._name_of(folder)):
                found[name] = int(folder.name)
        return found

    def _name_of(self, folder: Path) -> str:
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            environment = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            return ""
        if f"{self.home}/postgres/data" in words:
            return "postgres"
        if f"{self.home}/asterisk/etc/asterisk.conf" in words:
            return "asterisk"
        if f"MADOGUCHI_HOME={self.home}" in environment and "madoguchi" in words:
            return words[words.index("madoguchi") + 1]
        return ""


def eventually(holds: Callable[[], bool], *, patience_s: float = PATIENCE_S) -> bool:
    """Return whether it came true in time; other processes do the work, so we look again and again."""
    limit = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > limit:
            return False
        time.sleep(0.1)
    return True
