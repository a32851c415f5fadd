"""Money of an order: whole yen, prices with tax in them.

Prices told to consumers must include the tax (総額表示, Consumption Tax Act Art. 63), so unit prices are
税込 and the total is their plain sum. The tax contained in it is shown per rate, worked out from the sum of
that rate and rounded down once per rate (as for qualified invoices, Art. 70-10 of its Enforcement Order:
one rounding per rate, never per line).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

#: Consumption tax in per cent: food and drink 8 (reduced), all else 10.
TAX_RATES = (8, 10)


@dataclass(frozen=True, slots=True)
class TaxShare:
    """What an order holds of one tax rate, in yen."""

    rate: int
    """Per cent."""
    total_yen: int
    """With the tax in it."""
    tax_yen: int
    """The tax contained in `total_yen`."""


def contained_tax(total_yen: int, rate: int) -> int:
    """Return the tax contained in an amount, rounded down to the yen."""
    return total_yen * rate // (100 + rate)


def tax_shares(amounts: Iterable[tuple[int, int]]) -> tuple[TaxShare, ...]:
    """Return the share of every rate, lowest rate first, from `(rate, yen with tax)` per line."""
    totals: dict[int, int] = defaultdict(int)
    for rate, yen in amounts:
        totals[rate] += yen
    return tuple(TaxShare(rate, total, contained_tax(total, rate)) for rate, total in sorted(totals.items()))
