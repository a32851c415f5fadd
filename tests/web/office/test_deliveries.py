"""The list of deliveries, one delivery, and what a person may do about it."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client as Browser
from django.utils import timezone

from madoguchi.business.accounts.models import AuditEntry
from madoguchi.business.handover.delivery.models import Delivery, State
from madoguchi.business.intake.models import Order
from tests.web.office.day import Day, delivered, named, refused, unknown

pytestmark = pytest.mark.django_db

PAGE = "/office/deliveries/"


@pytest.fixture
def waits(midori_day: Day) -> Order:
    """An order that is still to be sent."""
    return midori_day.order(
        by=midori_day.agent.user, name="川口 一", kana="カワグチ ハジメ", phone="0311112222"
    )


@pytest.fixture
def arrived(midori_day: Day) -> Order:
    """An order whose delivery arrived."""
    order = midori_day.order(
        by=midori_day.agent.user, name="山本 花子", kana="ヤマモト ハナコ", phone="09011112345"
    )
    delivered(order, at=midori_day.at)
    return order


@pytest.fixture
def bounced(midori_day: Day) -> Order:
    """An order that the client's mail server refused."""
    order = midori_day.order(
        by=midori_day.agent.user, name="森 太郎", kana="モリ タロウ", phone="09033334444"
    )
    refused(order, at=midori_day.at)
    return order


@pytest.fixture
def lost_sight(midori_day: Day) -> Order:
    """An order of which nobody knows whether it arrived."""
    order = midori_day.order(
        by=midori_day.agent.user, name="林 次郎", kana="ハヤシ ジロウ", phone="09055556666"
    )
    unknown(order, at=midori_day.at)
    return order


def text(browser: Browser, address: str, status: int = 200, **headers: str) -> str:
    answer = browser.get(address, headers=headers or None)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.requirement("D1-D4")
def test_what_needs_a_person_stands_first_with_its_reason(
    yamada_browser: Browser, waits: Order, arrived: Order, bounced: Order, lost_sight: Order
) -> None:
    page = text(yamada_browser, PAGE)
    attention, table = page.split("<table", 1)
    assert "確認が必要な納品 2 件" in attention
    assert named(bounced.pk) in attention
    assert named(lost_sight.pk) in attention
    assert "受け取りを拒否しました" in attention
    assert "届いたか不明" in attention
    assert named(waits.pk) not in attention
    assert all(named(order.pk) in table for order in (waits, arrived, bounced, lost_sight))


def test_the_list_shows_no_more_of_a_customer_than_it_needs(yamada_browser: Browser, arrived: Order) -> None:
    page = text(yamada_browser, PAGE)
    assert "山本 ＊＊" in page
    assert "…2345" in page
    assert "花子" not in page.replace("佐藤 花子", "")
    assert "09011112345" not in page


def test_each_state_is_counted(yamada_browser: Browser, waits: Order, arrived: Order, bounced: Order) -> None:
    answer = yamada_browser.get(PAGE)
    assert {state: count for state, _, count in answer.context["states"]} == {
        State.PARKED: 1, State.DUE: 1, State.SENDING: 0, State.DELIVERED: 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("state=due", {"waits"}),
        ("state=delivered", {"arrived"}),
        ("text=カワグチ", {"waits"}),
        ("text=090-1111-2345", {"arrived"}),
        ("text=orders@midori.test", {"waits", "arrived"}),
        ("client=midori", {"waits", "arrived"}),
        ("client=aozora", set()),
        ("since=today", {"waits", "arrived"}),
        ("until=yesterday", set()),
    ],
)
def test_the_list_is_narrowed(
    query: str, seen: set[str], yamada_browser: Browser, waits: Order, arrived: Order, aozora: object
) -> None:
    today = timezone.localdate(waits.taken_at)
    ids = {"midori": str(waits.client_id), "aozora": str(aozora.pk)}  # type: ignore[attr-defined]
    days = {"today": today.isoformat(), "yesterday": (today - timedelta(days=1)).isoformat()}
    name, _, wished = query.partition("=")
    rows = yamada_browser.get(PAGE, {name: (ids | days).get(wished, wished)}).context["rows"]
    known = {waits.pk: "waits", arrived.pk: "arrived"}
    assert {known[row.delivery.order_id] for row in rows} == seen


