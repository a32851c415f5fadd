"""The people and things that orders need, made afresh for a test: みどり本舗 and, as the stranger, あおぞら堂."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from madoguchi.business.accounts.models import Role, User
from madoguchi.business.calls.models import Call
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.handover.delivery.actions import put_way
from madoguchi.business.handover.delivery.models import Way
from madoguchi.business.intake.rules import LineForm
from madoguchi.business.knowledge.models import Product
from madoguchi.business.staff.models import Agent

from .intake.forms import NOON, order_form

PASSWORD = "midori-2026-kagi"


@dataclass
class Shop:
    """A client with a programme, two products, and 佐藤 who answers for it."""

    client: Client
    programme: Programme
    juice: Product
    shaker: Product
    user: User
    agent: Agent

    def form(self, **changes: Any) -> Any:
        """Return an order form for one juice and two shakers."""
        lines = (LineForm(self.juice.pk, "1"), LineForm(self.shaker.pk, "2"))
        return order_form(**({"lines": lines} | changes))

    def call(self, **changes: Any) -> Call:
        """Return a call that is going on."""
        told = {
            "id": f"call-{uuid4()}",
            "client": self.client,
            "programme": self.programme,
            "arrived_at": NOON,
        }
        return Call.objects.create(**(told | changes))

    def way(self, at: datetime = NOON, **changes: Any) -> Way:
        """Set up the delivery by mail."""
        told: dict[str, Any] = {
            "client": self.client,
            "recipient": "orders@midori.test",
            "password": PASSWORD,
        }
        return put_way(by=None, at=at, **(told | changes))


def a_shop(name: str = "みどり本舗") -> Shop:
    """Make a client and who serves it."""
    mark = uuid4().hex[:10]
    client = Client.objects.create(code=f"shop-{mark}", name=name)
    programme = Programme.objects.create(
        client=client, name="通販受付", contracted_lines=2, greeting="お電話ありがとうございます。"
    )
    user = User.objects.create_user(username=f"sato-{mark}", role=Role.COMMUNICATOR, display_name="佐藤")
    return Shop(
        client=client,
        programme=programme,
        juice=Product.objects.create(
            client=client, code="007", name="有機青汁 30包", unit_price_yen=1080, tax_rate=8
        ),
        shaker=Product.objects.create(
            client=client, code="A-01", name="シェーカー", unit_price_yen=550, tax_rate=10
        ),
        user=user,
        agent=Agent.objects.create(user=user, name="佐藤", sip_secret="x" * 32),
    )
