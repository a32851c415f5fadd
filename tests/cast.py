"""The people and companies of the tests, each introduced once."""

from __future__ import annotations

from datetime import date

import pytest

from madoguchi.business.accounts.actions import put_user
from madoguchi.business.accounts.models import Role, User
from madoguchi.business.clients.actions import put_client, put_membership, put_programme
from madoguchi.business.clients.models import Client, Mode, Programme
from madoguchi.business.knowledge.actions import put_product
from madoguchi.business.knowledge.models import Product, TaxRate
from madoguchi.business.lines.actions import put_number
from madoguchi.business.lines.models import Number
from madoguchi.business.staff.actions import certify, put_agent
from madoguchi.business.staff.models import Agent

PASSWORD = "mado-no-mukou-gawa"

CERTIFIED_SINCE = date(2025, 4, 1)


@pytest.fixture
def midori(db: None) -> Client:
    """みどり本舗 sells green juice by telephone and is the client that most tests are about."""
    return put_client(code="midori", name="みどり本舗", reading="みどりほんぽ", colour="#1f6f5c")


@pytest.fixture
def orders(midori: Client) -> Programme:
    """The line on which みどり本舗 takes orders: shared, two contracted lines."""
    return put_programme(
        client=midori,
        name="注文受付",
        contracted_lines=2,
        greeting="お電話ありがとうございます。みどり本舗でございます。",
    )


@pytest.fixture
def support(midori: Client) -> Programme:
    """The line on which みどり本舗's own team answers questions: dedicated, one contracted line."""
    return put_programme(
        client=midori,
        name="お客様相談室",
        mode=Mode.DEDICATED,
        contracted_lines=1,
        greeting="みどり本舗お客様相談室でございます。",
        wrap_up_s=60,
    )


@pytest.fixture
def orders_number(orders: Programme) -> Number:
    """The free number printed in みどり本舗's catalogue."""
    return put_number(number="0120-000-123", programme=orders, label="春のカタログ")


@pytest.fixture
def green_juice(midori: Client) -> Product:
    """What most callers of みどり本舗 want; a food, so taxed at the reduced rate."""
    return put_product(
        client=midori, code="0012", name="国産青汁 30包", unit_price_yen=3980, tax_rate=TaxRate.REDUCED
    )


@pytest.fixture
def aozora(db: None) -> Client:
    """あおぞら堂 is the other client, who must see nothing of みどり本舗, and of whom it must see nothing."""
    return put_client(code="aozora", name="あおぞら堂", reading="あおぞらどう", colour="#2b5fa8")


@pytest.fixture
def aozora_orders(aozora: Client) -> Programme:
    """あおぞら堂's only programme."""
    return put_programme(
        client=aozora, name="注文受付", contracted_lines=1, greeting="あおぞら堂でございます。"
    )


@pytest.fixture
def sato(orders: Programme) -> Agent:
    """佐藤 is a communicator who is certified for みどり本舗's orders."""
    user = put_user(username="sato", password=PASSWORD, role=Role.COMMUNICATOR, display_name="佐藤")
    agent = put_agent(user=user, name="佐藤 花子", reading="さとう はなこ")
    certify(agent=agent, programme=orders, valid_from=CERTIFIED_SINCE)
    return agent


@pytest.fixture
def suzuki(db: None) -> Agent:
    """鈴木 is a communicator in training: no certificate, so no call."""
    user = put_user(username="suzuki", password=PASSWORD, role=Role.COMMUNICATOR, display_name="鈴木")
    return put_agent(user=user, name="鈴木 一郎", reading="すずき いちろう")


@pytest.fixture
def tanaka(db: None) -> User:
    """田中 is the supervisor (SV) of the floor."""
    return put_user(username="tanaka", password=PASSWORD, role=Role.SUPERVISOR, display_name="田中")


@pytest.fixture
def yamada(db: None) -> User:
    """山田 works in the back office and sees to deliveries."""
    return put_user(username="yamada", password=PASSWORD, role=Role.BACK_OFFICE, display_name="山田")


@pytest.fixture
def midori_user(midori: Client) -> User:
    """緑川 works at みどり本舗 and looks at its orders in the portal."""
    user = put_user(username="midorikawa", password=PASSWORD, role=Role.CLIENT, display_name="緑川")
    put_membership(user=user, client=midori)
    return user


@pytest.fixture
def aozora_user(aozora: Client) -> User:
    """青木 works at あおぞら堂."""
    user = put_user(username="aoki", password=PASSWORD, role=Role.CLIENT, display_name="青木")
    put_membership(user=user, client=aozora)
    return user


@pytest.fixture
def administrator(db: None) -> User:
    """管理者 keeps the system's books in Django's admin pages."""
    return put_user(username="kanri", password=PASSWORD, role=Role.ADMINISTRATOR, display_name="管理者")
