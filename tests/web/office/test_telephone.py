"""The test telephone's page: who may see it, and what it is given."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from madoguchi.business.clients.models import Programme
from madoguchi.business.intake.models import Customer, Order
from madoguchi.business.lines.actions import put_number
from tests.web.office.day import Day

pytestmark = pytest.mark.django_db

PAGE = "/office/telephone/"


@pytest.fixture
def demo(settings: Any) -> None:
    settings.MADOGUCHI_DEMO = True
    settings.MADOGUCHI_TELEPHONES = [("telephone-1", "one"), ("telephone-2", "two")]


@pytest.fixture
def known(midori_day: Day) -> Order:
    """髙橋 is known to みどり本舗 by a former order."""
    return midori_day.order(
        by=midori_day.agent.user, name="髙橋 さくら", kana="タカハシ サクラ", phone="0355556666"
    )


def test_in_the_demo_anybody_at_this_machine_may_call(demo: None, midori_day: Day) -> None:
    answer = Browser().get(PAGE)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'data-number="0120000123"' in page
    assert "0120-000-123" in page
    assert [line["name"] for line in answer.context["telephone"]["lines"]] == ["telephone-1", "telephone-2"]


def test_the_telephone_registers_at_the_pages_own_host(demo: None, settings: Any) -> None:
    port = settings.MADOGUCHI_PORTS.asterisk_http
    here = Browser().get(PAGE, headers={"Host": "localhost:8000"}).context["telephone"]
    assert (here["uri"], here["realm"]) == (f"ws://localhost:{port}/ws", "localhost")
    assert Browser().get(PAGE, secure=True).context["telephone"]["uri"].startswith("wss://")


def test_one_may_call_as_a_customer_whom_the_client_knows(
    demo: None, known: Order, sato_browser: Browser
) -> None:
    page = sato_browser.get(PAGE).content.decode()
    assert '<option value="0355556666">髙橋 さくら 03-5555-6666</option>' in page
    assert "非通知" in page


def test_a_real_centre_lends_nobody_its_customers_numbers(known: Order, tanaka_browser: Browser) -> None:
    page = tanaka_browser.get(PAGE).content.decode()
    assert Customer.objects.exists()
    assert "髙橋" not in page
    assert "0355556666" not in page


def test_numbers_of_a_programme_that_has_ended_are_not_offered(demo: None, orders: Programme) -> None:
    put_number(number="0120000999", programme=orders)
    Programme.objects.filter(pk=orders.pk).update(is_active=False)
    assert "0120000999" not in Browser().get(PAGE).content.decode()


def test_without_telephones_the_page_says_what_to_do(settings: Any, tanaka_browser: Browser) -> None:
    settings.MADOGUCHI_TELEPHONES = []
    assert "madoguchi up" in tanaka_browser.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "elsewhere", [{"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": ""}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}]
)
def test_from_elsewhere_the_demo_is_shut(
    demo: None, elsewhere: dict[str, str], sato_browser: Browser
) -> None:
    assert Browser(**elsewhere).get(PAGE).status_code == 302  # type: ignore[arg-type]
    assert sato_browser.get(PAGE, **elsewhere).status_code == 403  # type: ignore[arg-type]


def test_in_a_real_centre_only_those_who_test_lines_may(
    tanaka_browser: Browser, yamada_browser: Browser, sato_browser: Browser, midori_browser: Browser
) -> None:
    assert tanaka_browser.get(PAGE).status_code == 200
    for browser in (yamada_browser, sato_browser, midori_browser):
        assert browser.get(PAGE).status_code == 403
    assert Browser().get(PAGE).headers["Location"].startswith("/sign-in/")


def test_the_wrong_verb_is_told_so(demo: None) -> None:
    assert Browser().post(PAGE).status_code == 405
