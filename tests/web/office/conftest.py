from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from madoguchi.business.accounts.models import User
from madoguchi.business.clients.models import Programme
from madoguchi.business.knowledge.models import Product
from madoguchi.business.lines.models import Number
from madoguchi.business.staff.models import Agent
from tests.web.office.day import Day


@pytest.fixture
def midori_day(orders: Programme, orders_number: Number, green_juice: Product, sato: Agent) -> Day:
    """みどり本舗's day so far; nothing has happened yet."""
    day = Day(programme=orders, number=orders_number, product=green_juice, agent=sato, at=timezone.now())
    day.way()
    return day


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Nobody signs in by password here: hashing it slowly would take longer than the test itself."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def seated(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def yamada_browser(yamada: User) -> Browser:
    """山田 of the back office, at a browser."""
    return seated(yamada)


@pytest.fixture
def tanaka_browser(tanaka: User) -> Browser:
    """田中, the supervisor, at a browser."""
    return seated(tanaka)


@pytest.fixture
def sato_browser(sato: Agent) -> Browser:
    """佐藤, who answers calls and has no business in the office."""
    return seated(sato.user)


@pytest.fixture
def midori_browser(midori_user: User) -> Browser:
    """緑川 of みどり本舗, who has no business in the office either."""
    return seated(midori_user)
