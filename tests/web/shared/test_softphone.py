"""The browser as a telephone, at a real Asterisk: registers, rings, talks, hangs up, comes back."""

from __future__ import annotations

import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from madoguchi.telephony.ari import requests
from madoguchi.telephony.ari.events import StasisEnd, StasisStart
from madoguchi.telephony.server import Server
from madoguchi.telephony.settings import Extension
from madoguchi.web.shared.frontend import build
from madoguchi.web.shared.frontend.bundle import VENDOR
from tests.parts.asterisk import AGENTS, CALLER, NUMBER, TELEPHONES, listening, running_asterisk
from tests.parts.browser import CHROMIUM, QUIET

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(180)]

HERE = Path(__file__).parent
FAKE_SOUND = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_asterisk(tmp_path_factory.mktemp("s")) as server:
        yield server


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A folder with the softphone and the bare page, served on a free port."""
    build(print)
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(VENDOR.parent, folder, dirs_exist_ok=True)
    for name in ("softphone.html", "softphone-page.js"):
        shutil.copy(HERE / name, folder / name)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/softphone.html"
        server.shutdown()
        thread.join()


class Desk:
    """One page with one telephone."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def takes(self, server: Server, extension: Extension, *, password: str | None = None) -> None:
        options = {
            "uri": f"ws://127.0.0.1:{server.settings.http_port}/ws",
            "user": extension.name,
            "password": password or extension.password,
        }
        await self._page.evaluate("(options) => window.take(options)", options)

    async def tells(self, state: str, *, reason: str = "") -> None:
        """Wait until the telephone is in this state."""
        wanted = "([state, reason]) => phone.state === state && (!reason || told.at(-1)[1].reason === reason)"
        await self._page.wait_for_function(wanted, arg=[state, reason], timeout=20_000)

    async def told(self) -> list[str]:
        states: list[str] = await self._page.evaluate("told.map(([state]) => state)")
        return states

    async def does(self, deed: str) -> Any:
        return await self._page.evaluate(f"phone.{deed}")

    async def hears(self, side: str) -> None:
        """Wait until one side has been louder than silence."""
        await self._page.wait_for_function("(side) => loudest[side] > 0.2", arg=side, timeout=15_000)


@pytest.fixture
async def desks(pages: str) -> AsyncIterator[tuple[Desk, Desk]]:
    """Two browsers' pages: the communicator's and the customer's."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *FAKE_SOUND])
        found = []
        for _ in range(2):
            page = await browser.new_page()
            await page.goto(pages)
            await page.wait_for_function("() => Boolean(window.take)")
            found.append(Desk(page))
        yield found[0], found[1]
        await browser.close()


async def test_a_telephone_registers_and_a_wrong_password_does_not(
    asterisk: Server, desks: tuple[Desk, Desk]
) -> None:
    ours, strangers = desks
    await ours.takes(asterisk, AGENTS[0])
    await ours.tells("registered")
    await strangers.takes(asterisk, AGENTS[1], password="guessed")
    await strangers.tells("lost", reason="registration")


async def test_two_browsers_talk_through_asterisk_and_both_are_heard(
    asterisk: Server, desks: tuple[Desk, Desk]
) -> None:
    communicator, customer = desks
    await communicator.takes(asterisk, AGENTS[0])
    await customer.takes(asterisk, TELEPHONES[0])
    await communicator.tells("registered")
    await customer.tells("registered")
    async with listening(asterisk.settings) as ear:
        assert await customer.does(f"call('{NUMBER}', {{ from: '{CALLER}' }})")
        arrival = await ear.hear(StasisStart, lambda found: found.args[:2] == ("inbound", NUMBER))
        assert arrival.channel.caller_number == CALLER
        await ear.ari.send(
            requests.originate("desk", f"PJSIP/{AGENTS[0].name}", app=asterisk.settings.app, app_args="agent")
        )
        await communicator.tells("ringing")
        assert await communicator.does("answer()")
        await ear.hear(StasisStart, lambda found: found.args == ("agent",))
        await ear.ari.send(requests.answer(arrival.channel.id))
        await ear.ari.send(requests.create_bridge("talk"))
        await ear.ari.send(requests.add_channel("talk", arrival.channel.id, "desk"))
        await communicator.tells("talking")
        await customer.tells("talking")
        for desk in desks:
            await desk.hears("mine")
            await desk.hears("theirs")
        await communicator.does("hangUp()")
        await ear.hear(StasisEnd, lambda found: found.channel.id == "desk")
        await ear.ari.send(requests.hangup(arrival.channel.id))
        await ear.ari.send(requests.destroy_bridge("talk"))
        await customer.tells("registered")
    for desk, direction in ((communicator, "in"), (customer, "out")):
        states = await desk.told()
        assert states[-4:] == ["ringing", "talking", "ended", "registered"], direction


async def test_a_telephone_comes_back_by_itself_after_asterisk_was_away(
    asterisk: Server, desks: tuple[Desk, Desk]
) -> None:
    desk, _ = desks
    await desk.takes(asterisk, AGENTS[0])
    await desk.tells("registered")
    asterisk.stop()
    await desk.tells("lost", reason="connection")
    asterisk.start(AGENTS, TELEPHONES)
    await desk.tells("registered")
