"""The test telephone at a real centre: it rings the desk, they talk, and what goes wrong is said."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.parts.browser import CHROMIUM, QUIET, chromium, complaints, enter_as, new_context
from tests.parts.centre import RunningCentre, running_centre

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(240)]

PATIENCE_MS = 20_000
NUMBER = "0120000123"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with running_centre(tmp_path_factory.mktemp("telephone")) as running:
        yield running


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser of one newcomer: its windows share what a browser shares."""
    context = new_context(browser)
    yield context
    context.close()


def telephone(context: BrowserContext, centre: RunningCentre) -> Page:
    page = context.new_page()
    page.goto(centre.page("/office/telephone/"))
    expect(page.locator("[data-state]")).to_have_text("発信できます", timeout=PATIENCE_MS)
    return page


@pytest.mark.requirement("B4")
def test_a_newcomer_calls_and_the_desk_answers(
    centre: RunningCentre, browser: Browser, context: BrowserContext
) -> None:
    desk = new_context(browser).new_page()
    enter_as(desk, centre.page("/desk/"), "佐藤")
    centre.sees(lambda: centre.state("sato") == "away", "Sato sits at the desk")
    desk.keyboard.press("F2")
    centre.sees(lambda: centre.state("sato") == "ready", "Sato is ready")

    caller = telephone(context, centre)
    refused = complaints(caller)
    caller.locator(f"[data-number='{NUMBER}']").click()
    caller.locator("#caller").select_option("own")
    caller.locator("#own").fill("090-8765-4321")
    caller.locator("#number").press("Enter")
    expect(caller.locator("[data-state]")).to_have_text("呼出中")
    expect(desk.locator(".band-name")).to_have_text("みどり本舗", timeout=PATIENCE_MS)
    desk.keyboard.press("F1")
    expect(caller.locator("[data-state]")).to_have_text(re.compile(r"通話中 00:0[1-9]"), timeout=PATIENCE_MS)
    caller.wait_for_function("() => document.querySelector('[data-level=mine]').value > 0.1")
    caller.wait_for_function("() => document.querySelector('[data-level=theirs]').value > 0.1")
    if folder := os.environ.get("MADOGUCHI_SCREENSHOTS"):
        caller.screenshot(path=Path(folder) / "office-telephone-talking.png")
    caller.locator("[data-key='5']").click()
    expect(caller.locator("#number")).to_have_value(NUMBER)
    caller.keyboard.press("Escape")
    expect(caller.locator("[data-state]")).to_have_text("終了")
    centre.sees(lambda: centre.state("sato") == "wrap_up", "after-call work")
    expect(caller.locator("[data-trouble]")).to_be_hidden()
    expect(caller.locator("[data-start]")).to_be_enabled()
    [told] = centre.rows("SELECT number, caller, disposition, ended_by FROM calls_call")
    assert told == (NUMBER, "09087654321", "answered", "caller")
    assert refused == []
    desk.keyboard.press("Shift+F10")
    desk.context.close()


def test_a_withheld_number_is_withheld(centre: RunningCentre, context: BrowserContext) -> None:
    page = telephone(context, centre)
    page.locator(f"[data-number='{NUMBER}']").click()
    page.locator("#caller").select_option("")
    page.locator("[data-start]").click()
    expect(page.locator("[data-state]")).to_have_text("呼出中")
    page.wait_for_timeout(500)
    page.locator("[data-hang-up]").click()
    centre.sees(
        lambda: centre.rows("SELECT 1 FROM calls_call WHERE caller = '' AND disposition = 'abandoned'"),
        "a caller without number gave up",
    )
    expect(page.locator("[data-trouble]")).to_be_hidden()


def test_an_unknown_number_is_said_to_be_unknown(centre: RunningCentre, context: BrowserContext) -> None:
    page = telephone(context, centre)
    page.locator("#number").fill("０１２０-９９９-９９９")
    page.locator("#number").press("Enter")
    expect(page.locator("[data-trouble]")).to_contain_text("この番号は使われていません", timeout=PATIENCE_MS)
    expect(page.locator("[data-state]")).to_have_text("終了")


def test_without_a_number_nothing_is_called(centre: RunningCentre, context: BrowserContext) -> None:
    page = telephone(context, centre)
    page.locator("#number").press("Enter")
    expect(page.locator("[data-trouble]")).to_contain_text("かける番号を入力するか")


def test_each_window_takes_a_telephone_of_its_own(centre: RunningCentre, context: BrowserContext) -> None:
    lines = [telephone(context, centre).locator("[data-line]").inner_text() for _ in range(2)]
    assert lines == ["1", "2"]


def test_a_refused_microphone_is_said_with_what_to_do(centre: RunningCentre, playwright: Playwright) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
    page = browser.new_context(locale="ja-JP").new_page()
    page.goto(centre.page("/office/telephone/"))
    expect(page.locator("[data-trouble]")).to_contain_text("マイクを使えません", timeout=PATIENCE_MS)
    page.wait_for_timeout(1_500)
    expect(page.locator("[data-trouble]")).to_contain_text("マイクを使えません")
    expect(page.locator("[data-start]")).to_be_disabled()
    browser.close()
