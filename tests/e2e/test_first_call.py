"""The main job, with real parts only: from the caller's telephone to the client's mailbox."""

from __future__ import annotations

import io
import os
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
from msoffcrypto.exceptions import InvalidKeyError
from playwright.sync_api import Page, Playwright

from tests.e2e.desk import at_the_desk, shows, type_the_order
from tests.parts.browser import chromium, complaints, expect, new_context
from tests.parts.centre import RunningCentre
from tests.parts.sip import Peers
from tests.parts.voices import AGENT_WORDS, CALLER_WORDS, as_ulaw, as_wav, likeness

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(180)]

NUMBER = "0120000123"
CALLER = "09087654321"
FILE_PASSWORD = "aojiru-2026"
PICTURES = "MADOGUCHI_SCREENSHOTS"
"""Folder for the picture of the README: `MADOGUCHI_SCREENSHOTS=docs/images bin/test tests/e2e/test_first_call.py`."""


def recorded(centre: RunningCentre) -> list[float]:
    """Return how many seconds of each voice are on the disk so far (8 kHz, 16 bit)."""
    return [path.stat().st_size / 16_000 for path in centre.home.recordings.glob("*.wav")] or [0.0]


def messages(centre: RunningCentre) -> list[EmailMessage]:
    found = sorted(centre.home.mail.rglob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]  # type: ignore[misc]


def opened(attachment: bytes, password: str) -> io.BytesIO:
    plain = io.BytesIO()
    locked = msoffcrypto.OfficeFile(io.BytesIO(attachment))
    locked.load_key(password=password, verify_password=True)
    locked.decrypt(plain)
    return plain


@pytest.mark.requirement("B4")
@pytest.mark.requirement("D1-D4")
@pytest.mark.requirement("Y3")
def test_a_call_becomes_an_order_in_the_clients_mailbox(
    centre: RunningCentre, callers: Peers, playwright: Playwright, tmp_path: Path
) -> None:
    microphone = as_wav(tmp_path / "agent.wav", AGENT_WORDS)
    with chromium(playwright, voice=microphone) as browser:
        page = new_context(browser).new_page()
        refused = complaints(page)
        at_the_desk(centre, page, "佐藤")

        caller = callers.call(NUMBER, caller=CALLER, talk_ms=45_000, voice=as_ulaw(tmp_path, CALLER_WORDS))
        expect(page.locator(".band-name")).to_have_text("みどり本舗", timeout=10_000)
        expect(page.locator(".greeting")).to_contain_text("みどり本舗でございます")
        shows(page, "ringing")
        page.keyboard.press("F1")
        shows(page, "talking")
        type_the_order(page, name="髙橋 さくら", kana="タカハシ サクラ", phone=CALLER)
        expect(page.locator(".sum-total")).to_contain_text("7,960")
        take_picture(page, Path(os.environ.get(PICTURES) or tmp_path))
        page.keyboard.press("F12")
        expect(page.locator("[data-receipt=delivered]")).to_be_visible(timeout=20_000)
        centre.sees(
            lambda: all(seconds > 10 for seconds in recorded(centre)), "each has spoken all his words"
        )
        page.keyboard.press("F10")
        shows(page, "wrap_up")
        assert caller.wait(10) == 0
        page.keyboard.press("F8")
        shows(page, "ready")
        page.keyboard.press("Shift+F10")
        shows(page, "off")
        assert refused == [], "\n".join(refused)

    [message] = [found for found in messages(centre) if "midori" in found["To"]]
    [attachment] = list(message.iter_attachments())
    content = attachment.get_content()
    with pytest.raises(InvalidKeyError):
        opened(content, "not-the-password")
    sheet = openpyxl.load_workbook(opened(content, FILE_PASSWORD)).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    texts = {cell.value: cell for cell in cells}
    for kept in (CALLER, "0600001", "0001"):
        assert any(
            str(text).replace("-", "") == kept and cell.data_type == "s" for text, cell in texts.items()
        ), kept
    assert "髙橋 さくら" in texts

    [call] = centre.rows(
        "SELECT number, caller, disposition, ended_by, answered_at > arrived_at, ended_at > answered_at,"
        " wrap_up_ended_at >= ended_at, agent_id, recording_caller, recording_agent FROM calls_call WHERE caller = %s",
        CALLER,
    )
    assert call[:8] == (NUMBER, CALLER, "answered", "agent", True, True, True, centre.agent("sato"))
    centre.sees(
        lambda: centre.rows("SELECT 1 FROM calls_call WHERE recording_agent <> ''"), "the recording is kept"
    )
    [(caller_file, agent_file)] = centre.rows(
        "SELECT recording_caller, recording_agent FROM calls_call WHERE caller = %s", CALLER
    )
    recordings = centre.home.recordings
    for file, own, other in (
        (caller_file, CALLER_WORDS, AGENT_WORDS),
        (agent_file, AGENT_WORDS, CALLER_WORDS),
    ):
        assert likeness(recordings / file, own) > max(0.6, likeness(recordings / file, other) + 0.1), file
    centre.sees(centre.is_quiet, "no channel and no bridge is left")


def take_picture(page: Page, folder: Path) -> None:
    """Keep the desk as the README shows it."""
    shot = folder / "desk.png"
    # A hidden caret would be an inline style, which our policy refuses.
    page.screenshot(path=shot, caret="initial")
    assert shot.stat().st_size > 20_000
