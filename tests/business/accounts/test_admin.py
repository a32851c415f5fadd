"""Django's admin pages of all books: they open, search, and change only what people may change."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client as Browser
from django.urls import reverse

from madoguchi.business.accounts.models import User
from madoguchi.business.calls.models import Call, JournalEntry
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.lines.models import Number
from madoguchi.business.staff.models import Agent

OUR_APPS = {"accounts", "clients", "knowledge", "lines", "staff", "calls"}

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)

OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OUR_APPS),
    key=lambda model: model.__name__,
)


def page(model: type[models.Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def kanri(administrator: User) -> Browser:
    browser = Browser()
    browser.force_login(administrator)
    return browser


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_opens_and_searches(
    kanri: Browser, model: type[models.Model], sato: Agent, orders_number: Number
) -> None:
    assert kanri.get(page(model, "changelist")).status_code == 200
    assert kanri.get(page(model, "changelist"), {"q": "みどり"}).status_code == 200


@pytest.mark.parametrize("model", [Call, JournalEntry], ids=lambda model: model.__name__)
def test_what_the_switchboard_wrote_is_not_changed_by_hand(kanri: Browser, model: type[models.Model]) -> None:
    assert kanri.get(page(model, "add")).status_code == 403


def test_a_call_opens_and_cannot_be_saved(kanri: Browser, orders: Programme) -> None:
    call = Call.objects.create(
        id="1743476400.1", client=orders.client, programme=orders, number="0120000123", arrived_at=NOON
    )
    assert kanri.get(page(Call, "change", call.pk)).status_code == 200
    assert kanri.post(page(Call, "change", call.pk), {"caller": "1"}).status_code == 403


def test_a_number_belongs_to_the_client_of_its_programme(kanri: Browser, orders: Programme) -> None:
    kanri.post(page(Number, "add"), {"number": "0120000123", "programme": orders.pk, "label": ""})
    assert Number.objects.get().client_id == orders.client_id


def test_a_communicator_gets_a_telephone_password_nobody_sees(kanri: Browser, tanaka: User) -> None:
    rows = {f"certificates-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    kanri.post(page(Agent, "add"), {"user": tanaka.pk, "name": "田中", "is_active": "on", **rows})
    agent = Agent.objects.get()
    assert len(agent.sip_secret) >= 24
    assert agent.sip_secret not in kanri.get(page(Agent, "change", agent.pk)).content.decode()


def test_a_clients_user_is_offered_no_way_to_the_admin_pages(kanri: Browser, midori_user: User) -> None:
    answer = kanri.post(
        page(User, "change", midori_user.pk),
        {"username": "midorikawa", "role": "client", "language": "ja", "is_active": "on", "is_staff": "on"},
    )
    assert "クライアントの利用者に管理ページの権限は付けられません。" in answer.content.decode()
    midori_user.refresh_from_db()
    assert not midori_user.is_staff


def test_a_certificate_that_ends_before_it_began_is_refused_in_words(
    kanri: Browser, sato: Agent, orders: Programme
) -> None:
    payload = {
        "agent": sato.pk,
        "programme": orders.pk,
        "valid_from": date(2026, 5, 2),
        "valid_to": date(2026, 5, 1),
    }
    answer = kanri.post(reverse("admin:staff_certificate_add"), payload)
    assert "終了日は開始日より後の日付にしてください。" in answer.content.decode()


@pytest.mark.parametrize("who", ["sato_user", "tanaka", "midori_user"])
def test_others_do_not_come_in(
    who: str, sato: Agent, tanaka: User, midori_user: User, midori: Client
) -> None:
    browser = Browser()
    browser.force_login({"sato_user": sato.user, "tanaka": tanaka, "midori_user": midori_user}[who])
    assert browser.get(page(Client, "changelist")).status_code == 302
