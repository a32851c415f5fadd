"""Who may be calling: this client's customers with the caller's number, and what they last ordered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from madoguchi.business.intake.models import Customer
from madoguchi.business.intake.queries import orders_of_customer

MOST_ORDERS = 99


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """One customer as a communicator sees it when the telephone rings."""

    customer: Customer
    orders: int
    """How often the customer ordered before, 99 at most."""
    last_at: datetime | None
    last_goods: str


def known_callers(customers: Iterable[Customer]) -> list[KnownCaller]:
    """Return each customer with what was ordered before."""
    return [_known(customer) for customer in customers]


def _known(customer: Customer) -> KnownCaller:
    orders = orders_of_customer(customer, limit=MOST_ORDERS)
    if not orders:
        return KnownCaller(customer, 0, None, "")
    goods = "、".join(f"{line.product_name} {line.quantity}点" for line in orders[0].lines.all())
    return KnownCaller(customer, len(orders), orders[0].taken_at, goods)
