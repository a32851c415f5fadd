"""The list of deliveries: its filter, and its rows with the customer masked."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madoguchi.business.clients.models import Client
from madoguchi.business.handover.delivery.models import Delivery, State
from madoguchi.business.handover.delivery.queries import SORTS, Filter
from madoguchi.web.office.listing import ListForm
from madoguchi.web.office.masks import masked_name, masked_phone

STATES = {
    State.PARKED: _("要確認"),
    State.DUE: _("送信待ち"),
    State.SENDING: _("送信中"),
    State.DELIVERED: _("納品済み"),
}
"""In the order of the attention they need."""

OUTCOME_UNKNOWN = "outcome_unknown"


class DeliveryForm(ListForm):
    """Which deliveries to show."""

    SORTS = {name: (column,) for name, column in SORTS.items()}

    state = forms.ChoiceField(
        label=_("状態"),
        required=False,
        choices=[("", _("すべて")), *((key, word) for key, word in STATES.items())],
    )
    client = forms.ModelChoiceField(
        Client.objects.order_by("reading"), label=_("クライアント"), required=False, empty_label=_("すべて")
    )

    field_order = ("text", "state", "client", "since", "until")

    def wished(self) -> Filter:
        """Return the filter as the books understand it; the office sees every client."""
        cleaned = self.cleaned_data
        return Filter(
            state=cleaned["state"],
            client_id=cleaned["client"].pk if cleaned["client"] else None,
            text=cleaned["text"],
            from_date=cleaned["since"],
            to_date=cleaned["until"],
        )


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery as this counter shows it."""

    delivery: Delivery

    @property
    def state(self) -> object:
        """Where it stands, in words."""
        return STATES[State(self.delivery.state)]

    @property
    def name(self) -> str:
        return masked_name(self.delivery.order.name)

    @property
    def phone(self) -> str:
        return masked_phone(self.delivery.order.phone)

    @property
    def order_number(self) -> str:
        """The beginning of the order's number: enough to tell it on the telephone."""
        return str(self.delivery.order_id)[:8]

    @property
    def reason(self) -> str:
        """Why it is parked or put off, in the reader's language."""
        return self.delivery.reason(get_language() or "ja")

    @property
    def is_parked(self) -> bool:
        return self.delivery.state == State.PARKED

    @property
    def is_unknown(self) -> bool:
        """Whether nobody knows if it arrived: only a person may settle that."""
        return self.is_parked and self.delivery.reason_code == OUTCOME_UNKNOWN
