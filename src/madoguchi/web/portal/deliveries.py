"""A client's own deliveries: which orders left for it, when, and what its server said."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from madoguchi.business.clients.models import Client
from madoguchi.business.handover.delivery.models import Delivery
from madoguchi.web.portal.connection import PORTAL, for_own_client
from madoguchi.web.portal.listing import ListForm, page_of
from madoguchi.web.portal.wording import STATES
from madoguchi.web.shared.guards import SignedInRequest

HERE = "deliveries"

SHOWN = (
    "id",
    "state",
    "enqueued_at",
    "delivered_at",
    "receipt",
    "message_id",
    "client_id",
    "order__id",
    "order__name",
    "order__taken_at",
    "order__programme__name",
    "way__recipient",
)
"""Only these columns are asked for: the database refuses the portal's role the password of a way."""


class DeliveryForm(ListForm):
    """Which deliveries to show."""

    state = forms.ChoiceField(label=_("状態"), required=False, choices=[("", _("すべて")), *STATES.items()])

    field_order = ("text", "state", "since", "until")


@require_safe
@for_own_client
def deliveries(request: SignedInRequest, client: Client) -> HttpResponse:
    form = DeliveryForm(request.GET)
    if not form.is_valid():
        return render(
            request, "portal/deliveries.html", {"form": form, "client": client, "here": HERE}, status=400
        )
    page = page_of(deliveries_matching(client, form), form)
    return render(
        request, "portal/deliveries.html", {"form": form, "client": client, "page": page, "here": HERE}
    )


def deliveries_matching(client: Client, form: DeliveryForm) -> QuerySet[Delivery]:
    """Return this client's deliveries that a valid form asks for, the newest first."""
    found = Delivery.objects.using(PORTAL).filter(form.within("enqueued_at"), client=client)
    if state := form.cleaned_data["state"]:
        found = found.filter(state=state)
    if text := form.cleaned_data["text"].strip():
        found = found.filter(
            Q(order__name__icontains=text)
            | Q(order__kana__icontains=text)
            | Q(order__id__istartswith=text)
            | Q(receipt__icontains=text)
        )
    return found.select_related("order__programme", "way").only(*SHOWN).order_by("-enqueued_at", "id")
