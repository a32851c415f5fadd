from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from madoguchi.business.accounts.models import User
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.knowledge.actions import put_product
from madoguchi.business.knowledge.models import Product
from madoguchi.business.lines.actions import put_number
from madoguchi.business.lines.models import Number
from madoguchi.business.staff.models import Agent
from tests.web.office.conftest import quick_passwords, seated
from tests.web.office.day import Day

__all__ = ["quick_passwords"]


@pytest.fixture
def midori_day(orders: Programme, orders_number: Number, green_juice: Product, sato: Agent) -> Day:
    """みどり本舗's day so far; nothing has happened yet."""
    return a_day(orders, orders_number, green_juice, sato)


@pytest.fixture
def aozora_day(aozora: Client, aozora_orders: Programme, sato: Agent) -> Day:
    """あおぞら堂's day, answered by the same communicator."""
    number = put_number(number="0120-000-456", programme=aozora_orders)
    soap = put_product(client=aozora, code="S-1", name="はちみつ石けん", unit_price_yen=1200)
    return a_day(aozora_orders, number, soap, sato)


def a_day(programme: Programme, number: Number, product: Product, agent: Agent) -> Day:
    day = Day(programme=programme, number=number, product=product, agent=agent, at=timezone.now())
    day.way()
    return day


@pytest.fixture
def midori_browser(midori_user: User) -> Browser:
    """緑川 of みどり本舗, at a browser."""
    return seated(midori_user)


@pytest.fixture
def aozora_browser(aozora_user: User) -> Browser:
    """青木 of あおぞら堂, at a browser."""
    return seated(aozora_user)


@pytest.fixture
def centre_browsers(tanaka: User, yamada: User, sato: Agent, administrator: User) -> list[Browser]:
    """The centre's own people, whose counters are others."""
    return [seated(user) for user in (tanaka, yamada, sato.user, administrator)]


@pytest.fixture
def everything(midori_day: Day, aozora_day: Day) -> Any:
    """Both clients have had calls and orders today."""
    return midori_day, aozora_day
