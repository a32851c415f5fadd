"""The list of calls, one call, and its recording (requirements Y3, K10)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madoguchi.business.calls.models import Call
from madoguchi.web.office.call_list import CallForm, calls_matching, row_of
from madoguchi.web.office.guards import office_only
from madoguchi.web.office.listing import page_of
from madoguchi.web.shared.guards import SignedInRequest


@require_safe
@office_only
def calls(request: SignedInRequest) -> HttpResponse:
    form = CallForm(request.GET)
    if not form.is_valid():
        return render(request, "office/calls.html", {"form": form}, status=400)
    page = page_of(calls_matching(form), form)
    context = {"form": form, "page": page, "rows": [row_of(call) for call in page]}
    return render(request, "office/calls.html", context)


@require_safe
@office_only
def call(request: SignedInRequest, call_id: str) -> HttpResponse:
    found = get_object_or_404(Call.objects.select_related("client", "programme", "agent"), pk=call_id)
    context = {"row": row_of(found), "call": found, "holds": found.hold_spans.order_by("began_at")}
    return render(request, "office/call.html", context)
