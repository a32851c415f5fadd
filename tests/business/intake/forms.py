"""An order form as a communicator would fill it in, and what the client sells; tests change what they are about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from madoguchi.business.intake.rules import LineForm, Offered, OrderForm

NOON = datetime(2025, 10, 20, 3, 0, tzinfo=UTC)
"""In the past, so that what is due at noon is due for a real worker too."""

JUICE = Offered(id=1, code="007", name="有機青汁 30包", unit_price_yen=1080, tax_rate=8)
SHAKER = Offered(id=2, code="A-01", name="専用シェーカー", unit_price_yen=550, tax_rate=10)
ON_OFFER = {1: JUICE, 2: SHAKER}


def order_form(token: UUID | None = None, **changes: Any) -> OrderForm:
    """Return the form of 山田 花子 in 千代田区, who orders one juice."""
    typed: dict[str, Any] = {
        "token": token or uuid4(),
        "name": "山田 花子",
        "kana": "ヤマダ ハナコ",
        "phone": "090-1234-5678",
        "postal_code": "100-0001",
        "prefecture": "東京都",
        "city": "千代田区",
        "town": "千代田",
        "street": "1-1",
        "building": "",
        "note": "",
        "lines": (LineForm(product_id=1, quantity="1"),),
        "read_back_at": NOON,
    }
    return OrderForm(**(typed | changes))