def test_the_list_is_sorted_both_ways(yamada_browser: Browser, waits: Order, arrived: Order) -> None:
    def first(sort: str) -> object:
        return yamada_browser.get(PAGE, {"sort": sort}).context["rows"][0].delivery.order_id

    assert first("customer") == waits.pk
    assert first("-customer") == arrived.pk


def test_a_long_list_has_pages(
    yamada_browser: Browser, midori_day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.web.office.deliveries.ROWS", 2)
    for minutes in range(5):
        midori_day.order(by=midori_day.agent.user, minutes_ago=minutes + 1)
    assert "1 / 3 ページ" in text(yamada_browser, PAGE)
    assert len(yamada_browser.get(PAGE, {"page": "3"}).context["rows"]) == 1


def test_the_living_part_comes_alone(yamada_browser: Browser, waits: Order) -> None:
    part = text(yamada_browser, PAGE, **{"HX-Request": "true"})
    assert named(waits.pk) in part
    assert "<html" not in part


def test_an_empty_list_says_what_will_come(yamada_browser: Browser) -> None:
    assert "納品はまだありません" in text(yamada_browser, PAGE)
    assert "条件をゆるめてください" in text(yamada_browser, f"{PAGE}?text=だれもいない")


@pytest.mark.parametrize(
    "query",
    [
        "state=lost",
        "client=x",
        "since=someday",
        "sort=password",
        "page=0",
        "since=2026-02-02&until=2026-01-01",
    ],
)
def test_a_filter_that_nobody_can_mean_is_a_bad_request(query: str, yamada_browser: Browser) -> None:
    text(yamada_browser, f"{PAGE}?{query}", status=400)
    assert yamada_browser.get(f"{PAGE}export/?{query}").status_code == 400


def test_one_delivery_shows_its_attempts_and_its_receipt(yamada_browser: Browser, arrived: Order) -> None:
    page = text(yamada_browser, f"{PAGE}{arrived.delivery.pk}/")
    assert "250 2.0.0 Ok" in page
    assert "国産青汁 30包 × 2" in page
    assert "7,960 円" in page
    assert "再送する" not in page


def test_a_parked_delivery_is_sent_again_and_it_is_on_record(yamada_browser: Browser, bounced: Order) -> None:
    address = f"{PAGE}{bounced.delivery.pk}/"
    answer = yamada_browser.post(f"{address}resend/")
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    delivery = Delivery.objects.get(pk=bounced.delivery.pk)
    assert (delivery.state, delivery.attempts) == (State.DUE, 0)
    entry = AuditEntry.objects.get(action="delivery.resent")
    assert (entry.user_id, entry.client_id) == (
        int(yamada_browser.session["_auth_user_id"]),
        bounced.client_id,
    )


def test_what_has_arrived_is_not_sent_again(yamada_browser: Browser, arrived: Order) -> None:
    answer = yamada_browser.post(f"{PAGE}{arrived.delivery.pk}/resend/")
    assert answer.status_code == 409
    assert Delivery.objects.get(pk=arrived.delivery.pk).state == State.DELIVERED


def test_a_delivery_of_unknown_outcome_is_settled_by_asking(
    yamada_browser: Browser, lost_sight: Order
) -> None:
    address = f"{PAGE}{lost_sight.delivery.pk}/"
    assert yamada_browser.post(f"{address}arrived/", {"note": "鈴木様に電話で確認"}).status_code == 302
    delivery = Delivery.objects.get(pk=lost_sight.delivery.pk)
    assert delivery.state == State.DELIVERED
    assert "鈴木様に電話で確認" in delivery.receipt
    assert AuditEntry.objects.filter(object_id=str(delivery.pk)).exclude(user=None).exists()


def test_without_saying_how_nothing_is_settled_and_the_sentence_stands_at_the_field(
    yamada_browser: Browser, lost_sight: Order
) -> None:
    answer = yamada_browser.post(f"{PAGE}{lost_sight.delivery.pk}/arrived/", {"note": "  "})
    assert answer.status_code == 422
    assert "誰に、どのように確かめたかを入力してください" in answer.content.decode()
    assert Delivery.objects.get(pk=lost_sight.delivery.pk).state == State.PARKED


def test_a_note_that_the_page_cannot_send_is_a_bad_request(
    yamada_browser: Browser, lost_sight: Order
) -> None:
    answer = yamada_browser.post(f"{PAGE}{lost_sight.delivery.pk}/arrived/", {"note": "あ" * 401})
    assert answer.status_code == 400


def test_the_list_leaves_as_excel_and_it_is_on_record(
    yamada_browser: Browser, arrived: Order, bounced: Order, waits: Order
) -> None:
    answer = yamada_browser.get(f"{PAGE}export/", {"text": "090"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 3
    flat = [str(cell) for row in rows for cell in row]
    assert "山本 ＊＊" in flat
    assert "…2345" in flat
    assert not any("花子" in cell or "09011112345" in cell for cell in flat)
    entry = AuditEntry.objects.get(action="delivery.list_exported")
    assert entry.detail == {"rows": 2, "state": "", "searched": True}


def test_too_long_a_list_is_refused_rather_than_cut(
    yamada_browser: Browser, waits: Order, arrived: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.web.office.deliveries.MOST_ROWS", 1)
    answer = yamada_browser.get(f"{PAGE}export/")
    assert answer.status_code == 409
    assert "絞り込んでください" in answer.content.decode()


def test_the_supervisor_may(tanaka_browser: Browser, bounced: Order) -> None:
    assert tanaka_browser.get(PAGE).status_code == 200
    assert tanaka_browser.post(f"{PAGE}{bounced.delivery.pk}/resend/").status_code == 302


@pytest.mark.requirement("K4")
def test_strangers_may_not(sato_browser: Browser, midori_browser: Browser, bounced: Order) -> None:
    address = f"{PAGE}{bounced.delivery.pk}/"
    for browser in (sato_browser, midori_browser):
        for path in (PAGE, address, f"{PAGE}export/"):
            assert browser.get(path).status_code == 403
        for verb in ("resend/", "arrived/"):
            assert browser.post(f"{address}{verb}", {"note": "x"}).status_code == 403
    assert Browser().get(PAGE).headers["Location"].startswith("/sign-in/")
    assert Browser().post(f"{address}resend/").status_code == 302
    assert Delivery.objects.get(pk=bounced.delivery.pk).state == State.PARKED


def test_the_wrong_verb_is_told_so(yamada_browser: Browser, bounced: Order) -> None:
    address = f"{PAGE}{bounced.delivery.pk}/"
    for path in (PAGE, address, f"{PAGE}export/"):
        assert yamada_browser.post(path).status_code == 405
    for verb in ("resend/", "arrived/"):
        assert yamada_browser.get(f"{address}{verb}").status_code == 405


def test_what_is_not_there_is_not_found(yamada_browser: Browser) -> None:
    assert yamada_browser.get(f"{PAGE}{uuid4()}/").status_code == 404
    assert yamada_browser.post(f"{PAGE}{uuid4()}/resend/").status_code == 404


def test_the_page_speaks_english_too(yamada_browser: Browser, bounced: Order) -> None:
    yamada_browser.post("/language/", {"language": "en", "next": "/"})
    page = text(yamada_browser, PAGE)
    assert "was refused" in page
    assert "Deliveries" in page
