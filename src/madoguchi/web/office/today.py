"""What is due today, read from the books: deliveries that need a person, callers who were not served, answer rates.

Answer rate (応答率) here is answered calls among all that came to an end or were answered since midnight in
Tokyo; callers who still wait are not counted either way, a call lost after its answer counts as answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, F, Max, Q
from django.utils import timezone

from madoguchi.business.calls.models import Call, Disposition, Waiting
from madoguchi.business.clients.models import Programme
from madoguchi.business.handover.delivery.models import Delivery, State
from madoguchi.web.office.delivery_list import OUTCOME_UNKNOWN
from madoguchi.web.office.listing import start_of

MISSED_AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class ProgrammeToday:
    """One programme's day so far."""

    programme: Programme
    answered: int
    missed: int
    mean_wait_s: float | None
    longest_wait_s: float | None
    waiting: int

    @property
    def offered(self) -> int:
        return self.answered + self.missed

    @property
    def rate(self) -> int | None:
        """Per cent, rounded down so that 84.9 does not look like the 85 that was promised."""
        return 100 * self.answered // self.offered if self.offered else None

    @property
    def is_below(self) -> bool:
        return self.rate is not None and self.rate < self.programme.target_answer_rate


@dataclass(frozen=True, slots=True)
class Today:
    """The landing page's figures."""

    parked: int
    unknown: int
    overdue: int
    lost: int
    abandoned: int
    missed_calls: tuple[Call, ...]
    programmes: tuple[ProgrammeToday, ...]

    @property
    def below(self) -> tuple[ProgrammeToday, ...]:
        """The programmes under their guideline."""
        return tuple(day for day in self.programmes if day.is_below)

    @property
    def is_calm(self) -> bool:
        """Whether nothing waits for a person."""
        return not (self.parked or self.overdue or self.lost or self.below)


def today(*, at: datetime) -> Today:
    """Read the figures of the day that `at` lies in."""
    since = start_of(timezone.localdate(at))
    deliveries = Delivery.objects.aggregate(
        parked=Count("pk", filter=Q(state=State.PARKED)),
        unknown=Count("pk", filter=Q(state=State.PARKED, reason_code=OUTCOME_UNKNOWN)),
        overdue=Count("pk", filter=Q(state=State.DUE, attempts__gte=1)),
    )
    missed = (
        Call.objects.filter(arrived_at__gte=since, disposition__in=(Disposition.LOST, Disposition.ABANDONED))
        .select_related("client", "programme")
        .order_by("-disposition", "-arrived_at")
    )
    by_kind = dict(missed.order_by().values_list("disposition").annotate(count=Count("pk")))
    return Today(
        **deliveries,
        lost=by_kind.get(Disposition.LOST, 0),
        abandoned=by_kind.get(Disposition.ABANDONED, 0),
        missed_calls=tuple(missed[:MISSED_AT_ONCE]),
        programmes=tuple(sorted(programmes_today(since=since), key=_worst_first)),
    )


def programmes_today(*, since: datetime) -> list[ProgrammeToday]:
    """Return every active programme's calls since a moment."""
    answered = Q(answered_at__isnull=False)
    missed = Q(answered_at=None, disposition__in=(Disposition.ABANDONED, Disposition.LOST))
    wait = F("answered_at") - F("arrived_at")
    figures: dict[int, Mapping[str, Any]] = {
        row["programme"]: row
        for row in Call.objects.filter(arrived_at__gte=since)
        .order_by()
        .values("programme")
        .annotate(
            answered=Count("pk", filter=answered),
            missed=Count("pk", filter=missed),
            mean=Avg(wait, filter=answered),
            longest=Max(wait, filter=answered),
        )
    }
    waiting = dict(Waiting.objects.values_list("programme_id", "waiting"))
    programmes = Programme.objects.filter(is_active=True).select_related("client")
    return [
        _day(programme, figures.get(programme.pk, {}), waiting.get(programme.pk, 0))
        for programme in programmes
    ]


def _day(programme: Programme, figures: Mapping[str, Any], waiting: int) -> ProgrammeToday:
    mean, longest = figures.get("mean"), figures.get("longest")
    return ProgrammeToday(
        programme=programme,
        answered=figures.get("answered", 0),
        missed=figures.get("missed", 0),
        mean_wait_s=mean.total_seconds() if mean else None,
        longest_wait_s=longest.total_seconds() if longest else None,
        waiting=waiting,
    )


def _worst_first(day: ProgrammeToday) -> tuple[int, str, str]:
    gap = 1000 if day.rate is None else day.rate - day.programme.target_answer_rate
    return gap, day.programme.client.name, day.programme.name
