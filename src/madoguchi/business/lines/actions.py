"""Writing numbers. Safe to repeat."""

from __future__ import annotations

import re

from madoguchi.business.clients.models import Programme
from madoguchi.business.lines.models import Number
from madoguchi.kernel.errors import Refusal


def put_number(*, number: str, programme: Programme, label: str = "") -> Number:
    """Let this programme answer a number, which may be written with hyphens.

    Raises `Refusal("bad_number")` for what is no Japanese number of ten or eleven digits.
    """
    digits = re.sub(r"[-\s()]", "", number)
    if not re.fullmatch(r"0[0-9]{9,10}", digits):
        raise Refusal(
            "bad_number",
            ja=f"「{number}」は電話番号として読めません。0 から始まる 10 桁か 11 桁で入力してください。",
            en=f"{number!r} is no telephone number. Type 10 or 11 digits that begin with 0.",
            field="number",
        )
    put, _ = Number.objects.update_or_create(
        number=digits, defaults={"programme": programme, "client": programme.client, "label": label}
    )
    return put
