"""An order as it comes from the page."""

from __future__ import annotations

from madoguchi.business.knowledge.models import Product

TOKEN = "6f0c1a52-7a5e-4c0e-9a40-6c1b6f1f0a01"


def order_payload(product: Product | None = None, **changes: str) -> dict[str, str]:
    """Return a form that can be saved, with some fields otherwise."""
    payload = {
        "token": TOKEN,
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
        "lines-0-product": str(product.pk) if product else "",
        "lines-0-quantity": "2",
        "read_back": "on",
    }
    return payload | changes
