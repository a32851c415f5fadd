"""Users and the audit trail in Django's admin pages."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as PlainUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model

from madoguchi.business.accounts.models import AuditEntry, User

admin.site.site_header = "窓口 管理"
admin.site.site_title = "窓口 管理"
admin.site.index_title = "マスター管理"
admin.site.unregister(Group)

ModelT = TypeVar("ModelT", bound=Model)


class LookOnly(admin.ModelAdmin[ModelT]):
    """For what the system writes down itself: to be looked at, never to be changed."""

    def has_add_permission(self, *args: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any) -> bool:
        return False


@admin.register(User)
class UserAdmin(PlainUserAdmin[User]):
    list_display = ("username", "display_name", "role", "language", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "display_name")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("本人", {"fields": ("display_name", "role", "language")}),
        ("権限", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("記録", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": ("username", "display_name", "role", "password1", "password2")},
        ),
    )


@admin.register(AuditEntry)
class AuditEntryAdmin(LookOnly[AuditEntry]):
    list_display = ("at", "user", "action", "object_type", "object_id", "client_id")
    list_filter = ("action",)
    search_fields = ("object_id", "user__username")
    list_select_related = ("user",)
    date_hierarchy = "at"
    ordering = ("-at",)
