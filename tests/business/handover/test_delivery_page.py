"""What the pages about deliveries may show, and to whom."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.test import Client as Browser

from madoguchi.business.accounts.models import Role, User
from madoguchi.business.clients import access
from madoguchi.business.handover.delivery import queries
from madoguchi.business.handover.delivery.models import Delivery, State, Way
from madoguchi.business.handover.delivery.queries import Filter
from madoguchi.business.handover.delivery.secrets import opened
from madoguchi.kernel.errors import Refusal
from tests.business.books import Shop, a_shop

from .centre import an_order


@pytest.fixture
def midori(db: None) -> Shop:
    shop = a_shop()
    shop.way()
    return shop


@pytest.fixture
def aozora(db: None) -> Shop:
    return a_shop("あおぞら堂")


def found(*, sort: str = "-enqueued_at", **wished: Any) -> list[Delivery]:
    return list(queries.deliveries(Filter(**wished), sort=sort))


def test_deliveries_are_found_by_state_client_and_reader(midori: Shop, aozora: Shop) -> None:
    due, parked = an_order(midori), an_order(aozora)
    assert {delivery.pk for delivery in found()} == {due.pk, parked.pk}
    assert found(state=State.PARKED) == [parked]
    assert found(client_id=midori.client.pk) == [due]
    assert found(client_ids=[aozora.client.pk]) == [parked]
    assert found(client_ids=[aozora.client.pk], client_id=midori.client.pk) == []
    assert queries.counts(Filter(state=State.DUE)) == {"due": 1, "sending": 0, "delivered": 0, "parked": 1}


@pytest.mark.parametrize(
    "text", ["山田", "花子 山田", "やまだ", "ﾔﾏﾀﾞ", "０９０－１２３４", "1234-5678", "orders@midori"]
)
def test_deliveries_are_found_by_words(midori: Shop, text: str) -> None:
    wanted = an_order(midori)
    an_order(a_shop("他店"), name="鈴木 一郎", kana="スズキ イチロウ", phone="03-3333-4444")
    assert found(text=text) == [wanted]


def test_deliveries_are_found_by_their_order_number(midori: Shop) -> None:
    first, _ = an_order(midori), an_order(midori)
    assert found(text=str(first.order_id)) == [first]
    assert found(text="山田 鈴木") == []


def test_days_are_days_in_japan_with_the_last_one_included(midori: Shop) -> None:
    delivery = an_order(midori)
    order = delivery.order
    order.taken_at = datetime(2026, 1, 31, 15, 0, tzinfo=UTC)
    order.save()
    assert found(from_date=date(2026, 2, 1), to_date=date(2026, 2, 1)) == [delivery]
    assert found(to_date=date(2026, 1, 31)) == []
    assert found(from_date=date(2026, 2, 2)) == []


def test_deliveries_are_sorted_and_paged(midori: Shop) -> None:
    dear = an_order(midori)
    cheap = an_order(midori, lines=midori.form().lines[:1])
    assert found(sort="total") == [cheap, dear]
    assert found(sort="-total") == [dear, cheap]
    assert len(found(sort="drop table")) == 2
    page = queries.deliveries(Filter(), page=99, per_page=1)
    assert (page.number, len(page), page.paginator.count) == (2, 1, 2)


def test_one_delivery_comes_with_its_lines_and_attempts(midori: Shop) -> None:
    delivery = an_order(midori)
    delivery.tries.create(client=midori.client, began_at=delivery.enqueued_at)
    shown = queries.delivery(str(delivery.pk))
    assert len(shown.order.lines.all()) == 2
    assert len(queries.attempts_of(shown)) == 1


@pytest.mark.requirement("K4")
@pytest.mark.parametrize("id_of", [lambda delivery: delivery.pk, lambda _: uuid4(), lambda _: "no-uuid"])
def test_a_delivery_of_another_client_is_as_if_it_did_not_exist(
    midori: Shop, aozora: Shop, id_of: Any
) -> None:
    delivery = an_order(midori)
    with pytest.raises(Refusal) as refused:
        queries.delivery(id_of(delivery), client_ids=[aozora.client.pk])
    assert refused.value.code == "not_found"


@pytest.mark.requirement("K4")
@pytest.mark.django_db(transaction=True, databases=["default", "portal"])
def test_the_portal_sees_its_clients_orders_and_deliveries_only(transactional_db: None) -> None:
    midori, aozora = a_shop(), a_shop("あおぞら堂")
    midori.way()
    mine, _ = an_order(midori), an_order(aozora)
    with access.portal_of(midori.client):
        page = queries.deliveries(Filter(), using=access.PORTAL)
        assert [delivery.pk for delivery in page] == [mine.pk]
        assert page[0].way is not None
        assert page[0].way.recipient == "orders@midori.test"
        shown = queries.delivery(mine.pk, using=access.PORTAL)
        assert [line.product_code for line in shown.order.lines.all()] == ["007", "A-01"]
        assert sum(queries.counts(Filter(), using=access.PORTAL).values()) == 1


TABLES = ["intake_customer", "intake_order", "intake_orderline", "delivery_delivery"]


@pytest.mark.requirement("K4")
@pytest.mark.django_db(transaction=True)
def test_the_database_shows_the_portal_nothing_else(
    portal: psycopg.Connection, transactional_db: None
) -> None:
    midori, aozora = a_shop(), a_shop("あおぞら堂")
    midori.way()
    for shop in (midori, aozora):
        an_order(shop)
    for table in TABLES:
        assert portal.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    portal.execute("SELECT set_config('madoguchi.client_id', %s, false)", [str(midori.client.pk)])
    for table in TABLES:
        clients = portal.execute(f"SELECT DISTINCT client_id FROM {table}").fetchall()
        assert clients == [(midori.client.pk,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            portal.execute(f"UPDATE {table} SET client_id = client_id")
    for query in (
        "SELECT password_encrypted FROM delivery_way",
        "SELECT * FROM delivery_way",
        "SELECT 1 FROM delivery_attempt",
        "SELECT 1 FROM intake_draft",
        "DELETE FROM intake_order",
        "SELECT 1 FROM procrastinate_jobs",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            portal.execute(query)
    assert portal.execute("SELECT recipient FROM delivery_way").fetchall() == [("orders@midori.test",)]


@pytest.fixture
def browser(db: None) -> Browser:
    keeper = User.objects.create_user(
        username="kanri", role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True
    )
    browser = Browser()
    browser.force_login(keeper)
    return browser


def way_form(shop: Shop, **changes: Any) -> dict[str, Any]:
    typed = {
        "client": shop.client.pk,
        "programme": shop.programme.pk,
        "kind": "excel_mail",
        "recipient": "tsuhan@midori.test",
        "subject": "受注データ",
        "is_active": "on",
        "password": "nagai-kagi",
    }
    return typed | changes


def test_a_way_is_set_up_in_the_administration_and_its_password_never_shown(
    midori: Shop, browser: Browser
) -> None:
    assert browser.post("/admin/delivery/way/add/", way_form(midori)).status_code == 302
    way = Way.objects.get(programme=midori.programme)
    assert opened(way.password_encrypted) == "nagai-kagi"
    page = browser.get(f"/admin/delivery/way/{way.pk}/change/")
    assert page.status_code == 200
    assert "nagai-kagi" not in page.content.decode()
    assert way.password_encrypted not in page.content.decode()
    browser.post(f"/admin/delivery/way/{way.pk}/change/", way_form(midori, password="", subject="新しい件名"))
    way.refresh_from_db()
    assert (way.subject, opened(way.password_encrypted)) == ("新しい件名", "nagai-kagi")


@pytest.mark.parametrize(
    "wrong", [{"password": ""}, {"password": "short"}, {"recipient": "x"}, {"programme": "stranger"}]
)
def test_a_way_that_cannot_work_is_not_saved_in_the_administration(
    midori: Shop, aozora: Shop, browser: Browser, wrong: dict[str, Any]
) -> None:
    if wrong.get("programme"):
        wrong = {"programme": aozora.programme.pk}
    assert browser.post("/admin/delivery/way/add/", way_form(midori, **wrong)).status_code == 200
    assert not Way.objects.filter(subject="受注データ").exists()


def test_the_administration_shows_orders_and_deliveries_but_changes_none(
    midori: Shop, browser: Browser
) -> None:
    delivery = an_order(midori)
    for page in (
        "/admin/intake/order/",
        f"/admin/intake/order/{delivery.order_id}/change/",
        "/admin/intake/customer/",
        "/admin/delivery/delivery/",
        f"/admin/delivery/delivery/{delivery.pk}/change/",
        "/admin/delivery/way/",
    ):
        assert browser.get(page).status_code == 200
    assert browser.post(f"/admin/intake/order/{delivery.order_id}/delete/").status_code == 403
