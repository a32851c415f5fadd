"""The desk itself: its page, its live state, and what it asks of the switchboard."""

from __future__ import annotations

from typing import cast

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from madoguchi.acd.events import AwayReason
from madoguchi.business.accounts.models import Role, User
from madoguchi.business.calls.actions import ask_switchboard
from madoguchi.switchboard.ports import DeskVerb
from madoguchi.web.desk.access import agent_of
from madoguchi.web.desk.recent import recent_calls
from madoguchi.web.desk.stream import desk_events
from madoguchi.web.desk.telephone import telephone_settings
from madoguchi.web.shared.guards import SignedInRequest, requires_role

CHOSEN_REASONS = (AwayReason.BREAK, AwayReason.WORK, AwayReason.TRAINING)
"""Why a communicator can go away; the other reasons are set by the switchboard."""

LONGEST_CALL_ID = 80

MODULES = tuple(
    f"desk/{name}.js"
    for name in (
        "state", "asks", "keys", "timers", "telephone", "call", "lines", "draft", "addresses",
        "search", "kana", "losses", "stream",
    )
)  # fmt: skip
"""The desk's behaviours, one module each; the stream last, so that all others hear its first word."""


@never_cache
@ensure_csrf_cookie
@require_safe
@requires_role(Role.COMMUNICATOR)
def desk(request: SignedInRequest) -> HttpResponse:
    agent = agent_of(request.user)
    context = {
        "agent": agent,
        "telephone": telephone_settings(request, agent),
        "recent": recent_calls(agent, now=timezone.now()),
        "modules": MODULES,
    }
    return render(request, "desk/desk.html", context)


@require_safe
@requires_role(Role.COMMUNICATOR)
def recent(request: SignedInRequest) -> HttpResponse:
    """Show what lies on the desk between two calls."""
    agent = agent_of(request.user)
    return render(request, "desk/_recent.html", {"recent": recent_calls(agent, now=timezone.now())})


@require_safe
@requires_role(Role.COMMUNICATOR)
async def stream(request: SignedInRequest) -> StreamingHttpResponse:
    user = cast(User, await request.auser())
    agent = await sync_to_async(agent_of)(user)
    response = StreamingHttpResponse(
        desk_events(agent.pk, language=user.language), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


@require_POST
@requires_role(Role.COMMUNICATOR)
def state(request: SignedInRequest) -> HttpResponse:
    """Ask the switchboard for something; 202, since it is done only when the stream shows it."""
    agent = agent_of(request.user)
    try:
        verb = DeskVerb(request.POST.get("verb", ""))
        reason = AwayReason(request.POST["reason"]) if verb == DeskVerb.AWAY else None
    except (KeyError, ValueError):
        return HttpResponseBadRequest()
    if reason is not None and reason not in CHOSEN_REASONS:
        return HttpResponseBadRequest()
    call_id = request.POST.get("call") or None
    if call_id is not None and len(call_id) > LONGEST_CALL_ID:
        return HttpResponseBadRequest()
    asked = ask_switchboard(agent=agent, verb=verb, call_id=call_id, reason=reason, at=timezone.now())
    return JsonResponse({"request": asked.pk}, status=202)
