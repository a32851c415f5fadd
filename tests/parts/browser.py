"""Headless Chromium as the desk and as the test telephone: its microphone speaks a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium(
    playwright: Playwright, *, voice: Path | None = None, also: Sequence[str] = ()
) -> Iterator[Browser]:
    """Run a browser whose microphone speaks `voice` again and again."""
    microphone = [] if voice is None else [f"--use-file-for-fake-audio-capture={voice}"]
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            *QUIET,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            "--autoplay-policy=no-user-gesture-required",
            *microphone,
            *also,
        ],
    )
    try:
        yield browser
    finally:
        browser.close()


def new_context(browser: Browser, *, width: int = 1440, height: int = 900) -> BrowserContext:
    """Return a fresh window of a Japanese user."""
    context = browser.new_context(
        locale="ja-JP", timezone_id="Asia/Tokyo", viewport={"width": width, "height": height}
    )
    context.grant_permissions(["microphone"])
    return context


def enter_as(page: Page, address: str, name: str) -> None:
    """Open an address of a demo centre as one of its people."""
    page.goto(address)
    page.get_by_role("button", name=name).click()


def complaints(page: Page) -> list[str]:
    """Begin to note what the browser refuses (Content-Security-Policy) and what breaks; return the list."""
    noted: list[str] = []
    page.on("console", lambda said: noted.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: noted.append(str(error)))
    return noted


def tab_to(page: Page, selector: str, presses: int = 60) -> None:
    """Go to a field with the Tab key alone."""
    for _ in range(presses):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


__all__ = ["chromium", "complaints", "enter_as", "expect", "new_context", "tab_to"]
