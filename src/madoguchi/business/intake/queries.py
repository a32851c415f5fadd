"""Reading customers and orders, always within one client (requirement K4)."""

from __future__ import annotations

from django.db.models import QuerySet

from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.knowledge.models import Product
from madoguchi.kernel.errors import Refusal

from .addresses import AddressChoice, address_choices
from .models import Customer, Draft, Order
from .rules import Offered, checked_phone

__all__ = [
    "AddressChoice",
    "address_choices",
    "customers_by_phone",
    "draft_of",
    "offered_products",
    "orders_of_customer",
    "recent_orders",
]


def customers_by_phone(client: Client, phone: str) -> list[Customer]:
    """Return this client's customers with a telephone number, the last added first.

    A number withheld or from abroad is nobody's: the list is empty.
    """
    try:
        digits = checked_phone(phone)
    except Refusal:
        return []
    return list(Customer.objects.filter(client=client, phone=digits).order_by("-id"))


def recent_orders(client: Client, *, limit: int = 20) -> list[Order]:
    """Return this client's newest orders with their lines."""
    return list(_with_lines(Order.objects.filter(client=client))[:limit])


def orders_of_customer(customer: Customer, *, limit: int = 10) -> list[Order]:
    """Return a customer's newest orders with their lines."""
    return list(_with_lines(Order.objects.filter(customer=customer, client_id=customer.client_id))[:limit])


def _with_lines(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.order_by("-taken_at", "id").prefetch_related("lines")


def offered_products(programme: Programme) -> dict[int, Offered]:
    """Return what the programme's client sells now, by id."""
    products = Product.objects.filter(client_id=programme.client_id, is_active=True).order_by("code")
    return {
        product.pk: Offered(product.pk, product.code, product.name, product.unit_price_yen, product.tax_rate)
        for product in products
    }


def draft_of(*, agent_id: int, client_id: int, call_id: str) -> Draft | None:
    """Return the unfinished form of a communicator, a client and a call."""
    return Draft.objects.filter(agent_id=agent_id, client_id=client_id, call_id=call_id).first()
