"""What became of the orders of a call: saved, on the way, with the client, or in need of a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation

from madoguchi.business.calls.models import Call
from madoguchi.business.handover.delivery.models import Delivery, State
from madoguchi.business.intake.models import Order


@dataclass(frozen=True, slots=True)
class Receipt:
    """One saved order and where its delivery stands."""

    order: Order
    goods: str
    state: str
    reason: str

    @property
    def is_open(self) -> bool:
        """Whether its state will still change by itself."""
        return self.state in (State.DUE, State.SENDING)

    @property
    def needs_somebody(self) -> bool:
        return self.state == State.PARKED


@dataclass(frozen=True, slots=True)
class Receipts:
    """The saved orders of one call, the last first."""

    rows: tuple[Receipt, ...]

    @property
    def are_open(self) -> bool:
        return any(row.is_open for row in self.rows)


def receipts_of_call(call: Call) -> Receipts:
    """Return the orders saved from a call, with their deliveries."""
    orders = Order.objects.filter(call=call, client_id=call.client_id).order_by("-taken_at")
    found = orders.select_related("delivery").prefetch_related("lines")
    return Receipts(tuple(_receipt(order) for order in found))


def _receipt(order: Order) -> Receipt:
    goods = "、".join(f"{line.product_name} {line.quantity}点" for line in order.lines.all())
    delivery: Delivery | None = getattr(order, "delivery", None)
    if delivery is None:
        return Receipt(order, goods, State.DUE, "")
    return Receipt(order, goods, delivery.state, delivery.reason(translation.get_language() or "ja"))
