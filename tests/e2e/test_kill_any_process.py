"""`kill -9` of any process at any moment: nobody is cut off, nothing is lost, nothing is done twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.e2e.desk import answers, at_the_desk, desks, finishes, shows, type_the_order
from tests.parts.browser import expect
from tests.parts.centre import RunningCentre
from tests.parts.sip import Peers
from tests.parts.voices import CALLER_WORDS, as_ulaw

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(180), pytest.mark.requirement("B3")]

NUMBER = "0120000123"


def the_call_of(centre: RunningCentre, caller: str) -> tuple[object, ...]:
    """Return the one row of a caller's one call: disposition, who ended it, agent, and whether it is whole."""
    [row] = centre.rows(
        "SELECT disposition, ended_by, agent_id, ended_at IS NOT NULL AND number <> '' FROM calls_call"
        " WHERE caller = %s",
        caller,
    )
    return row


def heard_from(centre: RunningCentre) -> dict[str, int]:
    """Return how many packets of sound each telephone on the line has sent so far."""
    talking = [c["id"] for c in centre.ari("channels") if "recording" not in c["id"] and c["state"] == "Up"]
    return {channel: centre.ari(f"channels/{channel}/rtp_statistics")["rxcount"] for channel in talking}


def test_the_switchboard_is_killed_during_a_talk_and_the_sound_goes_on(
    centre: RunningCentre, callers: Peers, playwright: Playwright, tmp_path: Path
) -> None:
    with desks(playwright, tmp_path) as [sato]:
        at_the_desk(centre, sato, "佐藤")
        voice = as_ulaw(tmp_path, CALLER_WORDS)
        caller = callers.call(NUMBER, caller="0311110001", talk_ms=14_000, voice=voice)
        answers(sato)
        centre.sees(lambda: len(heard_from(centre)) == 2, "both telephones send sound")
        killed = centre.kill("switchboard")
        before = heard_from(centre)
        centre.comes_back("switchboard", killed)
        centre.sees(
            lambda: all(heard_from(centre).get(c, 0) > n + 50 for c, n in before.items()),
            "both go on being heard",
        )
        shows(sato, "talking")
        assert caller.wait(30) == 0
        finishes(sato)
    assert the_call_of(centre, "0311110001") == ("answered", "caller", centre.agent("sato"), True)
    centre.sees(centre.is_quiet, "no channel and no bridge is left")


def test_the_switchboard_is_killed_while_it_rings_and_the_call_is_answered(
    centre: RunningCentre, callers: Peers, playwright: Playwright, tmp_path: Path
) -> None:
    with desks(playwright, tmp_path) as [sato]:
        at_the_desk(centre, sato, "佐藤")
        caller = callers.call(NUMBER, caller="0311110002", talk_ms=2000)
        shows(sato, "ringing")
        killed = centre.kill("switchboard")
        centre.comes_back("switchboard", killed)
        centre.sees(
            lambda: centre.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"), "it is in charge"
        )
        answers(sato)
        assert caller.wait(30) == 0
        finishes(sato)
    assert the_call_of(centre, "0311110002") == ("answered", "caller", centre.agent("sato"), True)
    centre.sees(centre.is_quiet, "no channel and no bridge is left")


def test_the_switchboard_is_killed_while_callers_wait_and_they_are_connected_in_order(
    centre: RunningCentre, callers: Peers, playwright: Playwright, tmp_path: Path
) -> None:
    with desks(playwright, tmp_path) as [sato]:
        at_the_desk(centre, sato, "佐藤", ready=False)
        first = callers.call(NUMBER, caller="0311110003", talk_ms=25_000)
        centre.sees(
            lambda: centre.rows("SELECT 1 FROM calls_call WHERE caller = '0311110003'"), "the first waits"
        )
        killed = centre.kill("switchboard")
        second = callers.call(NUMBER, caller="0311110004", talk_ms=25_000)
        centre.comes_back("switchboard", killed)
        centre.sees(
            lambda: centre.rows("SELECT 1 FROM calls_call WHERE caller = '0311110004'"), "the second waits"
        )
        sato.keyboard.press("F2")
        for _ in range(2):
            answers(sato)
            sato.keyboard.press("F10")
            shows(sato, "wrap_up")
            sato.keyboard.press("F8")
        shows(sato, "ready")
        sato.keyboard.press("Shift+F10")
        shows(sato, "off")
        assert (first.wait(30), second.wait(30)) == (0, 0)
    order = centre.rows(
        "SELECT caller FROM calls_call WHERE caller IN ('0311110003', '0311110004') ORDER BY answered_at"
    )
    assert order == [("0311110003",), ("0311110004",)]
    for number in ("0311110003", "0311110004"):
        assert the_call_of(centre, number) == ("answered", "agent", centre.agent("sato"), True)
    centre.sees(centre.is_quiet, "no channel and no bridge is left")


def test_a_standby_disturbs_nothing_and_takes_over_when_the_first_is_killed(
    centre: RunningCentre, callers: Peers, playwright: Playwright, tmp_path: Path
) -> None:
    with centre.beside("switchboard"), desks(playwright, tmp_path) as [sato]:
        at_the_desk(centre, sato, "佐藤")
        caller = callers.call(NUMBER, caller="0311110006", talk_ms=8000)
        answers(sato)
        killed = centre.kill("switchboard")
        centre.comes_back("switchboard", killed)
        assert caller.wait(30) == 0
        finishes(sato)
    assert the_call_of(centre, "0311110006") == ("answered", "caller", centre.agent("sato"), True)
    centre.sees(centre.is_quiet, "no channel and no bridge is left")


def test_web_and_worker_are_killed_and_the_order_arrives_once(
    centre: RunningCentre, callers: Peers, playwright: Playwright, tmp_path: Path
) -> None:
    with desks(playwright, tmp_path) as [sato]:
        at_the_desk(centre, sato, "佐藤")
        caller = callers.call(NUMBER, caller="0311110005", talk_ms=60_000)
        answers(sato)
        type_the_order(sato, name="木村 一", kana="キムラ ハジメ", phone="0311110005")
        web, worker = centre.kill("serve"), centre.kill("worker")
        sato.keyboard.press("F12")
        expect(sato.locator("[name=name]")).to_have_value("木村 一")
        centre.comes_back("serve", web)
        expect(sato.locator("[data-loss=stream]")).to_be_hidden(timeout=20_000)
        sato.keyboard.press("F12")
        centre.comes_back("worker", worker)
        expect(sato.locator("[data-receipt=delivered]")).to_be_visible(timeout=45_000)
        sato.keyboard.press("F10")
        finishes(sato)
        assert caller.wait(30) == 0
    orders = centre.rows(
        "SELECT d.state, d.message_id FROM intake_order o JOIN delivery_delivery d ON d.order_id = o.id"
        " WHERE o.phone = '0311110005'"
    )
    assert [state for state, _ in orders] == ["delivered"]
    sent = [
        path for path in centre.home.mail.rglob("*.eml") if str(orders[0][1]).encode() in path.read_bytes()
    ]
    assert len(sent) == 1
