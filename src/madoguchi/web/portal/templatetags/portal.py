"""What the portal's templates say in their own words."""

from __future__ import annotations

from typing import Any

from django import template

from madoguchi.business.calls.models import Call
from madoguchi.business.handover.delivery.models import Delivery
from madoguchi.business.intake.rules import shown_phone
from madoguchi.web.portal import wording

register = template.Library()

register.filter("phone", shown_phone)


@register.filter
def yen(amount: int) -> str:
    """Write an amount with its thousands apart."""
    return f"{amount:,}"


@register.filter
def seconds(length: float | None) -> str:
    """Write a length as `2:05`; nothing for None."""
    if length is None:
        return ""
    minutes, rest = divmod(round(length), 60)
    return f"{minutes}:{rest:02}"


@register.filter
def outcome(call: Call) -> Any:
    """Say what became of a call."""
    return wording.outcome_of(call)


@register.filter
def delivery_state(delivery: Delivery | None) -> Any:
    """Say where a delivery stands, as the client sees it."""
    return wording.state_of(delivery)


@register.filter
def wait(call: Call) -> str:
    """Say how long a caller waited, to the answer or to the end."""
    heard_at = call.answered_at or call.ended_at
    return seconds((heard_at - call.arrived_at).total_seconds()) if heard_at else ""


@register.filter
def talk(call: Call) -> str:
    """Say how long a call was talked."""
    if call.answered_at is None or call.ended_at is None:
        return ""
    return seconds((call.ended_at - call.answered_at).total_seconds())
