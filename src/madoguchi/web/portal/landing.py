"""The client's first page: were my calls answered, and where are my orders?

Answer rate (応答率): answered calls among all answered, abandoned and lost ones; callers who still wait are not
counted. The week is today and the six days before it, in Tokyo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from madoguchi.business.calls.models import Disposition
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.handover.delivery.models import Delivery, State
from madoguchi.business.intake.models import Order
from madoguchi.web.portal.connection import PORTAL, for_own_client
from madoguchi.web.portal.listing import start_of
from madoguchi.web.shared.guards import SignedInRequest

WEEK = timedelta(days=6)
NEWEST = 8


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """One programme's calls in a stretch of time."""

    name: str
    target: int
    answered: int
    missed: int
    mean_wait_s: float | None

    @property
    def offered(self) -> int:
        return self.answered + self.missed

    @property
    def rate(self) -> int | None:
        """Per cent, rounded down."""
        return 100 * self.answered // self.offered if self.offered else None

    @property
    def is_below(self) -> bool:
        return self.rate is not None and self.rate < self.target


@require_safe
@for_own_client
def landing(request: SignedInRequest, client: Client) -> HttpResponse:
    now = timezone.now()
    day = timezone.localdate(now)
    orders = Order.objects.using(PORTAL).filter(client=client)
    context = {
        "client": client,
        "here": "landing",
        "at": now,
        "week_since": day - WEEK,
        "today": figures(client, since=start_of(day)),
        "week": figures(client, since=start_of(day - WEEK)),
        "orders": orders_since(client, since=start_of(day)),
        "deliveries": delivery_counts(client),
        "newest": list(orders.select_related("programme", "delivery").order_by("-taken_at", "id")[:NEWEST]),
    }
    return render(request, "portal/landing.html", context)


def figures(client: Client, *, since: datetime) -> list[ProgrammeFigures]:
    """Return the calls of each of the client's programmes since a moment."""
    answered = Q(calls__answered_at__isnull=False)
    missed = Q(calls__answered_at=None, calls__disposition__in=(Disposition.ABANDONED, Disposition.LOST))
    lately = Q(calls__arrived_at__gte=since)
    wait = F("calls__answered_at") - F("calls__arrived_at")
    programmes = (
        Programme.objects.using(PORTAL)
        .filter(client=client, is_active=True)
        .annotate(
            answered=Count("calls", filter=lately & answered),
            missed=Count("calls", filter=lately & missed),
            mean=Avg(wait, filter=lately & answered),
        )
        .order_by("name")
    )
    return [
        ProgrammeFigures(
            name=programme.name,
            target=programme.target_answer_rate,
            answered=programme.answered,
            missed=programme.missed,
            mean_wait_s=programme.mean.total_seconds() if programme.mean else None,
        )
        for programme in programmes
    ]


def orders_since(client: Client, *, since: datetime) -> int:
    return Order.objects.using(PORTAL).filter(client=client, taken_at__gte=since).count()


def delivery_counts(client: Client) -> dict[str, int]:
    """Return how many of the client's deliveries are in each state."""
    rows = (
        Delivery.objects.using(PORTAL).filter(client=client).values_list("state").annotate(count=Count("pk"))
    )
    return dict.fromkeys(State.values, 0) | dict(rows.order_by())
