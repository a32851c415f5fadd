"""What a client sells."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from madoguchi.business.clients.models import Client
from madoguchi.business.knowledge.actions import put_product
from madoguchi.business.knowledge.models import Product, TaxRate
from madoguchi.business.knowledge.queries import products_on_sale


def test_a_product_is_known_by_its_code_with_leading_zeros(midori: Client, green_juice: Product) -> None:
    again = put_product(client=midori, code="0012", name="国産青汁 60包", unit_price_yen=6980)
    other = put_product(client=midori, code="12", name="シェイカー", unit_price_yen=500)
    assert again.pk == green_juice.pk
    assert other.pk != green_juice.pk
    assert (again.name, again.tax_rate) == ("国産青汁 60包", TaxRate.STANDARD)


def test_only_what_is_on_sale_is_offered_and_only_the_clients_own(
    midori: Client, aozora: Client, green_juice: Product
) -> None:
    Product.objects.create(client=midori, code="0013", name="旧商品", unit_price_yen=1, is_active=False)
    put_product(client=aozora, code="0001", name="空の石けん", unit_price_yen=1200)
    assert list(products_on_sale(midori)) == [green_juice]


def test_two_clients_may_use_the_same_code(aozora: Client, green_juice: Product) -> None:
    put_product(client=aozora, code="0012", name="空の石けん", unit_price_yen=1200)
    assert Product.objects.filter(code="0012").count() == 2


def test_the_database_knows_two_tax_rates(green_juice: Product) -> None:
    with pytest.raises(IntegrityError, match="product_tax_rate_known"):
        Product.objects.filter(pk=green_juice.pk).update(tax_rate=5)
