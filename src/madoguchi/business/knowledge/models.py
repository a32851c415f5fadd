"""What a client sells."""

from __future__ import annotations

from django.db import models

from madoguchi.business.clients.models import Client


class TaxRate(models.IntegerChoices):
    """Consumption tax in per cent: reduced for food and drink, standard for the rest."""

    REDUCED = 8, "8%(軽減税率)"
    STANDARD = 10, "10%"


class Product(models.Model):
    """A product of a client (商品)."""

    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="products"
    )
    code = models.CharField("商品コード", max_length=40)
    """The client's own; leading zeros count."""
    name = models.CharField("商品名", max_length=120)
    unit_price_yen = models.PositiveIntegerField("単価(円・税込)")
    tax_rate = models.PositiveSmallIntegerField("税率", choices=TaxRate, default=TaxRate.STANDARD)
    is_active = models.BooleanField("販売中", default=True)

    class Meta:
        verbose_name = "商品"
        verbose_name_plural = "商品"
        constraints = [
            models.UniqueConstraint(
                name="product_code_once_per_client",
                violation_error_message="このクライアントには同じ商品コードの商品がすでにあります。",
                fields=["client", "code"],
            ),
            models.UniqueConstraint(name="product_with_client", fields=["id", "client"]),
            models.CheckConstraint(
                name="product_tax_rate_known", condition=models.Q(tax_rate__in=TaxRate.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
