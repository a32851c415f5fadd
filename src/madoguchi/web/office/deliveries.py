"""The list of deliveries, one delivery, and what a person may do about it (requirements D1 to D4)."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from madoguchi.business.accounts.actions import audit
from madoguchi.business.handover.delivery import actions, queries
from madoguchi.business.handover.delivery.models import State
from madoguchi.kernel.errors import Refusal
from madoguchi.web.office.delivery_export import CONTENT_TYPE, MOST_ROWS, deliveries_sheet
from madoguchi.web.office.delivery_list import STATES, DeliveryForm, DeliveryRow
from madoguchi.web.office.guards import office_only
from madoguchi.web.office.listing import ROWS
from madoguchi.web.shared.guards import SignedInRequest

PARKED_AT_ONCE = 20
NEWEST_FIRST = "-enqueued_at"


class ArrivalForm(forms.Form):
    """Who was asked whether a delivery arrived, and what they said."""

    note = forms.CharField(max_length=400, required=False, label=_("確認した内容"))


@require_safe
@office_only
def deliveries(request: SignedInRequest) -> HttpResponse:
    """Show the list; for htmx only its living part."""
    form = DeliveryForm(request.GET)
    if not form.is_valid():
        return render(request, "office/deliveries.html", {"form": form}, status=400)
    wished = form.wished()
    page = queries.deliveries(
        wished,
        sort=form.cleaned_data["sort"] or NEWEST_FIRST,
        page=form.cleaned_data["page"] or 1,
        per_page=ROWS,
    )
    counts = queries.counts(wished)
    context = {
        "form": form,
        "page": page,
        "rows": [DeliveryRow(delivery) for delivery in page],
        "parked": _parked(form) if counts[State.PARKED] else [],
        "parked_count": counts[State.PARKED],
        "states": [(state, word, counts[state]) for state, word in STATES.items()],
        "total": sum(counts.values()),
        "at": timezone.now(),
    }
    template = "office/_deliveries.html" if request.headers.get("HX-Request") else "office/deliveries.html"
    return render(request, template, context)


def _parked(form: DeliveryForm) -> list[DeliveryRow]:
    """Return what needs a person first, unless the list itself shows nothing else or something else."""
    wished = form.wished()
    if wished.state or (form.cleaned_data["page"] or 1) > 1:
        return []
    chosen = queries.Filter(
        state=State.PARKED,
        client_id=wished.client_id,
        text=wished.text,
        from_date=wished.from_date,
        to_date=wished.to_date,
    )
    parked = queries.deliveries(chosen, sort="enqueued_at", per_page=PARKED_AT_ONCE)
    return [DeliveryRow(delivery) for delivery in parked]


@require_safe
@office_only
def delivery(request: SignedInRequest, delivery_id: UUID) -> HttpResponse:
    return _one(request, delivery_id)


def _one(request: SignedInRequest, delivery_id: UUID, *, refusal: Refusal | None = None) -> HttpResponse:
    found = queries.delivery(delivery_id)
    context = {
        "row": DeliveryRow(found),
        "delivery": found,
        "attempts": queries.attempts_of(found),
        "note": request.POST.get("note", ""),
        "refusal": refusal.text(get_language() or "ja") if refusal else "",
    }
    return render(request, "office/delivery.html", context, status=422 if refusal else 200)


@require_POST
@office_only
def resend(request: SignedInRequest, delivery_id: UUID) -> HttpResponse:
    actions.resend(queries.delivery(delivery_id), by=request.user, at=timezone.now())
    return redirect("office:delivery", delivery_id)


@require_POST
@office_only
def arrived(request: SignedInRequest, delivery_id: UUID) -> HttpResponse:
    """Note that the client was asked and has it."""
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    note = form.cleaned_data["note"]
    try:
        actions.mark_delivered(queries.delivery(delivery_id), by=request.user, at=timezone.now(), note=note)
    except Refusal as refusal:
        if refusal.field != "note":
            raise
        return _one(request, delivery_id, refusal=refusal)
    return redirect("office:delivery", delivery_id)


@require_GET
@office_only
def export(request: SignedInRequest) -> HttpResponse:
    """Hand out the filtered list as an Excel file, customers masked as on the page."""
    form = DeliveryForm(request.GET)
    if not form.is_valid():
        return HttpResponseBadRequest()
    wished = form.wished()
    now = timezone.now()
    found = queries.deliveries(wished, sort=form.cleaned_data["sort"] or NEWEST_FIRST, per_page=MOST_ROWS)
    if found.paginator.count > MOST_ROWS:
        raise _too_many(found.paginator.count)
    rows = [DeliveryRow(delivery) for delivery in found]
    audit(
        at=now,
        user=request.user,
        action="delivery.list_exported",
        object_type="delivery.Delivery",
        object_id="list",
        client_id=wished.client_id,
        detail={"rows": len(rows), "state": wished.state, "searched": bool(wished.text)},
    )
    name = f"deliveries-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(deliveries_sheet(rows), content_type=CONTENT_TYPE, headers=headers)


def _too_many(count: int) -> Refusal:
    return Refusal(
        "too_many_rows",
        ja=f"{count:,} 件あり、一度に書き出せる {MOST_ROWS:,} 件を超えています。期間かクライアントで絞り込んでください。",
        en=f"There are {count:,} rows, more than the {MOST_ROWS:,} that one file takes. Narrow the days or the client.",
    )
