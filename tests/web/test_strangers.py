"""Every address of the house, tried by those whom みどり本舗 is none of their business (requirement K4).

The addresses are taken from the URLconf itself, so that a page added tomorrow is tried tomorrow; a new kind of
parameter must be given a value here first (`KEYS`), always one that belongs to みどり本舗.
"""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.admin import site
from django.test import AsyncClient
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

from madoguchi.business.accounts.models import AuditEntry, User
from madoguchi.business.calls.models import Call
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.correspondence import sink
from madoguchi.business.handover.delivery.models import Attempt, Delivery
from madoguchi.business.intake.models import Customer, Draft, Order
from madoguchi.business.knowledge.models import Product
from madoguchi.business.lines.models import Number
from madoguchi.business.staff.models import Agent
from tests.web.office.conftest import quick_passwords
from tests.web.office.day import FILE_PASSWORD, Day, delivered, unknown, voice
from tests.web.portal.conftest import a_day

__all__ = ["quick_passwords"]

pytestmark = [
    pytest.mark.requirement("K4"),
    pytest.mark.django_db(transaction=True, databases=["default", "portal"]),
]

SEARCHES = ("text", "q", "phone", "postal_code", "call", "call_id", "client", "order", "customer")
PATIENCE_S = 2.0


@dataclass(frozen=True)
class Secret:
    """What there is to find out about みどり本舗, and the keys to its pages."""

    words: tuple[str, ...]
    keys: dict[str, str]

    def found_in(self, said: str, *, known: str) -> list[str]:
        """Return the words that were told to somebody who knew `known` before."""
        return [word for word in self.words if word in said and word not in known]


@pytest.fixture
def secret(
    orders: Programme,
    support: Programme,
    orders_number: Number,
    green_juice: Product,
    sato: Agent,
    aozora_orders: Programme,
) -> Secret:
    """みどり本舗 has had a day with calls, orders, deliveries, a recording, a draft and mail."""
    folder: Path = settings.MADOGUCHI_HOME.recordings
    voice(folder / "stranger-caller.wav")
    voice(folder / "stranger-agent.wav")
    day: Day = a_day(orders, orders_number, green_juice, sato)
    call = day.call(
        9, caller="0355556666", recording_caller="stranger-caller.wav", recording_agent="stranger-agent.wav"
    )
    order = day.order(
        by=sato.user,
        call=call,
        name="髙橋 さくら",
        kana="タカハシ サクラ",
        phone="0355556666",
        note="門の右の呼び鈴",
    )
    lost = day.order(by=sato.user, name="黒木 まこと", kana="クロキ マコト", phone="0355557777")
    delivered(order, at=day.at)
    parked = unknown(lost, at=day.at)
    Draft.objects.create(
        agent=sato, client_id=day.client_id, call_id=call.pk, data={"name": "書きかけ"}, at=day.at
    )
    letter = _mail()
    customer = order.customer
    words = (
        "みどり本舗", "みどりほんぽ", "お客様相談室", "0120000123", "0120-000-123", "春のカタログ", "国産青汁", call.pk,
        "髙橋", "さくら", "タカハシ", "黒木", "クロキ", "0355556666", "03-5555-6666", "0355557777", "03-5555-7777",
        "呼び鈴", "書きかけ", str(order.pk), str(order.pk)[:8], str(lost.pk)[:8], order.delivery.receipt, "orders@midori",
        order.delivery.message_id, FILE_PASSWORD, "stranger-caller", "受注データ在中", sato.sip_secret,
    )  # fmt: skip
    keys = {
        "call_id": call.pk, "delivery_id": str(parked.pk), "order_id": str(order.pk), "customer_id": str(customer.pk),
        "letter_id": letter, "position": "1", "voice": "both", "kind": "csv", "client_id": str(day.client_id),
        "programme_id": str(orders.pk), "agent_id": str(sato.pk), "object_id": str(order.pk), "content_type_id": "1",
        "app_label": "intake", "url": "intake/order/", "id": str(sato.user.pk),
    }  # fmt: skip
    return Secret(words=words, keys=keys)


def _mail() -> str:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "m@localhost", "orders@midori.test", "受注データ在中"
    message.set_content("髙橋")
    message.add_attachment(b"PK", maintype="application", subtype="octet-stream", filename="髙橋.xlsx")
    return sink.keep(settings.MADOGUCHI_HOME.mail, message.as_bytes(), at=time.time())


def addresses(keys: dict[str, str]) -> list[str]:
    """Return every address of the URLconf, with みどり本舗's keys in its blanks."""
    return sorted(set(_below(get_resolver(), "/", keys)))


def _below(resolver: URLResolver, prefix: str, keys: dict[str, str]) -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = prefix + _filled(entry.pattern, keys)
        if isinstance(entry, URLResolver):
            yield from _below(entry, address, keys)
        else:
            assert isinstance(entry, URLPattern)
            yield address


def _filled(pattern: Any, keys: dict[str, str]) -> str:
    if isinstance(pattern, RegexPattern):
        return _filled_regex(pattern, keys)
    assert isinstance(pattern, RoutePattern)
    route = str(pattern)
    for name in pattern.converters:
        assert name in keys, f"teach this test a value of みどり本舗 for <{name}> in {route}"
        start = route.index("<")
        route = route[:start] + quote(keys[name], safe="") + route[route.index(">", start) + 1 :]
    return route


