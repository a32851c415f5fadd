"""Products in Django's admin pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from madoguchi.business.knowledge.models import Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin[Product]):
    list_display = ("code", "name", "client", "unit_price_yen", "tax_rate", "is_active")
    list_filter = ("client", "is_active", "tax_rate")
    search_fields = ("code", "name")
    list_select_related = ("client",)
    ordering = ("client__reading", "code")

    def get_readonly_fields(self, request: Any, obj: Product | None = None) -> tuple[str, ...]:
        """A product never changes hands: orders of its client name it."""
        return ("client",) if obj else ()
