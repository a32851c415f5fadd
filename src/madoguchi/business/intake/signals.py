"""What intake tells the storeys above it, which it may not import."""

from __future__ import annotations

from datetime import datetime

from django.dispatch import Signal

from .models import Order

#: Sent inside the transaction that takes an order, with `order` and `at`; a receiver that raises undoes it all.
order_placed = Signal()


def announce(order: Order, *, at: datetime) -> None:
    """Tell of a new order. Raise `RuntimeError` when nobody listens: an order nobody delivers is a lost order."""
    if not order_placed.has_listeners(Order):
        raise RuntimeError("No delivery is connected to order_placed; is the delivery app installed?")
    order_placed.send(sender=Order, order=order, at=at)
