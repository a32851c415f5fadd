"""The client's counter: its own orders, deliveries and calls."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import openpyxl
import pytest
from django.db import connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from madoguchi.business.accounts.models import AuditEntry
from madoguchi.business.calls.models import Disposition
from madoguchi.business.clients.access import PORTAL
from madoguchi.business.clients.models import Client, Membership
from madoguchi.business.intake.models import Order
from tests.web.office.day import Day, delivered, named, unknown

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "portal"])

PAGES = ("/portal/", "/portal/orders/", "/portal/deliveries/", "/portal/calls/")


@pytest.fixture
def order(midori_day: Day) -> Order:
    """An order of みどり本舗 that came in by telephone and left by mail."""
    call = midori_day.call(20)
    order = midori_day.order(
        by=midori_day.agent.user, call=call, name="髙橋 さくら", kana="タカハシ サクラ", phone="0355556666",
        note="=1+1 玄関先に置いてください",
    )  # fmt: skip
    delivered(order, at=midori_day.at)
    return order


@pytest.fixture
def strange_order(aozora_day: Day) -> Order:
    """An order of あおぞら堂."""
    call = aozora_day.call(19, caller="0677778888")
    return aozora_day.order(
        by=aozora_day.agent.user, call=call, name="難波 こだま", kana="ナンバ コダマ", phone="0677778888"
    )


def text(browser: Browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_first_page_answers_whether_calls_were_answered_and_where_the_orders_are(
    midori_browser: Browser, midori_day: Day, order: Order
) -> None:
    midori_day.missed(15)
    page = text(midori_browser, "/portal/")
    assert "みどり本舗" in page
    assert named(order.pk) in page
    figures = midori_browser.get("/portal/").context["week"]
    assert [(figure.answered, figure.missed, figure.rate) for figure in figures] == [(1, 1, 50)]


def test_orders_are_listed_with_the_customer_and_the_delivery(midori_browser: Browser, order: Order) -> None:
    page = text(midori_browser, "/portal/orders/")
    for shown in ("髙橋 さくら", "03-5555-6666", "7,960 円", "納品済み"):
        assert shown in page


def test_one_order_shows_what_was_taken_down(midori_browser: Browser, order: Order) -> None:
    page = text(midori_browser, f"/portal/orders/{order.pk}/")
    for shown in ("国産青汁 30包", "東京都千代田区千代田1-1", "玄関先に置いてください", "250 2.0.0 Ok"):
        assert shown in page


def test_a_delivery_that_is_in_doubt_is_told_without_our_own_instructions(
    midori_browser: Browser, midori_day: Day
) -> None:
    order = midori_day.order(by=midori_day.agent.user)
    unknown(order, at=midori_day.at)
    for page in (
        text(midori_browser, "/portal/deliveries/"),
        text(midori_browser, f"/portal/orders/{order.pk}/"),
    ):
        assert "当センターで確認中" in page
        assert "再送" not in page


def test_calls_are_listed_without_who_answered(
    midori_browser: Browser, midori_day: Day, order: Order
) -> None:
    midori_day.missed(9)
    page = text(midori_browser, "/portal/calls/")
    for shown in ("090-1234-5678", "0120-000-123", "0:06", "4:00", "応答前に切れました", "非通知"):
        assert shown in page


@pytest.mark.requirement("K7")
def test_a_client_learns_nothing_of_a_communicator_and_can_order_none_about(
    midori_browser: Browser, midori_day: Day, order: Order
) -> None:
    agent = midori_day.agent
    for address in (*PAGES, f"/portal/orders/{order.pk}/"):
        page = text(midori_browser, address)
        for known in (agent.name, agent.reading, "佐藤", agent.user.username, agent.sip_secret):
            assert known not in page
        forms = page.count('method="post"')
        assert forms == 3, "only language, light and signing out are sent from a page of the portal"


@pytest.mark.parametrize(
    ("address", "seen", "unseen"),
    [
        ("orders/?text=タカハシ", True, False),
        ("orders/?text=03-5555", True, False),
        ("orders/?text=だれか", False, True),
        ("orders/?state=delivered", True, False),
        ("orders/?state=parked", False, True),
        ("orders/?until=2020-01-01", False, True),
        ("deliveries/?state=delivered", True, False),
        ("deliveries/?state=due", False, True),
        ("deliveries/?text=サクラ", True, False),
        ("calls/?disposition=answered", True, False),
        ("calls/?disposition=lost", False, True),
        ("calls/?text=090-1234", True, False),
        ("calls/?text=注文", True, False),
        ("calls/?text=相談", False, True),
    ],
)
def test_lists_are_narrowed(
    address: str, seen: bool, unseen: bool, midori_browser: Browser, order: Order
) -> None:
    answer = midori_browser.get(f"/portal/{address}")
    assert (len(answer.context["page"]) == 1) is seen
    assert ("条件をゆるめてください" in answer.content.decode()) is unseen


def test_a_long_list_has_pages(
    midori_browser: Browser, midori_day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.web.portal.listing.ROWS", 2)
    for minutes in range(5):
        midori_day.missed(minutes)
    assert "1 / 3 ページ" in text(midori_browser, "/portal/calls/")
    assert len(midori_browser.get("/portal/calls/?page=3").context["page"]) == 1


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_counter_is_sensible(page: str, midori_browser: Browser) -> None:
    shown = text(midori_browser, page)
    assert "まだ" in shown
    assert "担当の SV へ" in shown


@pytest.mark.parametrize(
    "address",
    [
        "orders/?state=lost", "orders/?since=x", "orders/?page=0", "orders/export/xlsx/?since=x", "orders/export/pdf/",
        "deliveries/?state=x", "calls/?disposition=x", "calls/?since=2026-02-02&until=2026-01-01",
    ],
)  # fmt: skip
def test_a_filter_that_nobody_can_mean_is_a_bad_request(address: str, midori_browser: Browser) -> None:
    text(midori_browser, f"/portal/{address}", status=400)


def test_the_orders_leave_as_excel_and_it_is_on_record(midori_browser: Browser, order: Order) -> None:
    answer = midori_browser.get("/portal/orders/export/xlsx/")
    head, row = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["氏名"], told["電話番号"], told["郵便番号"]) == ("髙橋 さくら", "03-5555-6666", "100-0001")
    assert (told["数量"], told["金額（税込）"]) == (2, 7960)
    assert told["備考"] == "=1+1 玄関先に置いてください"
    entry = AuditEntry.objects.get(action="intake.orders_exported")
    assert (entry.client_id, entry.detail["orders"], entry.detail["kind"]) == (order.client_id, 1, "xlsx")
    assert entry.user is not None
    assert entry.user.username == "midorikawa"


def test_the_orders_leave_as_csv_that_no_spreadsheet_runs(midori_browser: Browser, order: Order) -> None:
    content = midori_browser.get("/portal/orders/export/csv/").content
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    told = dict(zip(head, row, strict=True))
    assert told["備考"].startswith("'=1+1")
    assert told["商品コード"] == "0012"


def test_too_long_a_list_is_refused_rather_than_cut(
    midori_browser: Browser, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.web.portal.orders.MOST_ORDERS", 0)
    assert "絞り込んでください" in text(midori_browser, "/portal/orders/export/csv/", status=409)


@pytest.mark.requirement("K4")
def test_each_client_sees_its_own_and_not_a_trace_of_the_other(
    midori_browser: Browser, aozora_browser: Browser, order: Order, strange_order: Order
) -> None:
    ours = ("みどり本舗", "髙橋", "0355556666", "03-5555-6666", named(order.pk), "国産青汁", "0120-000-123")
    theirs = (
        "あおぞら堂",
        "難波",
        "0677778888",
        "06-7777-8888",
        named(strange_order.pk),
        "はちみつ",
        "0120-000-456",
    )
    for address in PAGES:
        page = text(midori_browser, address)
        assert not [word for word in theirs if word in page]
        page = text(aozora_browser, address)
        assert not [word for word in ours if word in page]
    text(aozora_browser, f"/portal/orders/{order.pk}/", status=404)
    text(midori_browser, f"/portal/orders/{strange_order.pk}/", status=404)
    for kind in ("xlsx", "csv"):
        content = aozora_browser.get(f"/portal/orders/export/{kind}/").content
        if kind == "csv":
            assert "難波" in content.decode("utf-8-sig")
            assert "髙橋" not in content.decode("utf-8-sig")
        else:
            cells = [str(c) for row in openpyxl.load_workbook(io.BytesIO(content)).active.values for c in row]
            assert "難波 こだま" in cells
            assert "髙橋 さくら" not in cells


@pytest.mark.requirement("K4")
def test_a_forgotten_filter_still_shows_nothing_of_another_client(
    midori_browser: Browser, order: Order, strange_order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database holds the portal to one client even where the page forgets to."""
    everything = Order.objects.using(PORTAL).select_related("programme", "delivery")
    monkeypatch.setattr("madoguchi.web.portal.orders._orders_of", lambda client: everything.all())
    assert Order.objects.count() == 2
    page = text(midori_browser, "/portal/orders/")
    assert "髙橋" in page
    assert "難波" not in page
    text(midori_browser, f"/portal/orders/{strange_order.pk}/", status=404)


