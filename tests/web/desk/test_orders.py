from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.utils import timezone

from madoguchi.business.calls.models import Call
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.handover.delivery.actions import put_way
from madoguchi.business.intake.models import Customer, Draft, Order
from madoguchi.business.knowledge.models import Product
from madoguchi.business.staff.models import Agent
from tests.web.desk import switchboard
from tests.web.desk.forms import order_payload

pytestmark = pytest.mark.django_db


def customer_of(client: Client, *, name: str = "山田 花子", phone: str = "09012345678") -> Customer:
    return Customer.objects.create(
        client=client,
        name=name,
        kana="ヤマダ ハナコ",
        phone=phone,
        postal_code="1000001",
        prefecture="東京都",
        city="千代田区",
        town="千代田",
        street="1-1",
    )


def test_an_order_is_saved_and_its_receipt_is_shown(
    sato_browser: Browser, sato: Agent, sato_calls: Call, green_juice: Product, midori: Client
) -> None:
    put_way(
        by=None,
        client=midori,
        recipient="orders@midori.example",
        password="Aojiru-no-30-hou",
        at=timezone.now(),
    )
    answer = sato_browser.post(f"/desk/calls/{sato_calls.id}/order/", order_payload(green_juice))
    assert answer.status_code == 200
    order = Order.objects.get()
    assert (order.total_yen, order.taken_by_id, order.call_id) == (7960, sato.pk, sato_calls.id)
    text = answer.content.decode()
    assert "7,960円" in text
    assert "送信待ち" in text


