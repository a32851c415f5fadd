"""What a newcomer does: one window is the telephone, the other the desk; they hear each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from tests.e2e.desk import answers, at_the_desk, desks, finishes
from tests.parts.browser import complaints, expect
from tests.parts.centre import RunningCentre

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(120), pytest.mark.requirement("B4")]


def level(page: Page) -> float:
    """Return how loud the other side is just now, as the page shows it."""
    return float(page.locator("[data-level=theirs]").first.evaluate("meter => meter.value"))


def test_a_newcomer_calls_the_desk_from_a_second_window_and_both_are_heard(
    centre: RunningCentre, playwright: Playwright, tmp_path: Path
) -> None:
    with desks(playwright, tmp_path, seats=2) as [sato, telephone]:
        refused = complaints(telephone)
        at_the_desk(centre, sato, "佐藤")
        telephone.goto(centre.page("/office/telephone/"))
        telephone.get_by_text("0120-000-123").click()
        telephone.get_by_role("button", name="発信").click()
        answers(sato)
        expect(sato.locator(".band-name")).to_have_text("みどり本舗")
        centre.sees(lambda: level(sato) > 0.05, "the desk hears the caller")
        centre.sees(lambda: level(telephone) > 0.05, "the caller hears the desk")
        telephone.get_by_role("button", name="終話").click()
        finishes(sato)
        assert refused == []
    centre.sees(centre.is_quiet, "no channel and no bridge is left")