@pytest.mark.requirement("K4")
@pytest.mark.parametrize("page", [*PAGES, "/portal/orders/export/csv/", "/portal/orders/ORDER/"])
def test_whatever_is_shown_is_read_through_the_portals_own_role(
    page: str, midori_browser: Browser, order: Order
) -> None:
    with CaptureQueriesContext(connections["default"]) as asked:
        text(midori_browser, page.replace("ORDER", str(order.pk)))
    tables = ("intake_", "calls_", "delivery_", "clients_programme", "knowledge_", "lines_", "staff_")
    assert [
        query["sql"] for query in asked.captured_queries if any(table in query["sql"] for table in tables)
    ] == []


@pytest.mark.requirement("K4")
def test_others_may_not(centre_browsers: list[Browser], order: Order) -> None:
    for address in (*PAGES, f"/portal/orders/{order.pk}/", "/portal/orders/export/csv/"):
        for browser in centre_browsers:
            text(browser, address, status=403)
        assert Browser().get(address).headers["Location"].startswith("/sign-in/")
    assert not AuditEntry.objects.filter(action="intake.orders_exported").exists()


def test_who_belongs_to_no_client_or_to_one_that_has_left_sees_nothing(
    midori_browser: Browser, midori: Client
) -> None:
    Client.objects.filter(pk=midori.pk).update(is_active=False)
    text(midori_browser, "/portal/", status=404)
    Client.objects.filter(pk=midori.pk).update(is_active=True)
    Membership.objects.all().delete()
    text(midori_browser, "/portal/", status=404)


def test_what_is_not_there_is_not_found(midori_browser: Browser) -> None:
    text(midori_browser, f"/portal/orders/{uuid4()}/", status=404)


def test_the_wrong_verb_is_told_so(midori_browser: Browser, order: Order) -> None:
    for address in (*PAGES, f"/portal/orders/{order.pk}/", "/portal/orders/export/csv/"):
        assert midori_browser.post(address).status_code == 405


def test_a_call_that_goes_on_has_no_length_yet(midori_browser: Browser, midori_day: Day) -> None:
    midori_day.call(
        1, answered_at=None, ended_at=None, wrap_up_ended_at=None, agent=None, ended_by="",
        disposition=Disposition.IN_PROGRESS,
    )  # fmt: skip
    assert "進行中" in text(midori_browser, "/portal/calls/")


def test_the_portal_speaks_english_too(midori_browser: Browser, order: Order) -> None:
    midori_browser.post("/language/", {"language": "en", "next": "/"})
    page = text(midori_browser, "/portal/orders/")
    assert "Export to Excel" in page
    assert "¥7,960" in page
