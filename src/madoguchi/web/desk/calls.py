"""The screen of one call: whose line it is, what to say, who may be calling, what to write."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from madoguchi.business.accounts.models import Role
from madoguchi.business.intake.actions import read_draft
from madoguchi.web.desk.access import access_call, agent_of
from madoguchi.web.desk.orders import opened_order, order_context
from madoguchi.web.desk.receipts import receipts_of_call
from madoguchi.web.shared.guards import SignedInRequest, requires_role


@require_safe
@requires_role(Role.COMMUNICATOR)
def call(request: SignedInRequest, call_id: str) -> HttpResponse:
    """Show the call on the desk (the screen pop)."""
    agent = agent_of(request.user)
    call = access_call(agent, call_id)
    receipts = receipts_of_call(call)
    unfinished = read_draft(agent=agent, programme=call.programme, call_id=call.id) is not None
    context = order_context(call, opened_order(agent, call), now=timezone.now()) | {
        "receipts": receipts,
        "order_is_closed": bool(receipts.rows) and not unfinished,
    }
    return render(request, "desk/_call.html", context)
