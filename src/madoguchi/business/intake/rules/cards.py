"""Card numbers have no place in free text (requirement K6: never typed, stored or recorded).

Under 非保持化 a centre that types a card number "passes" it and falls under PCI DSS as a whole, so every
field that takes free text is looked through.
"""

from __future__ import annotations

import re
import unicodedata

#: Groups of digits, parted by at most two of the marks people put into a card number.
_RUN = re.compile(r"\d+(?:[\s\-‐‑‒–—―−ー・./_]{1,2}\d+)*")
_GROUP = re.compile(r"\d+")
#: ISO/IEC 7812: payment cards begin with 2 to 6 and have 13 to 19 digits.
_CARD = re.compile(r"[2-6]\d{12,18}")


def holds_card_number(text: str) -> bool:
    """Say whether a text holds what can be a card number: right length, right beginning, Luhn's digit."""
    plain = unicodedata.normalize("NFKC", text)
    return any(_is_card(number) for run in _RUN.findall(plain) for number in _readings(run))


def _readings(run: str) -> list[str]:
    """Return every number that whole neighbouring groups make.

    Only whole groups: windows of any digits would make most pairs of telephone numbers look like a card.
    """
    groups = _GROUP.findall(run)
    ends = range(len(groups) + 1)
    return ["".join(groups[start:stop]) for start in ends for stop in ends[start + 1 :]]


def _is_card(number: str) -> bool:
    return _CARD.fullmatch(number) is not None and luhn_sum(number) % 10 == 0


def luhn_sum(number: str) -> int:
    """Return the sum of ISO/IEC 7812-1 annex B; a multiple of ten means that the check digit fits."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [2 * digit - 9 if digit > 4 else 2 * digit for digit in digits[1::2]]
    return sum(digits[::2]) + sum(doubled)
