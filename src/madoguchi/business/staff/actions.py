"""Writing communicators and certificates. Safe to repeat."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction

from madoguchi.business.accounts.models import User
from madoguchi.business.clients.models import Programme
from madoguchi.business.staff.models import Agent, Certificate
from madoguchi.kernel.errors import Refusal


def put_agent(*, user: User, name: str, reading: str = "") -> Agent:
    """Make the communicator who is this user, or bring it to these values; its telephone's secret stays."""
    agent, _ = Agent.objects.update_or_create(
        user=user,
        defaults={"name": name, "reading": reading, "is_active": True},
        create_defaults={"name": name, "reading": reading, "sip_secret": secrets.token_urlsafe(24)},
    )
    return agent


@transaction.atomic
def certify(
    *, agent: Agent, programme: Programme, valid_from: date, valid_to: date | None = None
) -> Certificate:
    """Let an agent answer a programme's calls from a day on, until (not including) another.

    Raises `Refusal("certificate_ends_too_early")` when it would end before it began.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise Refusal(
            "certificate_ends_too_early",
            ja="認定の終了日は、開始日より後の日付にしてください。",
            en="The certificate must end after the day it begins.",
            field="valid_to",
        )
    certificate, _ = Certificate.objects.update_or_create(
        agent=agent, programme=programme, valid_from=valid_from, defaults={"valid_to": valid_to}
    )
    return certificate
