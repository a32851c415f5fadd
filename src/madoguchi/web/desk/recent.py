"""What lies on the desk between two calls: today's calls of the own, and forms that are not finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from madoguchi.business.calls.models import Call
from madoguchi.business.intake.models import Draft
from madoguchi.business.staff.models import Agent

MOST = 12


@dataclass(frozen=True, slots=True)
class RecentCall:
    """One answered call of today."""

    call: Call
    talked_s: float | None
    """None while it goes on."""
    goods: str
    may_open: bool
    """Whether the call may still be opened: the last one, and those with an unfinished form."""
    is_unfinished: bool


def recent_calls(agent: Agent, *, now: datetime) -> list[RecentCall]:
    """Return today's calls of a communicator and the older ones with unfinished forms, newest first."""
    began = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    unfinished = set(Draft.objects.filter(agent=agent).values_list("call_id", flat=True))
    of_agent = Call.objects.filter(agent=agent).select_related("client", "programme")
    found = of_agent.filter(answered_at__gte=began) | of_agent.filter(id__in=unfinished)
    calls = list(found.order_by("-answered_at").prefetch_related("orders__lines")[:MOST])
    return [
        _recent(call, last=place == 0, unfinished=call.id in unfinished) for place, call in enumerate(calls)
    ]


def _recent(call: Call, *, last: bool, unfinished: bool) -> RecentCall:
    lines = [line for order in call.orders.all() for line in order.lines.all()]
    talked = (
        (call.ended_at - call.answered_at).total_seconds() if call.ended_at and call.answered_at else None
    )
    return RecentCall(
        call=call,
        talked_s=talked,
        goods="、".join(f"{line.product_name} {line.quantity}点" for line in lines),
        may_open=last or unfinished,
        is_unfinished=unfinished,
    )
