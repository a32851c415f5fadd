"""Reading calls, and what a desk shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from django.db import connection
from django.db.models import Avg, Count, F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from madoguchi.acd.transitions import AgentState
from madoguchi.business.calls.models import Call, DeskRequest, Presence, Waiting
from madoguchi.business.clients.models import Client
from madoguchi.business.staff.models import Agent
from madoguchi.business.staff.queries import certified_programmes
from madoguchi.kernel.errors import Refusal

SWITCHBOARD_LOCK = 0x6D61646F
"""The advisory lock that the switchboard in charge holds ("mado")."""


class CallSummary(TypedDict):
    """The call at a desk, as far as the bar at the top needs it."""

    id: str
    client: str
    colour: str
    programme: str
    number: str
    caller: str
    arrived_at: float
    answered_at: float | None


class ProgrammeWaiting(TypedDict):
    programme: int
    name: str
    count: int


class WaitingView(TypedDict):
    """The callers who wait for programmes that the agent is certified for."""

    count: int
    oldest_arrived_at: float | None
    programmes: list[ProgrammeWaiting]


class TodayView(TypedDict):
    """The agent's own day so far (Japanese time)."""

    answered: int
    average_s: float | None
    """Mean handling time: from the answer to the end of the after-call work, of calls that are done."""


class AnswerView(TypedDict):
    """What became of the newest wish that the switchboard has dealt with."""

    request: int
    refusal: str | None


class DeskView(TypedDict):
    """All that a desk shows live, ready for JSON; moments are seconds since 1970."""

    agent: int
    state: str
    since: float | None
    reason: str | None
    call: CallSummary | None
    waiting: WaitingView
    today: TodayView
    answer: AnswerView | None


def desk_view(agent_id: int, now: datetime) -> DeskView:
    """Return what an agent's desk shows now; raises `Agent.DoesNotExist` for an unknown agent."""
    agent = Agent.objects.get(pk=agent_id)
    presence = Presence.objects.filter(agent=agent).first()
    return {
        "agent": agent.pk,
        "state": presence.state if presence else AgentState.OFF.value,
        "since": presence.since.timestamp() if presence else None,
        "reason": (presence.reason or None) if presence else None,
        "call": _summary(presence.call_id) if presence and presence.call_id else None,
        "waiting": _waiting(agent, now),
        "today": _today(agent, now),
        "answer": _answer(agent),
    }


def _summary(call_id: str) -> CallSummary | None:
    call = Call.objects.select_related("client", "programme").filter(pk=call_id).first()
    if call is None:
        return None
    return {
        "id": call.id,
        "client": call.client.name,
        "colour": call.client.colour,
        "programme": call.programme.name,
        "number": call.number,
        "caller": call.caller,
        "arrived_at": call.arrived_at.timestamp(),
        "answered_at": call.answered_at.timestamp() if call.answered_at else None,
    }


def _waiting(agent: Agent, now: datetime) -> WaitingView:
    programmes = certified_programmes(agent, localtime(now).date())
    rows = Waiting.objects.select_related("programme").filter(programme__in=programmes, waiting__gt=0)
    found = list(rows.order_by("programme_id"))
    oldest = [row.oldest_arrived_at.timestamp() for row in found if row.oldest_arrived_at]
    return {
        "count": sum(row.waiting for row in found),
        "oldest_arrived_at": min(oldest, default=None),
        "programmes": [
            {"programme": row.programme_id, "name": row.programme.name, "count": row.waiting} for row in found
        ],
    }


def _today(agent: Agent, now: datetime) -> TodayView:
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = Call.objects.filter(agent=agent, answered_at__gte=midnight)
    handling = Avg(Coalesce("wrap_up_ended_at", "ended_at") - F("answered_at"))
    figures = calls.aggregate(answered=Count("pk"), average=handling)
    average: timedelta | None = figures["average"]
    return {"answered": figures["answered"], "average_s": average.total_seconds() if average else None}


def _answer(agent: Agent) -> AnswerView | None:
    done = DeskRequest.objects.filter(agent=agent, done_at__isnull=False).order_by("-id").first()
    return {"request": done.pk, "refusal": done.refusal or None} if done else None


def call_for_agent(agent: Agent, call_id: str) -> Call:
    """Return a call that rings, talks or is being wrapped up at the agent's desk, or was answered there.

    Raises `Refusal("not_found")` for any other.
    """
    call = Call.objects.select_related("client", "programme").filter(pk=call_id).first()
    at_the_desk = Presence.objects.filter(agent=agent, call_id=call_id).exists()
    if call is None or not (at_the_desk or call.agent_id == agent.pk):
        raise Refusal(
            "not_found",
            ja="この通話は見つからないか、あなたの通話ではありません。",
            en="There is no such call, or it is not yours.",
        )
    return call


def calls_of_client(client: Client, *, using: str = "default") -> QuerySet[Call]:
    """Return a client's calls, newest first; `using` the portal's connection for the client's own eyes."""
    return Call.objects.using(using).filter(client_id=client.pk).order_by("-arrived_at", "pk")


def switchboard_in_charge() -> bool:
    """Tell whether a switchboard is running and in charge, by the lock it holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = 0 AND objid = %s AND objsubid = 1)",
            [SWITCHBOARD_LOCK],
        )
        return bool(cursor.fetchone()[0])
