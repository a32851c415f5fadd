"""Communicators and certificates in Django's admin pages."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import admin

from madoguchi.business.staff.models import Agent, Certificate


class CertificateInline(admin.TabularInline[Certificate, Agent]):
    model = Certificate
    extra = 0
    fields = ("programme", "valid_from", "valid_to")


@admin.register(Agent)
class AgentAdmin(admin.ModelAdmin[Agent]):
    """The telephone's password is made up on the first save and shown nowhere."""

    list_display = ("name", "reading", "user", "is_active")
    list_filter = ("is_active", "certificates__programme")
    search_fields = ("name", "reading", "user__username")
    list_select_related = ("user",)
    fields = ("user", "name", "reading", "is_active")
    ordering = ("reading", "name")
    inlines = (CertificateInline,)

    def save_model(self, request: Any, obj: Agent, form: Any, change: bool) -> None:
        obj.sip_secret = obj.sip_secret or secrets.token_urlsafe(24)
        super().save_model(request, obj, form, change)


@admin.register(Certificate)
class CertificateAdmin(admin.ModelAdmin[Certificate]):
    list_display = ("agent", "programme", "valid_from", "valid_to")
    list_filter = ("programme",)
    search_fields = ("agent__name", "agent__reading", "programme__name")
    list_select_related = ("agent", "programme__client")
    date_hierarchy = "valid_from"
    ordering = ("-valid_from", "agent__reading")
