"""A client's own deliveries: which orders left for it, when, and what its server said."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from madoguchi.business.clients.models import Client
from madoguchi.business.handover.delivery import queries
from madoguchi.web.portal.connection import PORTAL, for_own_client
from madoguchi.web.portal.listing import ROWS, ListForm
from madoguchi.web.portal.wording import STATES
from madoguchi.web.shared.guards import SignedInRequest

HERE = "deliveries"


class DeliveryForm(ListForm):
    """Which deliveries to show."""

    state = forms.ChoiceField(label=_("状態"), required=False, choices=[("", _("すべて")), *STATES.items()])

    field_order = ("text", "state", "since", "until")

    def wished(self, client: Client) -> queries.Filter:
        """Return the filter as the books understand it, for one client only."""
        cleaned = self.cleaned_data
        return queries.Filter(
            state=cleaned["state"],
            text=cleaned["text"],
            from_date=cleaned["since"],
            to_date=cleaned["until"],
            client_ids=(client.pk,),
        )


@require_safe
@for_own_client
def deliveries(request: SignedInRequest, client: Client) -> HttpResponse:
    form = DeliveryForm(request.GET)
    if not form.is_valid():
        return render(
            request, "portal/deliveries.html", {"form": form, "client": client, "here": HERE}, status=400
        )
    page = queries.deliveries(
        form.wished(client), page=form.cleaned_data["page"] or 1, per_page=ROWS, using=PORTAL
    )
    context = {"form": form, "client": client, "page": page, "here": HERE}
    return render(request, "portal/deliveries.html", context)
