"""Two clients' calls at once, and a third caller who waits for whoever is free first."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.e2e.desk import answers, at_the_desk, desks, finishes, shows
from tests.parts.browser import expect
from tests.parts.centre import RunningCentre
from tests.parts.sip import Peers

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(180)]

MIDORI, SAKURA = "0120000123", "0120000456"


@pytest.mark.requirement("S2")
def test_two_talk_at_once_and_the_third_is_connected_to_the_first_who_is_free(
    centre: RunningCentre, callers: Peers, playwright: Playwright, tmp_path: Path
) -> None:
    with desks(playwright, tmp_path, seats=2) as [sato, watanabe]:
        at_the_desk(centre, watanabe, "渡辺")
        sakura = callers.call(SAKURA, caller="0322220001", talk_ms=60_000)
        answers(watanabe)
        at_the_desk(centre, sato, "佐藤")
        midori = callers.call(MIDORI, caller="0322220002", talk_ms=60_000)
        answers(sato)
        expect(watanabe.locator(".band-name")).to_have_text("さくら堂")
        expect(sato.locator(".band-name")).to_have_text("みどり本舗")

        third = callers.call(SAKURA, caller="0322220003", talk_ms=40_000)
        expect(sato.locator("[data-waiting]")).to_have_text("1")
        sato.keyboard.press("F10")
        shows(sato, "wrap_up")
        sato.keyboard.press("F8")
        answers(sato)
        expect(sato.locator(".band-name")).to_have_text("さくら堂")
        expect(sato.locator(".greeting")).to_contain_text("さくら堂")
        for desk in (sato, watanabe):
            desk.keyboard.press("F10")
            finishes(desk)
        assert [caller.wait(20) for caller in (sakura, midori, third)] == [0, 0, 0]
    answered = dict(centre.rows("SELECT caller, agent_id FROM calls_call WHERE caller LIKE '032222%%'"))
    assert answered == {
        "0322220001": centre.agent("watanabe"),
        "0322220002": centre.agent("sato"),
        "0322220003": centre.agent("sato"),
    }
    centre.sees(centre.is_quiet, "no channel and no bridge is left")
