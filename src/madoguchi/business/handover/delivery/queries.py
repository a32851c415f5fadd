"""What the delivery page shows. The caller says whose: `client_ids` None is the centre's own people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet

from madoguchi.kernel.errors import Refusal

from .models import Attempt, Delivery, State

JAPAN = ZoneInfo("Asia/Tokyo")

#: What the page may sort by, and the column for it; a leading "-" turns it round.
SORTS = {
    "enqueued_at": "enqueued_at",
    "delivered_at": "delivered_at",
    "client": "client__name",
    "customer": "order__kana",
    "state": "state",
    "attempts": "attempts",
    "total": "order__total_yen",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the deliveries to show."""

    state: str = ""
    client_id: int | None = None
    text: str = ""
    """In name, kana, phone number, order number, receipt or recipient."""
    from_date: date | None = None
    to_date: date | None = None
    """Days in Japan on which the order was taken, the last one included."""
    client_ids: Collection[int] | None = None
    """The clients whose deliveries the reader may see; None: all."""


def deliveries(
    chosen: Filter, *, sort: str = "-enqueued_at", page: int = 1, per_page: int = 50
) -> Page[Delivery]:
    """Return one page of deliveries; an unknown sort is the newest first, a page too far is the last."""
    found = _narrowed(chosen)
    if chosen.state:
        found = found.filter(state=chosen.state)
    column = SORTS.get(sort.removeprefix("-"))
    order = [("-" if sort.startswith("-") else "") + column] if column else ["-enqueued_at"]
    rows = found.select_related("client", "order__programme", "way").order_by(*order, "id")
    return Paginator(rows, per_page).get_page(page)


def counts(chosen: Filter) -> dict[str, int]:
    """Return how many deliveries are in each state, the filter's state left out."""
    rows = _narrowed(chosen).order_by().values_list("state").annotate(number=Count("pk"))
    found: dict[str, int] = dict(rows)
    return {state: found.get(state, 0) for state in State.values}


def delivery(delivery_id: UUID | str, *, client_ids: Collection[int] | None = None) -> Delivery:
    """Return one delivery with its order's lines and its attempts (`tries`, oldest first). Raise `Refusal`."""
    rows = _allowed(client_ids).select_related(
        "client", "order__programme", "order__customer", "order__taken_by", "way"
    )
    rows = rows.prefetch_related("order__lines", Prefetch("tries", Attempt.objects.order_by("pk")))
    try:
        found = rows.filter(pk=delivery_id).first()
    except ValidationError:
        found = None
    if found is None:
        raise Refusal(
            "not_found",
            ja="この納品は見つかりません。一覧に戻って選び直してください。",
            en="There is no such delivery. Go back to the list and choose again.",
        )
    return found


def _allowed(client_ids: Collection[int] | None) -> QuerySet[Delivery]:
    return Delivery.objects.all() if client_ids is None else Delivery.objects.filter(client_id__in=client_ids)


def _narrowed(chosen: Filter) -> QuerySet[Delivery]:
    found = _allowed(chosen.client_ids)
    if chosen.client_id is not None:
        found = found.filter(client_id=chosen.client_id)
    if chosen.from_date is not None:
        found = found.filter(order__taken_at__gte=_midnight(chosen.from_date))
    if chosen.to_date is not None:
        found = found.filter(order__taken_at__lt=_midnight(chosen.to_date + timedelta(days=1)))
    for word in chosen.text.split():
        found = found.filter(_holds(word))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)


def _holds(word: str) -> Q:
    digits = "".join(character for character in word if character not in "-‐‑–—−ー()")
    return (
        Q(order__name__icontains=word)
        | Q(order__kana__icontains=word)
        | Q(order__phone__contains=digits)
        | Q(order_id__icontains=word)
        | Q(receipt__icontains=word)
        | Q(way__recipient__icontains=word)
    )
