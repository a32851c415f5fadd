from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from madoguchi.kernel.errors import Refusal

from .actions import checked_password
from .models import Attempt, Delivery, Way
from .secrets import sealed


class WayForm(forms.ModelForm[Way]):
    """The password can be set and never read back."""

    password = forms.CharField(
        label="ファイルのパスワード",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="8文字以上。空のままにすると、いまのパスワードを使い続けます。",
    )

    class Meta:
        model = Way
        fields = ["client", "programme", "kind", "recipient", "subject", "is_active"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not password and not self.instance.password_encrypted:
            raise ValidationError("ファイルのパスワードを入力してください。")
        try:
            return checked_password(password) if password else ""
        except Refusal as refusal:
            raise ValidationError(refusal.ja) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        programme, client = cleaned.get("programme"), cleaned.get("client")
        if programme is not None and client is not None and programme.client_id != client.pk:
            self.add_error(
                "programme", "この業務は選んだクライアントのものではありません。選び直してください。"
            )
        if cleaned.get("password"):
            self.instance.password_encrypted = sealed(cleaned["password"])
        return cleaned


@admin.register(Way)
class WayAdmin(admin.ModelAdmin[Way]):
    form = WayForm
    list_display = ["client", "programme", "kind", "recipient", "is_active"]
    list_filter = ["client", "kind", "is_active"]
    list_select_related = ["client", "programme"]


class AttemptInline(admin.TabularInline[Attempt, Delivery]):
    model = Attempt
    fields = ("began_at", "ended_at", "phase", "outcome", "detail")
    readonly_fields = ("began_at", "ended_at", "phase", "outcome", "detail")
    extra = 0
    can_delete = False


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin[Delivery]):
    """Deliveries are looked at here; what may be done about one is on the delivery page."""

    list_display = ["enqueued_at", "client", "state", "attempts", "reason_code", "delivered_at"]
    list_filter = ["state", "client"]
    search_fields = ["id", "order__id", "receipt", "message_id"]
    list_select_related = ["client"]
    inlines = [AttemptInline]

    def has_add_permission(self, *args: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any) -> bool:
        return False
