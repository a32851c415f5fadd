"""Taking orders: all of it or nothing, once, and never across clients."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi.business.accounts.models import AuditEntry
from madoguchi.business.handover.delivery.models import Delivery, State
from madoguchi.business.intake import queries, signals
from madoguchi.business.intake.actions import discard_draft, place_order, read_draft, save_draft
from madoguchi.business.intake.models import Customer, Draft, Order, OrderLine
from madoguchi.business.intake.rules import LineForm, OrderRefused
from madoguchi.kernel.errors import Refusal
from tests.business.books import Shop, a_shop

from .forms import NOON

pytestmark = pytest.mark.django_db


def place(shop: Shop, form: Any = None, call_id: str | None = None) -> Order:
    return place_order(
        by=shop.user,
        agent=shop.agent,
        programme=shop.programme,
        call_id=call_id,
        form=form or shop.form(),
        at=NOON,
    )


def test_an_order_is_written_with_all_that_belongs_to_it() -> None:
    shop = a_shop()
    shop.way()
    call = shop.call()
    order = place(shop, shop.form(note="夕方に"), call_id=call.pk)

    order.refresh_from_db()
    assert (order.client, order.programme, order.call) == (shop.client, shop.programme, call)
    assert (order.name, order.kana, order.phone) == ("山田 花子", "ヤマダ ハナコ", "09012345678")
    assert order.address == "東京都千代田区千代田1-1"
    assert (order.total_yen, order.read_back_at, order.taken_by) == (1080 + 2 * 550, NOON, shop.agent)
    lines = list(order.lines.order_by("position").values_list("product_code", "quantity", "tax_rate"))
    assert lines == [("007", 1, 8), ("A-01", 2, 10)]
    assert order.customer.phone == "09012345678"
    delivery = Delivery.objects.get(order=order)
    assert (delivery.state, delivery.next_at) == (State.DUE, NOON)
    assert ProcrastinateJob.objects.filter(args__delivery_id=str(delivery.pk), status="todo").count() == 1
    entry = AuditEntry.objects.get(action="intake.order_placed", object_id=str(order.pk))
    assert (entry.user, entry.client_id) == (shop.user, shop.client.pk)


def test_the_same_form_sent_twice_is_one_order() -> None:
    shop = a_shop()
    form = shop.form()
    assert place(shop, form) == place(shop, form)
    assert Order.objects.filter(client=shop.client).count() == 1
    assert Delivery.objects.filter(client=shop.client).count() == 1


def test_a_token_of_another_programmes_order_is_refused() -> None:
    shop, other = a_shop(), a_shop("あおぞら堂")
    form = shop.form()
    place(shop, form)
    with pytest.raises(Refusal) as refused:
        place(other, other.form(token=form.token))
    assert refused.value.code == "token_of_other_order"


def test_a_refused_form_writes_nothing() -> None:
    shop = a_shop()
    with pytest.raises(OrderRefused):
        place(shop, shop.form(phone="12"))
    assert not Customer.objects.filter(client=shop.client).exists()
    assert not AuditEntry.objects.filter(client_id=shop.client.pk).exists()


def test_an_order_that_cannot_be_handed_on_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop()
    monkeypatch.setattr(signals.order_placed, "receivers", [])
    signals.order_placed.sender_receivers_cache.clear()
    with pytest.raises(RuntimeError, match="order_placed"), transaction.atomic():
        place(shop)
    assert not Order.objects.filter(client=shop.client).exists()


def test_a_customer_who_calls_again_is_the_same_customer_brought_up_to_date() -> None:
    shop = a_shop()
    first = place(shop)
    second = place(shop, shop.form(street="2-2"))
    assert second.customer == first.customer
    assert Customer.objects.get(pk=first.customer_id).street == "2-2"
    first.refresh_from_db()
    assert first.street == "1-1"


def test_people_who_share_a_telephone_stay_different_customers() -> None:
    shop = a_shop()
    place(shop)
    place(shop, shop.form(name="山田 太郎", kana="ヤマダ タロウ"))
    found = queries.customers_by_phone(shop.client, "090-1234-5678")
    assert [customer.name for customer in found] == ["山田 太郎", "山田 花子"]


def test_a_chosen_customer_is_brought_up_to_date() -> None:
    shop = a_shop()
    customer = place(shop).customer
    order = place(shop, shop.form(customer_id=customer.pk, name="髙﨑 花子", kana="タカサキ ハナコ"))
    assert order.customer == customer
    assert Customer.objects.get(pk=customer.pk).name == "髙﨑 花子"


@pytest.mark.requirement("K4")
def test_a_customer_of_another_client_is_neither_found_nor_used() -> None:
    shop, other = a_shop(), a_shop("あおぞら堂")
    theirs = place(other).customer
    assert queries.customers_by_phone(shop.client, theirs.phone) == []
    with pytest.raises(Refusal) as refused:
        place(shop, shop.form(customer_id=theirs.pk))
    assert refused.value.code == "not_found"
    assert place(shop).customer != theirs


@pytest.mark.requirement("K4")
def test_a_call_or_product_of_another_client_is_refused() -> None:
    shop, other = a_shop(), a_shop("あおぞら堂")
    with pytest.raises(Refusal) as refused:
        place(shop, call_id=other.call().pk)
    assert refused.value.code == "call_unknown"
    with pytest.raises(OrderRefused) as form_refused:
        place(shop, shop.form(lines=(LineForm(other.juice.pk, "1"),)))
    assert [refusal.code for refusal in form_refused.value.refusals] == ["product_unknown"]


def test_a_product_that_is_no_longer_sold_is_refused() -> None:
    shop = a_shop()
    shop.juice.is_active = False
    shop.juice.save()
    with pytest.raises(OrderRefused):
        place(shop)


@pytest.fixture
def checked_at_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.requirement("K4")
@pytest.mark.parametrize("column", ["programme", "customer", "call"])
def test_the_database_itself_refuses_an_order_with_parts_of_two_clients(
    column: str, checked_at_once: None
) -> None:
    shop, other = a_shop(), a_shop("あおぞら堂")
    order = place(shop)
    theirs = {"programme": other.programme, "customer": place(other).customer, "call": other.call()}
    with pytest.raises(IntegrityError, match="same_client"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**{column: theirs[column]})


@pytest.mark.requirement("K4")
def test_the_database_itself_refuses_another_clients_product(checked_at_once: None) -> None:
    shop, other = a_shop(), a_shop("あおぞら堂")
    line = place(shop).lines.first()
    assert line is not None
    with pytest.raises(IntegrityError, match="same_client"), transaction.atomic():
        OrderLine.objects.filter(pk=line.pk).update(product=other.juice)


def test_recent_orders_are_this_clients_newest_first() -> None:
    shop, other = a_shop(), a_shop("あおぞら堂")
    place(other)
    orders = [place(shop) for _ in range(3)]
    assert {order.pk for order in queries.recent_orders(shop.client)} == {order.pk for order in orders}
    assert len(queries.recent_orders(shop.client, limit=2)) == 2
    assert len(queries.orders_of_customer(orders[0].customer)) == 3


def test_a_number_that_is_none_finds_nobody() -> None:
    assert queries.customers_by_phone(a_shop().client, "") == []


def test_a_draft_survives_a_reload_and_goes_with_the_order() -> None:
    shop = a_shop()
    call = shop.call()
    where: dict[str, Any] = {"agent": shop.agent, "programme": shop.programme, "call_id": call.pk}
    assert read_draft(**where) is None
    save_draft(**where, data={"name": "山"}, at=NOON)
    save_draft(**where, data={"name": "山田", "lines": [{"product": 1}]}, at=NOON)
    assert read_draft(**where) == {"name": "山田", "lines": [{"product": 1}]}
    place(shop, call_id=call.pk)
    assert read_draft(**where) is None
    save_draft(**where, data={}, at=NOON)
    discard_draft(**where)
    assert not Draft.objects.filter(agent=shop.agent).exists()


@pytest.mark.requirement("K6")
def test_a_draft_with_a_card_number_is_not_kept() -> None:
    shop = a_shop()
    with pytest.raises(Refusal) as refused:
        save_draft(
            agent=shop.agent,
            programme=shop.programme,
            call_id=None,
            data={"lines": [{"memo": "4111-1111-1111-1111"}]},
            at=NOON,
        )
    assert (refused.value.code, refused.value.field) == ("card_number", "memo")
    assert not Draft.objects.filter(agent=shop.agent).exists()


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_send_at_once_make_one_order_and_one_customer() -> None:
    shop = a_shop()
    same, other = shop.form(), shop.form(token=uuid4())
    made: list[Order] = []

    def send(form: Any) -> None:
        try:
            made.append(place(shop, form))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(form,)) for form in (same, same, same, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {order.pk for order in made} == {same.token, other.token}
    assert len(made) == 4
    assert Order.objects.filter(client=shop.client).count() == 2
    assert Customer.objects.filter(client=shop.client).count() == 1
