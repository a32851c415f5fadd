"""A client's own calls: were they answered, and how long did the customers wait. Never who answered (K7)."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from madoguchi.business.calls.models import Call
from madoguchi.business.clients.models import Client
from madoguchi.web.portal.connection import PORTAL, for_own_client
from madoguchi.web.portal.listing import ListForm, page_of
from madoguchi.web.portal.wording import OUTCOMES
from madoguchi.web.shared.guards import SignedInRequest

HERE = "calls"


class CallForm(ListForm):
    """Which calls to show."""

    disposition = forms.ChoiceField(
        label=_("結果"), required=False, choices=[("", _("すべて")), *OUTCOMES.items()]
    )

    field_order = ("text", "disposition", "since", "until")


@require_safe
@for_own_client
def calls(request: SignedInRequest, client: Client) -> HttpResponse:
    form = CallForm(request.GET)
    if not form.is_valid():
        return render(
            request, "portal/calls.html", {"form": form, "client": client, "here": HERE}, status=400
        )
    page = page_of(calls_matching(client, form), form)
    return render(request, "portal/calls.html", {"form": form, "client": client, "page": page, "here": HERE})


def calls_matching(client: Client, form: CallForm) -> QuerySet[Call]:
    """Return this client's calls that a valid form asks for, the newest first."""
    found = Call.objects.using(PORTAL).filter(form.within("arrived_at"), client=client)
    if disposition := form.cleaned_data["disposition"]:
        found = found.filter(disposition=disposition)
    if text := form.cleaned_data["text"].strip():
        named = Q(programme__name__icontains=text)
        numbered = Q(caller__contains=form.digits) | Q(number__contains=form.digits)
        found = found.filter(named | numbered if form.digits else named)
    return found.select_related("programme").order_by("-arrived_at", "id")
