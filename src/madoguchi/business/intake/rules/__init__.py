"""What an order must be before it may be written down. Pure: no database, no clock."""

from .cards import holds_card_number
from .forms import (
    MOST_OF_ONE,
    NOTE_LENGTH,
    CheckedLine,
    CheckedOrder,
    LineForm,
    Offered,
    OrderForm,
    OrderRefused,
    check_order,
    refuse_card_number,
)
from .money import TaxShare, tax_shares
from .names import NAME_LENGTH, checked_kana, checked_name
from .phones import checked_phone, shown_phone
from .places import PART_LENGTH, PREFECTURES, checked_postal_code, shown_postal_code

__all__ = [
    "MOST_OF_ONE",
    "NAME_LENGTH",
    "NOTE_LENGTH",
    "PART_LENGTH",
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
    "refuse_card_number",
    "shown_phone",
    "shown_postal_code",
    "tax_shares",
]
