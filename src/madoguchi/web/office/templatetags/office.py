"""What the office's templates say in their own words: lengths, telephone numbers, sorted heads, the counter's nav."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from madoguchi.business.handover.delivery.models import Attempt, Outcome, Phase
from madoguchi.business.intake.rules import shown_phone
from madoguchi.web.office.guards import OFFICE
from madoguchi.web.office.lengths import minutes_and_seconds

register = template.Library()

register.filter("length_of", minutes_and_seconds)
register.filter("phone", shown_phone)


OUTCOMES = {
    Outcome.DELIVERED: _("納品済み"),
    Outcome.PUT_OFF: _("再送待ち"),
    Outcome.REFUSED: _("失敗"),
    Outcome.UNKNOWN: _("結果不明"),
    Outcome.ABANDONED: _("中断"),
}
PHASES = {Phase.PREPARING: _("準備中"), Phase.COMMITTING: _("送信確定中")}


@register.filter
def yen(amount: int) -> str:
    """Write an amount with its thousands apart."""
    return f"{amount:,}"


@register.filter
def outcome(attempt: Attempt) -> Any:
    """Say what became of an attempt, or how far it is."""
    return OUTCOMES[Outcome(attempt.outcome)] if attempt.outcome else PHASES.get(Phase(attempt.phase), "")


@register.inclusion_tag("office/_nav.html", takes_context=True)
def office_nav(context: dict[str, Any], here: str) -> dict[str, Any]:
    """Show where the person can go at this counter; the demo's tools in the demo only."""
    role = getattr(context["request"].user, "role", None)
    return {"here": here, "is_demo": settings.MADOGUCHI_DEMO, "is_office": role in OFFICE, "role": role}


@register.inclusion_tag("office/_sort_head.html", takes_context=True)
def sort_head(context: dict[str, Any], name: str, word: str, css: str = "") -> dict[str, Any]:
    """Show a column's head as a link that sorts by it, and turns the order when it is followed again."""
    asked: QueryDict = context["request"].GET
    now = asked.get("sort", "")
    wished = asked.copy()
    wished.pop("page", None)
    wished["sort"] = f"-{name}" if now == name else name
    direction = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    return {
        "word": word,
        "address": f"?{wished.urlencode()}",
        "direction": direction,
        "css": css,
        "name": name,
    }
