"""A client's own orders: the list, one order, and the list as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_safe

from madoguchi.business.accounts.actions import audit
from madoguchi.business.clients.models import Client
from madoguchi.business.intake.models import Order
from madoguchi.kernel.errors import Refusal
from madoguchi.web.portal.connection import PORTAL, for_own_client
from madoguchi.web.portal.listing import ListForm, page_of
from madoguchi.web.portal.order_files import MOST_ORDERS, WRITERS
from madoguchi.web.portal.wording import STATES
from madoguchi.web.shared.guards import SignedInRequest

HERE = "orders"


class OrderForm(ListForm):
    """Which orders to show."""

    state = forms.ChoiceField(
        label=_("納品状況"), required=False, choices=[("", _("すべて")), *STATES.items()]
    )

    field_order = ("text", "state", "since", "until")


@require_safe
@for_own_client
def orders(request: SignedInRequest, client: Client) -> HttpResponse:
    form = OrderForm(request.GET)
    if not form.is_valid():
        return render(
            request, "portal/orders.html", {"form": form, "client": client, "here": HERE}, status=400
        )
    page = page_of(orders_matching(client, form), form)
    return render(request, "portal/orders.html", {"form": form, "client": client, "page": page, "here": HERE})


@require_safe
@for_own_client
def order(request: SignedInRequest, client: Client, order_id: UUID) -> HttpResponse:
    found = get_object_or_404(_orders_of(client), pk=order_id)
    context = {"client": client, "here": HERE, "order": found, "delivery": getattr(found, "delivery", None)}
    return render(request, "portal/order.html", context)


@require_GET
@for_own_client
def export(request: SignedInRequest, client: Client, kind: str) -> HttpResponse:
    """Hand out the filtered orders as a file; a client's own data, and on record."""
    form = OrderForm(request.GET)
    if not form.is_valid() or kind not in WRITERS:
        return HttpResponseBadRequest()
    now = timezone.now()
    found = orders_matching(client, form).prefetch_related("lines")
    count = found.count()
    if count > MOST_ORDERS:
        raise _too_many(count)
    write, content_type = WRITERS[kind]
    content = write(list(found))
    audit(
        at=now,
        user=request.user,
        action="intake.orders_exported",
        object_type="intake.Order",
        object_id="list",
        client_id=client.pk,
        detail={"orders": count, "kind": kind, "days": _days(form)},
    )
    name = f"orders-{client.code}-{timezone.localtime(now):%Y%m%d-%H%M}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def orders_matching(client: Client, form: OrderForm) -> QuerySet[Order]:
    """Return this client's orders that a valid form asks for, the newest first."""
    found = _orders_of(client).filter(form.within("taken_at"))
    if state := form.cleaned_data["state"]:
        found = found.filter(delivery__state=state)
    if text := form.cleaned_data["text"].strip():
        named = Q(name__icontains=text) | Q(kana__icontains=text) | Q(id__istartswith=text)
        found = found.filter(named | Q(phone__contains=form.digits) if form.digits else named)
    return found.order_by("-taken_at", "id")


def _orders_of(client: Client) -> QuerySet[Order]:
    return Order.objects.using(PORTAL).filter(client=client).select_related("programme", "delivery")


def _days(form: OrderForm) -> list[Any]:
    return [day and day.isoformat() for day in (form.cleaned_data["since"], form.cleaned_data["until"])]


def _too_many(count: int) -> Refusal:
    return Refusal(
        "too_many_rows",
        ja=f"{count:,} 件あり、一度に書き出せる {MOST_ORDERS:,} 件を超えています。期間で絞り込んでください。",
        en=f"There are {count:,} orders, more than the {MOST_ORDERS:,} that one file takes. Narrow the days.",
    )
