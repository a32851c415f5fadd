"""A customer shown only as far as the page's question needs it.

The office asks of a delivery "did it arrive", not "who is this": the family name and the end of the
telephone number tell two orders apart without laying a whole customer open on a screen that others see.
"""

from __future__ import annotations

VISIBLE_DIGITS = 4


def masked_name(name: str) -> str:
    """Return the family name with the given name withheld: `山田 花子` gives `山田 ＊＊`."""
    family, _, given = name.strip().replace("\u3000", " ").partition(" ")
    if given:
        return f"{family} ＊＊"
    return f"{family[:1]}＊＊" if family else ""


def masked_phone(phone: str) -> str:
    """Return a telephone number with only its last four digits: `09012345678` gives `…5678`."""
    return f"…{phone[-VISIBLE_DIGITS:]}" if len(phone) > VISIBLE_DIGITS else phone
