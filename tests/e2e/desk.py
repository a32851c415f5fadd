"""What a communicator does at the desk: keys only, and looking at what the page says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.parts.browser import chromium, enter_as, expect, new_context, tab_to
from tests.parts.centre import RunningCentre
from tests.parts.voices import AGENT_WORDS, as_wav


def shows(page: Page, state: str) -> None:
    """The desk shows a state: the switchboard has confirmed it."""
    expect(page.locator("[data-desk]")).to_have_attribute("data-state", state, timeout=20_000)


def at_the_desk(centre: RunningCentre, page: Page, name: str, *, ready: bool = True) -> None:
    """Sit down with the telephone connected, and take calls."""
    enter_as(page, centre.page("/desk/"), name)
    shows(page, "away")
    expect(page.locator("[data-phone-state]")).to_contain_text("使えます")
    if ready:
        page.keyboard.press("F2")
        shows(page, "ready")


def answers(page: Page) -> None:
    shows(page, "ringing")
    page.keyboard.press("F1")
    shows(page, "talking")


def finishes(page: Page) -> None:
    """Do the after-call work and go home."""
    shows(page, "wrap_up")
    page.keyboard.press("F8")
    shows(page, "ready")
    page.keyboard.press("Shift+F10")
    shows(page, "off")


def type_the_order(page: Page, *, name: str, kana: str, phone: str) -> None:
    """Fill in an order of two boxes as a communicator does: with the keyboard alone."""
    texts = {"[name=name]": name, "[name=kana]": kana, "[name=phone]": phone, "[name=postal_code]": "0600001"}
    for selector, text in texts.items():
        tab_to(page, selector)
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    page.locator("[data-address]").first.wait_for()
    tab_to(page, "[data-address]")
    page.keyboard.press("Space")
    tab_to(page, "[name=street]")
    page.keyboard.type("1-2-3")
    tab_to(page, "[name=lines-0-product]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=lines-0-quantity]")
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    expect(page.locator(".read-back-words")).to_contain_text("2点")
    tab_to(page, "#read-back-mark")
    page.keyboard.press("Space")
    expect(page.locator("#read-back-mark")).to_be_checked()


@contextmanager
def desks(playwright: Playwright, folder: Path, *, seats: int = 1) -> Iterator[list[Page]]:
    """Open so many desks, each in a browser window of its own, all speaking the same greeting."""
    with chromium(playwright, voice=as_wav(folder / "agent.wav", AGENT_WORDS)) as browser:
        yield [new_context(browser).new_page() for _ in range(seats)]
