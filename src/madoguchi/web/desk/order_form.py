"""The order form between page and books: what was typed, read and shown again as it was typed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.utils import translation
from django.utils.dateparse import parse_datetime

from madoguchi.business.intake.models import Customer
from madoguchi.business.intake.rules import LineForm, OrderForm
from madoguchi.kernel.errors import Refusal

TEXTS = (
    "name", "kana", "phone", "postal_code", "prefecture", "city", "town", "street", "building", "note",
)  # fmt: skip
KEPT = (*TEXTS, "token", "customer_id", "read_back", "read_back_at", "read_back_of")

_LINE = re.compile(r"lines-(\d{1,3})-(?:product|quantity)")


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One row of the form as typed; `error` stands beside it."""

    product: str = ""
    quantity: str = "1"
    error: str = ""


@dataclass(frozen=True, slots=True)
class TypedOrder:
    """The whole form as typed, with what is wrong beside each field."""

    token: str
    texts: Mapping[str, str]
    lines: tuple[TypedLine, ...] = ()
    customer_id: str = ""
    read_back: bool = False
    read_back_at: str = ""
    """When the terms were marked as read back (ISO 8601, our clock)."""
    read_back_of: str = ""
    """Which terms those were: other terms need another read-back."""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def filled_lines(self) -> tuple[TypedLine, ...]:
        """The rows in which a product was chosen; a row without one is no order."""
        return tuple(line for line in self.lines if line.product)

    def as_order_form(self, *, read_back_at: datetime | None) -> OrderForm:
        """Return the form as the books take it."""
        lines = tuple(LineForm(_number(line.product), line.quantity) for line in self.filled_lines)
        return OrderForm(
            token=_token(self.token),
            lines=lines,
            read_back_at=read_back_at,
            customer_id=_number(self.customer_id),
            **self.texts,
        )

    def with_refusals(self, refusals: Iterable[Refusal]) -> TypedOrder:
        """Return the form with each refusal beside its field; several at one field are read one after the other."""
        language = translation.get_language() or "ja"
        errors: dict[str, str] = {}
        for refusal in refusals:
            place = refusal.field or "form"
            errors[place] = " ".join(filter(None, [errors.get(place), refusal.text(language)]))
        lines = tuple(
            replace(line, error=_line_error(errors, index)) for index, line in enumerate(self.filled_lines)
        )
        return replace(self, lines=lines, errors=errors)


def blank_order(*, phone: str = "", customer: Customer | None = None) -> TypedOrder:
    """Return a fresh form, filled with what is known of the customer, else with the caller's number."""
    texts = dict.fromkeys(TEXTS, "")
    texts["phone"] = phone
    if customer is not None:
        texts |= {name: getattr(customer, name) for name in TEXTS if name != "note"}
    customer_id = str(customer.pk) if customer is not None else ""
    return TypedOrder(token=str(uuid.uuid4()), texts=texts, lines=(TypedLine(),), customer_id=customer_id)


def typed_order(data: Mapping[str, Any]) -> TypedOrder:
    """Read a posted form or a kept draft."""
    numbers = sorted({int(found[1]) for key in data if (found := _LINE.fullmatch(key))})
    lines = tuple(
        TypedLine(str(data.get(f"lines-{n}-product", "")), str(data.get(f"lines-{n}-quantity", "")))
        for n in numbers
    )
    return TypedOrder(
        token=str(data.get("token", "")),
        texts={name: str(data.get(name, "")) for name in TEXTS},
        lines=lines or (TypedLine(),),
        customer_id=str(data.get("customer_id", "")),
        read_back=bool(data.get("read_back")),
        read_back_at=str(data.get("read_back_at", "")),
        read_back_of=str(data.get("read_back_of", "")),
    )


def draft_data(data: Mapping[str, Any]) -> dict[str, str]:
    """Return of a posted form what a draft keeps: the form's own fields and nothing else."""
    return {key: str(data[key]) for key in data if key in KEPT or _LINE.fullmatch(key)}


def marked_at(typed: TypedOrder, *, terms: str, now: datetime) -> datetime | None:
    """Return when these very terms were marked as read back, or None (requirement K2)."""
    if not typed.read_back:
        return None
    if typed.read_back_of != terms:
        return now if not typed.read_back_of else None
    at = parse_datetime(typed.read_back_at) if typed.read_back_at else now
    return min(at, now) if at is not None and at.tzinfo is not None else now


def _line_error(errors: Mapping[str, str], index: int) -> str:
    found = (errors.get(f"lines-{index}-{part}") for part in ("product", "quantity"))
    return " ".join(filter(None, found))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _token(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise SuspiciousOperation("The order form carries no token.") from None
