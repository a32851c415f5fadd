"""The office's first page: what is due today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from madoguchi.web.office.guards import office_only
from madoguchi.web.office.today import today
from madoguchi.web.shared.guards import SignedInRequest


@require_safe
@office_only
def landing(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    template = "office/_today.html" if request.headers.get("HX-Request") else "office/landing.html"
    return render(request, template, {"today": today(at=now), "at": now})
