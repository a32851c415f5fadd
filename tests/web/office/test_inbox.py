"""The local mail sink's inbox, in the demo only."""

from __future__ import annotations

import time
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client as Browser

from madoguchi.business.accounts.models import AuditEntry
from madoguchi.business.correspondence import sink
from tests.web.office.day import FILE_PASSWORD, Day

pytestmark = pytest.mark.django_db

PAGE = "/office/inbox/"


@pytest.fixture
def demo(settings: Any) -> None:
    settings.MADOGUCHI_DEMO = True


@pytest.fixture
def mail(tmp_path: Any) -> str:
    """A message to みどり本舗 with its Excel file; returns its id."""
    for old in django_settings.MADOGUCHI_HOME.mail.glob("*.eml"):
        old.unlink()
    message = EmailMessage()
    message["From"], message["To"] = "madoguchi@localhost", "orders@midori.test"
    message["Subject"], message["Message-ID"] = "受注データのご送付", "<1@madoguchi.test>"
    message.set_content("受注データをお送りします。\n<script>alert(1)</script>\n")
    message.add_attachment(
        b"PK-encrypted", maintype="application", subtype="octet-stream", filename="受注.xlsx"
    )
    return sink.keep(django_settings.MADOGUCHI_HOME.mail, message.as_bytes(), at=time.time())


def test_the_inbox_lists_what_came_and_says_what_it_is(
    demo: None, mail: str, yamada_browser: Browser
) -> None:
    page = yamada_browser.get(PAGE).content.decode()
    for shown in (
        "orders@midori.test",
        "受注データのご送付",
        "受注.xlsx",
        "外へは出ず",
        "取り決めたパスワード",
    ):
        assert shown in page


def test_the_living_part_comes_alone(demo: None, mail: str, yamada_browser: Browser) -> None:
    part = yamada_browser.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "orders@midori.test" in part
    assert "<html" not in part


def test_an_empty_inbox_says_what_will_come(demo: None, yamada_browser: Browser, mail: str) -> None:
    (django_settings.MADOGUCHI_HOME.mail / f"{mail}.eml").unlink()
    assert "まだメールは届いていません" in yamada_browser.get(PAGE).content.decode()


def test_a_message_is_shown_as_text_and_never_run(demo: None, mail: str, yamada_browser: Browser) -> None:
    page = yamada_browser.get(f"{PAGE}{mail}/").content.decode()
    assert "受注データをお送りします。" in page
    assert "&lt;script&gt;" in page
    assert "&lt;1@madoguchi.test&gt;" in page


def test_the_demo_tells_the_password_that_was_agreed(
    demo: None, mail: str, yamada_browser: Browser, midori_day: Day
) -> None:
    assert FILE_PASSWORD in yamada_browser.get(f"{PAGE}{mail}/").content.decode()
    assert FILE_PASSWORD not in yamada_browser.get(PAGE).content.decode()


def test_an_attachment_is_handed_out_and_it_is_on_record(
    demo: None, mail: str, yamada_browser: Browser
) -> None:
    answer = yamada_browser.get(f"{PAGE}{mail}/attachments/1/")
    assert answer.content == b"PK-encrypted"
    assert "%E5%8F%97%E6%B3%A8.xlsx" in answer.headers["Content-Disposition"]
    assert AuditEntry.objects.get(action="correspondence.attachment_downloaded").object_id == mail


@pytest.mark.parametrize(
    "path", ["0000000000000000-nothing/", "..%2Fsecrets/", "MAIL/attachments/0/", "MAIL/attachments/2/"]
)
def test_what_is_not_there_is_not_found(demo: None, mail: str, yamada_browser: Browser, path: str) -> None:
    assert yamada_browser.get(f"{PAGE}{path.replace('MAIL', mail)}").status_code == 404


def test_a_real_centre_has_no_such_page(mail: str, yamada_browser: Browser) -> None:
    for path in ("", f"{mail}/", f"{mail}/attachments/1/"):
        assert yamada_browser.get(f"{PAGE}{path}").status_code == 404
    assert PAGE not in yamada_browser.get("/office/").content.decode()


@pytest.mark.requirement("K4")
def test_strangers_may_not(demo: None, mail: str, sato_browser: Browser, midori_browser: Browser) -> None:
    for path in ("", f"{mail}/", f"{mail}/attachments/1/"):
        assert sato_browser.get(f"{PAGE}{path}").status_code == 403
        assert midori_browser.get(f"{PAGE}{path}").status_code == 403
        assert Browser().get(f"{PAGE}{path}").headers["Location"].startswith("/sign-in/")


def test_the_wrong_verb_is_told_so(demo: None, mail: str, yamada_browser: Browser) -> None:
    for path in ("", f"{mail}/", f"{mail}/attachments/1/"):
        assert yamada_browser.post(f"{PAGE}{path}").status_code == 405
