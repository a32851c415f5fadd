"""What a client is told of a call and of a delivery: what it means for the client, not what we do about it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from madoguchi.business.calls.models import Call, Disposition
from madoguchi.business.handover.delivery.models import Delivery, State

OUTCOMES = {
    Disposition.ANSWERED: _("応答済み"),
    Disposition.ABANDONED: _("応答前に切れました"),
    Disposition.LOST: _("回線切断"),
    Disposition.REJECTED: _("受付不可"),
    Disposition.IN_PROGRESS: _("進行中"),
}

STATES = {
    State.DUE: _("送信待ち"),
    State.SENDING: _("送信中"),
    State.DELIVERED: _("納品済み"),
    State.PARKED: _("当センターで確認中"),
}


def outcome_of(call: Call) -> object:
    return OUTCOMES[Disposition(call.disposition)]


def state_of(delivery: Delivery | None) -> object:
    return STATES[State(delivery.state)] if delivery else _("送信待ち")