def test_an_order_that_cannot_be_handed_over_says_why(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    answer = sato_browser.post(f"/desk/calls/{sato_calls.id}/order/", order_payload(green_juice))
    text = answer.content.decode()
    assert "保存しました" in text
    assert "納品できていません" in text
    assert "hx-trigger" not in sato_browser.get(f"/desk/calls/{sato_calls.id}/receipt/").content.decode()


def test_the_same_form_sent_twice_is_one_order(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    for _ in range(2):
        answer = sato_browser.post(f"/desk/calls/{sato_calls.id}/order/", order_payload(green_juice))
        assert answer.status_code == 200
    assert Order.objects.count() == 1


def test_mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    payload = order_payload(
        green_juice, phone="12", kana="漢字", note="午前中に", **{"lines-0-quantity": "0"}
    )
    answer = sato_browser.post(f"/desk/calls/{sato_calls.id}/order/", payload)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="12"' in text
    assert 'value="漢字"' in text
    assert "午前中に" in text
    assert "フリガナにカナ以外の文字" in text
    assert "1行目の数量は" in text
    assert not Order.objects.exists()


@pytest.mark.requirement("K2")
def test_an_order_that_was_not_read_back_is_not_saved(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    payload = order_payload(green_juice)
    del payload["read_back"]
    answer = sato_browser.post(f"/desk/calls/{sato_calls.id}/order/", payload)
    assert answer.status_code == 422
    assert "復唱確認がされていません" in answer.content.decode()


@pytest.mark.requirement("K2")
def test_other_terms_than_those_read_back_need_another_read_back(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    stale = order_payload(
        green_juice, read_back_of="0123456789abcdef", read_back_at="2025-05-05T10:00:00+09:00"
    )
    assert sato_browser.post(f"/desk/calls/{sato_calls.id}/order/", stale).status_code == 422
    assert " checked" not in sato_browser.post(f"/desk/calls/{sato_calls.id}/total/", stale).content.decode()


def test_a_form_without_its_token_is_no_form_of_ours(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    answer = sato_browser.post(f"/desk/calls/{sato_calls.id}/order/", order_payload(green_juice, token="x"))
    assert answer.status_code == 400


def test_the_total_and_the_tax_in_it_follow_the_lines(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    answer = sato_browser.post(f"/desk/calls/{sato_calls.id}/total/", order_payload(green_juice))
    text = answer.content.decode()
    assert "7,960円" in text
    assert "589円" in text
    assert "国産青汁 30包を2点" in text


def test_the_only_customer_of_the_number_is_filled_in(
    sato_browser: Browser, midori: Client, sato_calls: Call
) -> None:
    customer_of(midori)
    text = sato_browser.get(f"/desk/calls/{sato_calls.id}/").content.decode()
    assert 'value="山田 花子"' in text


def test_of_several_customers_a_person_chooses(
    sato_browser: Browser, midori: Client, sato_calls: Call
) -> None:
    customer_of(midori)
    other = customer_of(midori, name="山田 太郎")
    text = sato_browser.get(f"/desk/calls/{sato_calls.id}/order/").content.decode()
    assert 'name="name" value=""' in text
    text = sato_browser.get(f"/desk/calls/{sato_calls.id}/order/?customer={other.pk}").content.decode()
    assert 'name="name" value="山田 太郎"' in text


@pytest.mark.requirement("K4")
def test_the_other_clients_customer_stays_unknown(
    sato_browser: Browser, aozora: Client, aozora_orders: Programme, sato_calls: Call
) -> None:
    stranger = customer_of(aozora, name="青空 三郎")
    for address in ("", "order/", f"order/?customer={stranger.pk}"):
        text = sato_browser.get(f"/desk/calls/{sato_calls.id}/{address}").content.decode()
        assert "青空" not in text


def test_a_draft_comes_back_after_a_reload(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    payload = order_payload(green_juice, note="留守なら置き配")
    assert sato_browser.post(f"/desk/calls/{sato_calls.id}/draft/", payload).status_code == 204
    text = sato_browser.get(f"/desk/calls/{sato_calls.id}/").content.decode()
    assert "留守なら置き配" in text
    assert f'<option value="{green_juice.pk}" selected>' in text


def test_an_unfinished_form_stays_open_when_the_next_call_has_come(
    sato_browser: Browser, sato: Agent, orders: Programme, sato_calls: Call, green_juice: Product
) -> None:
    sato_browser.post(f"/desk/calls/{sato_calls.id}/draft/", order_payload(green_juice))
    switchboard.ends(sato, sato_calls)
    switchboard.answers(sato, switchboard.arrives(orders, call_id="call-2"))
    assert sato_browser.get(f"/desk/calls/{sato_calls.id}/").status_code == 200
    assert "書きかけ" in sato_browser.get("/desk/recent/").content.decode()


@pytest.mark.requirement("K6")
def test_a_card_number_is_kept_neither_as_draft_nor_as_order(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    payload = order_payload(green_juice, note="4111 1111 1111 1111")
    answer = sato_browser.post(
        f"/desk/calls/{sato_calls.id}/draft/", payload, headers={"accept": "application/json"}
    )
    assert answer.status_code == 409
    assert answer.json()["refusal"]["code"] == "card_number"
    assert sato_browser.post(f"/desk/calls/{sato_calls.id}/order/", payload).status_code == 422
    assert not Draft.objects.exists()
    assert not Order.objects.exists()


def test_a_saved_order_leaves_no_draft_and_another_can_be_begun(
    sato_browser: Browser, sato_calls: Call, green_juice: Product
) -> None:
    sato_browser.post(f"/desk/calls/{sato_calls.id}/draft/", order_payload(green_juice))
    sato_browser.post(f"/desk/calls/{sato_calls.id}/order/", order_payload(green_juice))
    assert not Draft.objects.exists()
    page = sato_browser.get(f"/desk/calls/{sato_calls.id}/").content.decode()
    assert "もう1件入力する" in page
    assert 'name="token"' not in page
    again = sato_browser.get(f"/desk/calls/{sato_calls.id}/order/?customer=new").content.decode()
    assert 'name="token"' in again


def test_a_postal_code_offers_its_places(sato_browser: Browser) -> None:
    text = sato_browser.get("/desk/addresses/", {"postal_code": "〒100-0001"}).content.decode()
    assert 'data-city="千代田区"' in text


def test_a_postal_code_that_is_being_typed_says_nothing_yet(sato_browser: Browser) -> None:
    assert sato_browser.get("/desk/addresses/", {"postal_code": "100-"}).content == b""


def test_an_unknown_postal_code_is_said(sato_browser: Browser) -> None:
    text = sato_browser.get("/desk/addresses/", {"postal_code": "0000000"}).content.decode()
    assert "見つかりません" in text


def test_forms_are_posted(sato_browser: Browser, sato_calls: Call) -> None:
    for address in ("draft/", "total/"):
        assert sato_browser.get(f"/desk/calls/{sato_calls.id}/{address}").status_code == 405
    assert sato_browser.post(f"/desk/calls/{sato_calls.id}/receipt/").status_code == 405
