"""Writing products. Safe to repeat."""

from __future__ import annotations

from madoguchi.business.clients.models import Client
from madoguchi.business.knowledge.models import Product, TaxRate


def put_product(
    *, client: Client, code: str, name: str, unit_price_yen: int, tax_rate: TaxRate = TaxRate.STANDARD
) -> Product:
    """Make the client's product of this code, or bring it to these values."""
    product, _ = Product.objects.update_or_create(
        client=client,
        code=code,
        defaults={"name": name, "unit_price_yen": unit_price_yen, "tax_rate": tax_rate, "is_active": True},
    )
    return product
