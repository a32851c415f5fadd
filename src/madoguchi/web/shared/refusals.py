"""How a refusal of the house reaches a person: a page for a page, JSON for a script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation

from madoguchi.kernel.errors import Refusal, Trouble

STATUS = {"not_found": 404, "forbidden": 403}


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a request that the house refuses: 404 and 403 as named, 503 for trouble outside, else 409."""
    status = STATUS.get(refusal.code, 503 if isinstance(refusal, Trouble) else 409)
    if not wants_page(request):
        return JsonResponse({"refusal": refusal_body(refusal)}, status=status)
    context = {"status": status, "ja": refusal.ja, "en": refusal.en}
    return render(request, "shared/refusal.html", context, status=status)


def refusal_body(refusal: Refusal) -> dict[str, str | None]:
    """Return a refusal as scripts read it (`notices.js`)."""
    text = refusal.text(translation.get_language() or "ja")
    return {"code": refusal.code, "text": text, "field": refusal.field}


def wants_page(request: HttpRequest) -> bool:
    """Return whether the answer is looked at by a person as a whole page, not by htmx or a script."""
    if request.headers.get("HX-Request") == "true":
        return False
    return request.accepts("text/html") and "text/event-stream" not in request.headers.get("Accept", "")
