"""The terms of an order as they stand now: its total, the tax in it, and the sentence to read back (K2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from madoguchi.business.intake.rules import CheckedLine, LineForm, Offered, TaxShare, tax_shares
from madoguchi.business.intake.rules.forms import checked_line
from madoguchi.kernel.errors import Refusal
from madoguchi.web.desk.order_form import TypedOrder, marked_at


@dataclass(frozen=True, slots=True)
class Terms:
    """What the customer agrees to."""

    lines: tuple[CheckedLine, ...]
    total_yen: int
    tax_shares: tuple[TaxShare, ...]
    sentence: str
    """In Japanese whatever the page's language: it is spoken to the customer."""
    fingerprint: str
    marked_at: datetime | None
    """When exactly these terms were marked as read back."""


def terms_of(typed: TypedOrder, *, offered: Mapping[int, Offered], now: datetime) -> Terms:
    """Work out the terms from the rows that can be sold already; unfinished rows do not count yet."""
    lines = tuple(
        line for line in (_sellable(typed, n, offered) for n in range(len(typed.filled_lines))) if line
    )
    sentence = _sentence(typed, lines) if lines else ""
    fingerprint = hashlib.sha256(sentence.encode()).hexdigest()[:16]
    return Terms(
        lines=lines,
        total_yen=sum(line.total_yen for line in lines),
        tax_shares=tax_shares((line.product.tax_rate, line.total_yen) for line in lines),
        sentence=sentence,
        fingerprint=fingerprint,
        marked_at=marked_at(typed, terms=fingerprint, now=now) if lines else None,
    )


def _sellable(typed: TypedOrder, index: int, offered: Mapping[int, Offered]) -> CheckedLine | None:
    row = typed.filled_lines[index]
    product_id = int(row.product) if row.product.isascii() and row.product.isdigit() else None
    try:
        return checked_line(LineForm(product_id, row.quantity), index, offered=offered)
    except Refusal:
        return None


def _sentence(typed: TypedOrder, lines: tuple[CheckedLine, ...]) -> str:
    goods = "、".join(f"{line.product.name}を{line.quantity}点" for line in lines)
    total = sum(line.total_yen for line in lines)
    texts = typed.texts
    place = "".join(texts[part] for part in ("prefecture", "city", "town", "street")).strip()
    where = f"お届け先は、{place} {texts['building']}".rstrip() if place else ""
    whom = f"{texts['name']} 様" if texts["name"] else ""
    address = "、".join(filter(None, [where, whom]))
    spoken = f"{goods}、合計 {total:,}円、税込でございます。"
    return spoken + (f"{address}でございます。" if address else "")
