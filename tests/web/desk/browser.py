"""A real browser at a real web server: uvicorn in a process of its own, Chromium without a head."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright

CHROMIUM = "/usr/bin/chromium"

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]

PATIENCE_S = 30.0


@contextmanager
def web_server(log: Path) -> Iterator[str]:
    """Serve the pages on a free port of the loopback address; yields their address."""
    with socket.socket() as listening, log.open("wb") as said:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        environment = os.environ | {
            "MADOGUCHI_HOME": str(settings.MADOGUCHI_HOME.root),
            "MADOGUCHI_DEMO": "1",
        }
        environment["DJANGO_SETTINGS_MODULE"] = "madoguchi.config.settings"
        server = subprocess.Popen(
            [
                sys.executable, "-m", "uvicorn", "madoguchi.config.asgi:application",
                "--fd", str(listening.fileno()), "--timeout-graceful-shutdown", "1", "--log-level", "warning",
            ],
            pass_fds=[listening.fileno()], env=environment, stdout=said, stderr=said,
        )  # fmt: skip
        try:
            _wait_for(f"{address}/sign-in/", server, log)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE_S):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    try:
        yield browser
    finally:
        browser.close()


class Witness:
    """Hears what a page complains of: what its security policy refused, and errors of its scripts."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if "violates the following Content Security Policy" in message.text:
            self.complaints.append(message.text)
