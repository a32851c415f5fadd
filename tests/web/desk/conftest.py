from __future__ import annotations

import pytest
from django.test import Client as Browser

from madoguchi.business.calls.models import Call
from madoguchi.business.clients.models import Programme
from madoguchi.business.staff.models import Agent
from tests.web.desk import switchboard


@pytest.fixture
def sato_calls(orders: Programme, sato: Agent) -> Call:
    """A call of みどり本舗 on which 佐藤 is talking."""
    call = switchboard.arrives(orders)
    switchboard.answers(sato, call)
    call.refresh_from_db()
    return call


@pytest.fixture
def sato_browser(sato: Agent) -> Browser:
    """佐藤 at the desk."""
    browser = Browser()
    browser.force_login(sato.user)
    return browser
