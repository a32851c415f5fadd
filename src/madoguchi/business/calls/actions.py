"""Asking the switchboard. Calls themselves are written by the switchboard alone (`exchange`)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from madoguchi.acd.events import AwayReason
from madoguchi.business.calls.models import DeskRequest
from madoguchi.business.staff.models import Agent
from madoguchi.switchboard.ports import DeskVerb


@transaction.atomic
def ask_switchboard(
    *,
    agent: Agent,
    verb: DeskVerb,
    at: datetime,
    call_id: str | None = None,
    reason: AwayReason | None = None,
) -> DeskRequest:
    """Put down what a desk asks for and wake the switchboard; what becomes of it shows in the desk's view."""
    request = DeskRequest.objects.create(agent=agent, verb=verb, call_id=call_id, reason=reason, at=at)
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY madoguchi_switchboard")
    return request
