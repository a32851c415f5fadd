"""What an order must be before it may be written down. Pure: no database, no clock."""

from .cards import holds_card_number
from .forms import CheckedLine, CheckedOrder, LineForm, Offered, OrderForm, OrderRefused, check_order
from .money import TaxShare, tax_shares
from .names import checked_kana, checked_name
from .phones import checked_phone, shown_phone
from .places import PREFECTURES, checked_postal_code, shown_postal_code

__all__ = [
    "PREFECTURES",
    "CheckedLine",
    "CheckedOrder",
    "LineForm",
    "Offered",
    "OrderForm",
    "OrderRefused",
    "TaxShare",
    "check_order",
    "checked_kana",
    "checked_name",
    "checked_phone",
    "checked_postal_code",
    "holds_card_number",
    "shown_phone",
    "shown_postal_code",
    "tax_shares",
]
