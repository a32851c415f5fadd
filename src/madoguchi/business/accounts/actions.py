"""Writing users and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from madoguchi.business.accounts.models import AuditEntry, Language, Role, User


def audit(
    *,
    at: datetime,
    user: User | None,
    action: str,
    object_type: str,
    object_id: object,
    client_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write down who did what; call it inside the transaction of the deed itself.

    `detail` must hold nothing that the object itself would hide: no password, no card number.
    """
    return AuditEntry.objects.create(
        at=at,
        user=user,
        action=action,
        client_id=client_id,
        object_type=object_type,
        object_id=str(object_id),
        detail=dict(detail or {}),
    )


def put_user(
    *,
    username: str,
    password: str,
    role: Role,
    display_name: str = "",
    language: Language = Language.JAPANESE,
) -> User:
    """Make the user, or bring an existing one of that name to these values. Safe to repeat."""
    is_administrator = role == Role.ADMINISTRATOR
    user, _ = User.objects.update_or_create(
        username=username,
        defaults={
            "role": role,
            "display_name": display_name,
            "language": language,
            "is_staff": is_administrator,
            "is_superuser": is_administrator,
        },
    )
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user
