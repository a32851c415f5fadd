from __future__ import annotations

from typing import Any

from django.contrib import admin

from .models import Customer, Order, OrderLine


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin[Customer]):
    list_display = ["name", "kana", "client", "shown_phone", "prefecture", "city"]
    list_filter = ["client"]
    search_fields = ["name", "kana", "phone"]
    list_select_related = ["client"]


class OrderLineInline(admin.TabularInline[OrderLine, Order]):
    model = OrderLine
    fields = ("position", "product_code", "product_name", "quantity", "unit_price_yen", "tax_rate")
    readonly_fields = ("position", "product_code", "product_name", "quantity", "unit_price_yen", "tax_rate")
    extra = 0
    can_delete = False


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin[Order]):
    """Orders are looked at here, never changed: what was taken is what was delivered."""

    list_display = ["taken_at", "client", "programme", "name", "total_yen"]
    list_filter = ["client", "programme"]
    search_fields = ["id", "name", "kana", "phone"]
    list_select_related = ["client", "programme"]
    date_hierarchy = "taken_at"
    inlines = [OrderLineInline]

    def has_add_permission(self, *args: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any) -> bool:
        return False
