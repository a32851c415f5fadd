"""Calls, the journal and the live state in Django's admin pages: written by the switchboard, read here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from madoguchi.business.accounts.admin import LookOnly
from madoguchi.business.calls.models import (
    Call,
    DeskRequest,
    HoldSpan,
    JournalEntry,
    Presence,
    Snapshot,
    Waiting,
)


class HoldSpanInline(admin.TabularInline[HoldSpan, Call]):
    model = HoldSpan
    extra = 0
    can_delete = False
    fields = readonly_fields = ("began_at", "ended_at")

    def has_add_permission(self, *args: Any) -> bool:
        return False


@admin.register(Call)
class CallAdmin(LookOnly[Call]):
    list_display = ("arrived_at", "client", "programme", "number", "agent", "disposition", "ended_at")
    list_filter = ("disposition", "client", "programme")
    search_fields = ("id", "number", "caller", "agent__name")
    list_select_related = ("client", "programme__client", "agent")
    date_hierarchy = "arrived_at"
    ordering = ("-arrived_at", "id")
    inlines = (HoldSpanInline,)


@admin.register(JournalEntry)
class JournalEntryAdmin(LookOnly[JournalEntry]):
    list_display = ("id", "at", "kind", "call_id", "agent_id")
    list_filter = ("kind",)
    search_fields = ("=call_id",)
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Snapshot)
class SnapshotAdmin(LookOnly[Snapshot]):
    list_display = ("id", "at", "last_entry_id")
    ordering = ("-id",)


@admin.register(Presence)
class PresenceAdmin(LookOnly[Presence]):
    list_display = ("agent", "state", "since", "reason", "call_id")
    list_filter = ("state",)
    list_select_related = ("agent",)
    ordering = ("agent__reading",)


@admin.register(Waiting)
class WaitingAdmin(LookOnly[Waiting]):
    list_display = ("programme", "waiting", "oldest_arrived_at")
    list_select_related = ("programme__client",)
    ordering = ("programme__client__reading", "programme__name")


@admin.register(DeskRequest)
class DeskRequestAdmin(LookOnly[DeskRequest]):
    list_display = ("at", "agent", "verb", "reason", "done_at", "refusal")
    list_filter = ("verb",)
    list_select_related = ("agent",)
    ordering = ("-id",)
