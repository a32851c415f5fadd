"""Numbers in Django's admin pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from madoguchi.business.lines.models import Number


@admin.register(Number)
class NumberAdmin(admin.ModelAdmin[Number]):
    list_display = ("number", "programme", "label")
    list_filter = ("client",)
    search_fields = ("number", "label", "programme__name", "client__name")
    list_select_related = ("programme__client",)
    fields = ("number", "programme", "label")
    ordering = ("number",)

    def save_model(self, request: Any, obj: Number, form: Any, change: bool) -> None:
        """The number belongs to whoever its programme belongs to."""
        obj.client = obj.programme.client
        super().save_model(request, obj, form, change)
