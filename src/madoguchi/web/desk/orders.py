"""The order form of a call: fill in, keep unfinished, work out, save, and see it leave."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.business.accounts.models import Role
from madoguchi.business.calls.models import Call
from madoguchi.business.intake.actions import place_order, read_draft, save_draft
from madoguchi.business.intake.queries import address_choices, customers_by_phone, offered_products
from madoguchi.business.intake.rules import PREFECTURES, OrderRefused
from madoguchi.business.staff.models import Agent
from madoguchi.kernel.errors import Refusal
from madoguchi.web.desk.access import access_call, agent_of
from madoguchi.web.desk.callers import known_callers
from madoguchi.web.desk.order_form import TypedLine, TypedOrder, blank_order, draft_data, typed_order
from madoguchi.web.desk.receipts import receipts_of_call
from madoguchi.web.desk.terms import terms_of
from madoguchi.web.shared.guards import SignedInRequest, requires_role

POSTAL_DIGITS = 7


@require_http_methods(["GET", "HEAD", "POST"])
@requires_role(Role.COMMUNICATOR)
def order(request: SignedInRequest, call_id: str) -> HttpResponse:
    agent = agent_of(request.user)
    call = access_call(agent, call_id)
    if request.method == "POST":
        return _save(request, agent, call)
    chosen = request.GET.get("customer", "")
    return _form(request, call, opened_order(agent, call, chosen=chosen))


@require_POST
@requires_role(Role.COMMUNICATOR)
def draft(request: SignedInRequest, call_id: str) -> HttpResponse:
    agent = agent_of(request.user)
    call = access_call(agent, call_id)
    data = draft_data(request.POST)
    save_draft(agent=agent, programme=call.programme, call_id=call.id, data=data, at=timezone.now())
    return HttpResponse(status=204)


@require_POST
@requires_role(Role.COMMUNICATOR)
def total(request: SignedInRequest, call_id: str) -> HttpResponse:
    """Answer with the terms as they stand, for the form that is being filled in."""
    call = access_call(agent_of(request.user), call_id)
    typed = typed_order(request.POST)
    terms = terms_of(typed, offered=offered_products(call.programme), now=timezone.now())
    return render(request, "desk/_terms.html", {"call": call, "typed": typed, "terms": terms})


@require_safe
@requires_role(Role.COMMUNICATOR)
def receipt(request: SignedInRequest, call_id: str) -> HttpResponse:
    call = access_call(agent_of(request.user), call_id)
    return render(request, "desk/_receipts.html", {"call": call, "receipts": receipts_of_call(call)})


@require_safe
@requires_role(Role.COMMUNICATOR)
def addresses(request: SignedInRequest) -> HttpResponse:
    """Answer with the places that a postal code can mean, for a person to choose from; none while it is short."""
    typed = request.GET.get("postal_code", "")
    if sum(character.isdecimal() for character in typed) < POSTAL_DIGITS:
        return HttpResponse()
    try:
        choices = address_choices(typed)
    except Refusal as refusal:
        return render(
            request, "desk/_addresses.html", {"refusal": refusal.text(request.LANGUAGE_CODE or "ja")}
        )
    return render(request, "desk/_addresses.html", {"choices": choices})


def opened_order(agent: Agent, call: Call, *, chosen: str = "") -> TypedOrder:
    """Return the form to show: the chosen customer's, else the unfinished one, else a fresh one.

    A fresh one is filled with the customer when exactly one of this client has the caller's number.
    """
    if not chosen:
        kept = read_draft(agent=agent, programme=call.programme, call_id=call.id)
        if kept is not None:
            return typed_order(kept)
    customers = customers_by_phone(call.client, call.caller)
    if chosen == "new":
        return blank_order(phone=call.caller)
    picked = [customer for customer in customers if not chosen or str(customer.pk) == chosen]
    return blank_order(phone=call.caller, customer=picked[0] if len(picked) == 1 else None)


def order_context(call: Call, typed: TypedOrder, *, now: datetime) -> dict[str, object]:
    """Return what the form's template needs."""
    offered = offered_products(call.programme)
    return {
        "call": call,
        "typed": typed,
        "blank_line": TypedLine(),
        "products": list(offered.values()),
        "prefectures": PREFECTURES,
        "callers": known_callers(customers_by_phone(call.client, call.caller)),
        "terms": terms_of(typed, offered=offered, now=now),
    }


def _form(request: SignedInRequest, call: Call, typed: TypedOrder, *, status: int = 200) -> HttpResponse:
    return render(request, "desk/_order.html", order_context(call, typed, now=timezone.now()), status=status)


def _save(request: SignedInRequest, agent: Agent, call: Call) -> HttpResponse:
    now = timezone.now()
    typed = typed_order(request.POST)
    terms = terms_of(typed, offered=offered_products(call.programme), now=now)
    form = typed.as_order_form(read_back_at=terms.marked_at)
    try:
        place_order(
            by=request.user, agent=agent, programme=call.programme, call_id=call.id, form=form, at=now
        )
    except OrderRefused as refused:
        return _form(request, call, typed.with_refusals(refused.refusals), status=422)
    except Refusal as refusal:
        return _form(request, call, typed.with_refusals([refusal]), status=422)
    return render(request, "desk/_saved.html", {"call": call, "receipts": receipts_of_call(call)})
