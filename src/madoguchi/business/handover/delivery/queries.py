"""What the delivery pages show.

The caller says whose: `client_ids` None is for the centre's own people. The portal asks with
`using=clients.access.PORTAL`, inside `portal_of`; its database role may read neither the attempts nor the
files' passwords, and so no query here asks for a password at all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import jaconv
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Count, Q, QuerySet
from django.db.models.functions import Cast

from madoguchi.kernel.errors import Refusal

from .models import Attempt, Delivery, State

JAPAN = ZoneInfo("Asia/Tokyo")

_HYPHENS = dict.fromkeys(map(ord, "-‐‑‒–—―−ー()"))

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
    chosen: Filter,
    *,
    sort: str = "-enqueued_at",
    page: int = 1,
    per_page: int = 50,
    using: str = DEFAULT_DB_ALIAS,
) -> Page[Delivery]:
    """Return one page of deliveries; an unknown sort is the newest first, a page too far is the last."""
    found = _narrowed(chosen, using)
    if chosen.state:
        found = found.filter(state=chosen.state)
    column = SORTS.get(sort.removeprefix("-"))
    order = [("-" if sort.startswith("-") else "") + column] if column else ["-enqueued_at"]
    rows = found.select_related("client", "order__programme", "way").order_by(*order, "id")
    return Paginator(rows.defer("way__password_encrypted"), per_page).get_page(page)


def counts(chosen: Filter, *, using: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """Return how many deliveries are in each state, the filter's state left out."""
    rows = _narrowed(chosen, using).order_by().values_list("state").annotate(number=Count("pk"))
    found: dict[str, int] = dict(rows)
    return {state: found.get(state, 0) for state in State.values}


def delivery(
    delivery_id: UUID | str, *, client_ids: Collection[int] | None = None, using: str = DEFAULT_DB_ALIAS
) -> Delivery:
    """Return one delivery with its order's lines. Raise `Refusal` when the reader has none of that id."""
    rows = _allowed(client_ids, using).select_related("client", "order__programme", "order__customer", "way")
    rows = rows.defer("way__password_encrypted").prefetch_related("order__lines")
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


def attempts_of(delivery: Delivery) -> list[Attempt]:
    """Return every attempt at a delivery, the first one first; for the centre's own people."""
    return list(Attempt.objects.filter(delivery=delivery).order_by("pk"))


def _allowed(client_ids: Collection[int] | None, using: str) -> QuerySet[Delivery]:
    rows = Delivery.objects.using(using)
    return rows if client_ids is None else rows.filter(client_id__in=client_ids)


def _narrowed(chosen: Filter, using: str) -> QuerySet[Delivery]:
    found = _allowed(chosen.client_ids, using)
    if chosen.client_id is not None:
        found = found.filter(client_id=chosen.client_id)
    if chosen.from_date is not None:
        found = found.filter(order__taken_at__gte=_midnight(chosen.from_date))
    if chosen.to_date is not None:
        found = found.filter(order__taken_at__lt=_midnight(chosen.to_date + timedelta(days=1)))
    if words := chosen.text.split():
        found = found.annotate(number=Cast("order_id", CharField()))
    for word in words:
        found = found.filter(_holds(word))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)


def _holds(word: str) -> Q:
    # Names are looked for as typed: NFKC would change the very kanji that a family insists on.
    plain = unicodedata.normalize("NFKC", word)
    found = (
        Q(order__name__icontains=word)
        | Q(order__kana__icontains=jaconv.hira2kata(plain))
        | Q(number__icontains=plain)
        | Q(receipt__icontains=word)
        | Q(way__recipient__icontains=plain)
    )
    digits = plain.translate(_HYPHENS)
    return found | Q(order__phone__contains=digits) if digits.isdecimal() else found
