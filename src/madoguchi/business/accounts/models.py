"""Users with their role, and the audit trail."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    """What a person is to the centre; one each."""

    COMMUNICATOR = "communicator", "コミュニケーター"
    SUPERVISOR = "supervisor", "SV"
    BACK_OFFICE = "back_office", "事務"
    CLIENT = "client", "クライアント"
    ADMINISTRATOR = "administrator", "管理者"


class Language(models.TextChoices):
    """The language a user reads pages in."""

    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"


class User(AbstractUser):
    """Someone who can sign in."""

    role = models.CharField("役割", max_length=20, choices=Role)
    display_name = models.CharField("表示名", max_length=60, blank=True)
    language = models.CharField("言語", max_length=5, choices=Language, default=Language.JAPANESE)

    class Meta:
        verbose_name = "利用者"
        verbose_name_plural = "利用者"
        constraints = [
            models.CheckConstraint(name="user_role_known", condition=models.Q(role__in=Role.values)),
            models.CheckConstraint(
                name="user_language_known", condition=models.Q(language__in=Language.values)
            ),
            # A client's user never reaches the admin pages, whatever a form says (requirement K4).
            models.CheckConstraint(
                name="user_client_is_no_staff",
                violation_error_message="クライアントの利用者に管理ページの権限は付けられません。",
                condition=~models.Q(role=Role.CLIENT) | models.Q(is_staff=False, is_superuser=False),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_of_the_centre(self) -> bool:
        """Whether this is one of the operator's own people, who may know of every client."""
        return self.role != Role.CLIENT


class AuditEntry(models.Model):
    """Who did what to what, and when. Written by actions only, never changed."""

    at = models.DateTimeField("日時")
    user = models.ForeignKey(
        User, verbose_name="利用者", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None for what the system did by itself."""
    action = models.CharField("操作", max_length=80)
    """Dotted and stable, such as `intake.order_placed`."""
    client_id = models.BigIntegerField("クライアント番号", null=True, blank=True)
    """Whose data it was about. A plain number: accounts stands below clients."""
    object_type = models.CharField("対象", max_length=80)
    object_id = models.CharField("対象番号", max_length=80)
    detail = models.JSONField("詳細", default=dict, blank=True)

    class Meta:
        verbose_name = "監査記録"
        verbose_name_plural = "監査記録"
        indexes = [
            # Read by the admin's history of one object.
            models.Index(name="audit_of_object", fields=["object_type", "object_id", "at"]),
            # Read by the admin's list, newest first.
            models.Index(name="audit_by_time", fields=["-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"