def _filled_regex(pattern: RegexPattern, keys: dict[str, str]) -> str:
    """Django's admin alone writes regular expressions: one group each, and a slash."""
    names = list(pattern.regex.groupindex)
    assert len(names) <= 1, f"teach this test the pattern {pattern}"
    return f"{keys[names[0]]}/" if names == ["app_label"] else "".join(keys[name] for name in names)


def test_the_walk_knows_the_whole_house(secret: Secret) -> None:
    walked = addresses(secret.keys)
    for known in (
        "/sign-in/", "/desk/", f"/desk/calls/{secret.keys['call_id']}/", "/office/deliveries/export/",
        f"/office/calls/{secret.keys['call_id']}/recording/both/", f"/portal/orders/{secret.keys['order_id']}/",
        "/portal/orders/export/csv/", "/admin/intake/order/",
    ):  # fmt: skip
        assert known in walked
    models = {f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in site._registry}
    assert models <= set(walked)
    assert len(walked) > 60


@pytest.fixture(params=["a client's user of あおぞら堂", "nobody", "a communicator without a certificate"])
def stranger(request: pytest.FixtureRequest, aozora_user: User, suzuki: Agent) -> User | None:
    """One of those who may know nothing of みどり本舗."""
    strangers = {"a client's user of あおぞら堂": aozora_user, "nobody": None}
    return strangers.get(request.param, suzuki.user)


async def _browser(stranger: User | None) -> AsyncClient:
    browser = AsyncClient(raise_request_exception=True)
    if stranger is not None:
        await browser.aforce_login(stranger)
    return browser


async def _said(answer: Any) -> str:
    """Return all that an answer tells: status line, headers, and its body unpacked; of an endless one the beginning."""
    body = b""
    if answer.streaming:
        try:
            async with asyncio.timeout(PATIENCE_S):
                async for piece in answer.streaming_content:
                    body += piece
                    if "event-stream" in answer.headers["Content-Type"] and body:
                        break
        except TimeoutError:
            pass
    else:
        body = answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{headers}\n{answer.cookies}\n{_unpacked(body)}"


def _unpacked(body: bytes) -> str:
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as parcel:
            return "\n".join(parcel.read(name).decode(errors="replace") for name in parcel.namelist())
    return body.decode(errors="replace")


async def test_no_page_tells_a_stranger_anything(secret: Secret, stranger: User | None) -> None:
    browser = await _browser(stranger)
    for address in await sync_to_async(addresses)(secret.keys):
        answer = await browser.get(address)
        assert answer.status_code < 500, address
        assert secret.found_in(await _said(answer), known=address) == [], address


async def test_no_search_tells_a_stranger_anything(secret: Secret, stranger: User | None) -> None:
    """A search for one thing known must not bring another thing to light; what was typed may be shown again."""
    everywhere = [address for address in addresses(secret.keys) if not address.startswith("/admin/")]
    browser = await _browser(stranger)
    for address in (one for one in everywhere if "stream" not in one):
        for typed in ("髙橋", "0355556666", secret.keys["order_id"], "み"):
            query = dict.fromkeys(SEARCHES, typed)
            answer = await browser.get(address, query)
            assert answer.status_code < 500, address
            assert secret.found_in(await _said(answer), known=f"{address} {typed}") == [], (
                address,
                typed,
            )


async def test_nothing_that_a_stranger_sends_changes_or_tells_anything(
    secret: Secret, stranger: User | None
) -> None:
    before = await sync_to_async(_all_of_midori)(secret)
    form = {
        "note": "届いたそうです", "verb": "ready", "call": secret.keys["call_id"], "call_id": secret.keys["call_id"],
        "customer": secret.keys["customer_id"], "client": secret.keys["client_id"], "postal_code": "1000001",
        "phone": "0355556666", "user": secret.keys["id"], "language": "en", "theme": "dark",
    }  # fmt: skip
    browser = await _browser(stranger)
    for address in await sync_to_async(addresses)(secret.keys):
        answer = await browser.post(address, form)
        assert answer.status_code < 500, address
        assert secret.found_in(await _said(answer), known=f"{address} {form}") == [], address
        if address == "/sign-out/" and stranger is not None:
            await browser.aforce_login(stranger)
    assert await sync_to_async(_all_of_midori)(secret) == before


def _all_of_midori(secret: Secret) -> list[Any]:
    client_id = int(secret.keys["client_id"])
    of_client = (Call, Order, Customer, Delivery, Attempt, Draft, Programme, Number, Product)
    rows = [list(model.objects.filter(client_id=client_id).order_by("pk").values()) for model in of_client]
    spoken = AuditEntry.objects.filter(client_id=client_id).count()
    return [*rows, spoken, list(Client.objects.filter(pk=client_id).values())]


async def test_the_walk_would_notice(secret: Secret, midori_user: User, yamada: User) -> None:
    """The same walk by those who may know finds the words: the test can fail."""
    told: set[str] = set()
    for person in (midori_user, yamada):
        browser = await _browser(person)
        for address in await sync_to_async(addresses)(secret.keys):
            if address.startswith(("/portal/", "/office/")):
                answer = await browser.get(address)
                told |= set(secret.found_in(await _said(answer), known=""))

    assert told >= {
        "みどり本舗",
        "0120-000-123",
        "髙橋",
        "03-5555-6666",
        "呼び鈴",
        "国産青汁",
        "orders@midori",
    }
