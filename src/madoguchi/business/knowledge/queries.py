"""Reading products."""

from __future__ import annotations

from django.db.models import QuerySet

from madoguchi.business.clients.models import Client
from madoguchi.business.knowledge.models import Product


def products_on_sale(client: Client) -> QuerySet[Product]:
    """Return what a client sells now, in the order of its codes."""
    return Product.objects.filter(client=client, is_active=True).order_by("code")
