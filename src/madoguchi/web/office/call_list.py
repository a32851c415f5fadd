"""The office's list of calls: its filter, its rows, and the figures of each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from madoguchi.business.calls.models import Call, Disposition
from madoguchi.business.clients.models import Client
from madoguchi.business.staff.models import Agent
from madoguchi.web.office.listing import ListForm

NEWEST_FIRST = ("-arrived_at", "pk")


class CallForm(ListForm):
    """Which calls to show."""

    SORTS = {
        "arrived": ("arrived_at",),
        "wait": ("wait",),
        "talk": ("talk",),
        "held": ("held_s",),
        "agent": ("agent__reading", "agent__name"),
        "programme": ("client__reading", "programme__name"),
    }

    client = forms.ModelChoiceField(
        Client.objects.order_by("reading"), label=_("クライアント"), required=False, empty_label=_("すべて")
    )
    agent = forms.ModelChoiceField(
        Agent.objects.order_by("reading"), label=_("応答者"), required=False, empty_label=_("すべて")
    )
    disposition = forms.ChoiceField(
        label=_("結果"),
        required=False,
        choices=[
            ("", _("すべて")),
            (Disposition.ANSWERED, _("応答済み")),
            (Disposition.ABANDONED, _("放棄")),
            (Disposition.LOST, _("回線切断")),
            (Disposition.REJECTED, _("受付不可")),
            (Disposition.IN_PROGRESS, _("進行中")),
        ],
    )

    field_order = ("text", "client", "agent", "disposition", "since", "until")


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as the list shows it; lengths in seconds, None while there is nothing to measure."""

    call: Call
    wait_s: float | None
    talk_s: float | None
    wrap_up_s: float | None

    @property
    def is_recorded(self) -> bool:
        """Whether there is a voice to listen to."""
        return bool(self.call.recording_caller or self.call.recording_agent)

    @property
    def disposition(self) -> Any:
        """What became of it, in words."""
        return OUTCOMES[Disposition(self.call.disposition)]

    @property
    def is_missed(self) -> bool:
        """Whether the caller was not served."""
        return self.call.disposition in (Disposition.ABANDONED, Disposition.LOST, Disposition.REJECTED)


OUTCOMES = {
    Disposition.ANSWERED: _("応答済み"),
    Disposition.ABANDONED: _("放棄"),
    Disposition.LOST: _("回線切断"),
    Disposition.REJECTED: _("受付不可"),
    Disposition.IN_PROGRESS: _("進行中"),
}


def calls_matching(form: CallForm) -> QuerySet[Call]:
    """Return the calls that a valid form asks for, in its order."""
    wished = form.cleaned_data
    calls = Call.objects.select_related("client", "programme", "agent").filter(form.within("arrived_at"))
    for name in ("client", "agent", "disposition"):
        if wished[name]:
            calls = calls.filter(**{name: wished[name]})
    if text := wished["text"].strip():
        calls = calls.filter(_mentions(text))
    return calls.annotate(
        wait=_length("answered_at", "arrived_at"), talk=_length("ended_at", "answered_at")
    ).order_by(*form.order(NEWEST_FIRST))


def row_of(call: Call) -> CallRow:
    """Return a call with its figures: the wait ends with the answer or with the caller's patience."""
    heard_at = call.answered_at or call.ended_at
    return CallRow(
        call=call,
        wait_s=(heard_at - call.arrived_at).total_seconds() if heard_at else None,
        talk_s=_seconds(call.answered_at, call.ended_at),
        wrap_up_s=_seconds(call.ended_at, call.wrap_up_ended_at) if call.answered_at else None,
    )


def _seconds(start: Any, stop: Any) -> float | None:
    return (stop - start).total_seconds() if start and stop else None


def _length(stop: str, start: str) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(F(stop) - F(start), output_field=DurationField())


def _mentions(text: str) -> Q:
    digits = "".join(filter(str.isdecimal, text))
    found = Q(pk=text) | Q(programme__name__icontains=text) | Q(agent__name__icontains=text)
    if digits:
        found |= Q(caller__contains=digits) | Q(number__contains=digits)
    return found
