"""Clients, programmes and memberships in Django's admin pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.forms import ModelChoiceField

from madoguchi.business.accounts.models import Role, User
from madoguchi.business.clients.models import Client, Membership, Programme


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin[Client]):
    list_display = ("name", "code", "reading", "colour", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "reading", "code")
    ordering = ("reading", "name")


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin[Programme]):
    list_display = (
        "name",
        "client",
        "mode",
        "contracted_lines",
        "ring_s",
        "wrap_up_s",
        "record",
        "is_active",
    )
    list_filter = ("client", "mode", "is_active")
    search_fields = ("name", "client__name", "client__reading")
    list_select_related = ("client",)
    ordering = ("client__reading", "name")

    def get_readonly_fields(self, request: Any, obj: Programme | None = None) -> tuple[str, ...]:
        """A programme never changes hands: its calls and numbers belong to its client for good."""
        return ("client",) if obj else ()


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    list_display = ("user", "client")
    list_filter = ("client",)
    search_fields = ("user__username", "user__display_name", "client__name")
    list_select_related = ("user", "client")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: Any, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Offer the clients' users only."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(role=Role.CLIENT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
