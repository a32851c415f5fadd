"""What the tests of deliveries share: a clock one can turn, orders, and the mails that came of them."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from madoguchi.business.handover.delivery import actions
from madoguchi.business.handover.delivery.models import Delivery
from madoguchi.business.intake.actions import place_order
from tests.business.books import Shop
from tests.business.intake.forms import NOON


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


def an_order(shop: Shop, **changes: Any) -> Delivery:
    """Take an order and return its delivery."""
    order = place_order(
        by=shop.user,
        agent=shop.agent,
        programme=shop.programme,
        call_id=None,
        form=shop.form(**changes),
        at=NOON,
    )
    return Delivery.objects.get(order=order)


def attempted(delivery: Delivery, clock: Clock) -> Delivery:
    """Try to hand over, and return what became of it."""
    actions.attempt(delivery_id=delivery.pk, clock=clock)
    delivery.refresh_from_db()
    return delivery


def opened(letter: bytes) -> Any:
    return email.message_from_bytes(letter, policy=email.policy.default)


def mails_per_delivery(letters: list[bytes]) -> Counter[UUID]:
    """Count the mails by the delivery that their Message-ID names."""
    return Counter(UUID(opened(letter)["Message-ID"].strip("<>").partition("@")[0]) for letter in letters)
