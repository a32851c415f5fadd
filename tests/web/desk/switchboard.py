"""The switchboard, played: what it would have written, and its word to the desks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from madoguchi.business.calls.models import Call, Disposition, EndedBy, Presence
from madoguchi.business.clients.models import Programme
from madoguchi.business.staff.models import Agent


def arrives(programme: Programme, *, call_id: str = "call-1", caller: str = "09012345678") -> Call:
    """A call has come in and waits."""
    now = timezone.now()
    return Call.objects.create(
        id=call_id,
        client=programme.client,
        programme=programme,
        number="0120000123",
        caller=caller,
        arrived_at=now - timedelta(seconds=5),
    )


def seats(
    agent: Agent, state: str, *, call: Call | None = None, reason: str = "", since: datetime | None = None
) -> None:
    """The communicator is in this state from now on."""
    Presence.objects.update_or_create(
        agent=agent,
        defaults={
            "state": state,
            "since": since or timezone.now(),
            "call_id": call.id if call else None,
            "programme_id": call.programme_id if call else None,
            "reason": reason,
        },
    )
    tells(str(agent.pk))


def answers(agent: Agent, call: Call) -> None:
    """The communicator has answered and talks."""
    now = timezone.now()
    Call.objects.filter(id=call.id).update(agent=agent, answered_at=now)
    seats(agent, "talking", call=call, since=now)


def ends(agent: Agent, call: Call) -> None:
    """The caller has hung up; after-call work begins."""
    Call.objects.filter(id=call.id).update(
        ended_at=timezone.now(), disposition=Disposition.ANSWERED, ended_by=EndedBy.CALLER
    )
    seats(agent, "wrap_up", call=call)


def tells(word: str) -> None:
    """Wake the desks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('madoguchi_desk', %s)", [word])
