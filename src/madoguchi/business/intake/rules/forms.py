"""The order form: what was typed, what is wrong with it (all at once), what may be written down."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from madoguchi.kernel.errors import Refusal

from .cards import holds_card_number
from .money import TaxShare, tax_shares
from .names import checked_kana, checked_name
from .phones import checked_phone
from .places import checked_part, checked_postal_code, checked_prefecture

NOTE_LENGTH = 2000
MOST_LINES = 50
MOST_OF_ONE = 999

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class LineForm:
    """One line as typed."""

    product_id: int | None
    quantity: str


@dataclass(frozen=True, slots=True)
class OrderForm:
    """The order form as typed; nothing in it has been checked."""

    token: UUID
    """Made by the page when the form is opened: the same token is the same order, however often sent."""
    name: str
    kana: str
    phone: str
    postal_code: str
    prefecture: str
    city: str
    town: str
    street: str
    building: str = ""
    note: str = ""
    lines: tuple[LineForm, ...] = ()
    read_back_at: datetime | None = None
    """When the communicator marked the terms as read back (requirement K2)."""
    customer_id: int | None = None
    """The customer chosen at the desk; None makes a new one or finds the same name and number."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A product that the programme's client offers now."""

    id: int
    code: str
    name: str
    unit_price_yen: int
    """With the tax in it."""
    tax_rate: int


@dataclass(frozen=True, slots=True)
class CheckedLine:
    product: Offered
    quantity: int

    @property
    def total_yen(self) -> int:
        return self.product.unit_price_yen * self.quantity


@dataclass(frozen=True, slots=True)
class CheckedOrder:
    """An order that may be written down."""

    token: UUID
    name: str
    kana: str
    phone: str
    postal_code: str
    prefecture: str
    city: str
    town: str
    street: str
    building: str
    note: str
    lines: tuple[CheckedLine, ...]
    read_back_at: datetime
    customer_id: int | None

    @property
    def total_yen(self) -> int:
        return sum(line.total_yen for line in self.lines)

    @property
    def tax_shares(self) -> tuple[TaxShare, ...]:
        return tax_shares((line.product.tax_rate, line.total_yen) for line in self.lines)


class OrderRefused(Refusal):
    """The form has mistakes; `refusals` holds each, in the order of the form, so that all are shown at once."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(
            "order_refused",
            ja="入力内容に誤りがあります。" + "".join(refusal.ja for refusal in refusals),
            en="The order has mistakes. " + " ".join(refusal.en for refusal in refusals),
        )
        self.refusals = refusals


class _Findings:
    """Collects refusals and lets the check go on."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    def of(self, check: Callable[[], Kept], otherwise: Kept) -> Kept:
        try:
            return check()
        except Refusal as refusal:
            self.refusals.append(refusal)
            return otherwise


def check_order(
    form: OrderForm, *, offered: Mapping[int, Offered], prefectures_of_code: Collection[str], at: datetime
) -> CheckedOrder:
    """Check a form against the client's products. Raise `OrderRefused` with everything that is wrong."""
    found = _Findings()
    checked = CheckedOrder(
        token=form.token,
        name=found.of(lambda: checked_name(form.name), ""),
        kana=found.of(lambda: checked_kana(form.kana), ""),
        phone=found.of(lambda: checked_phone(form.phone), ""),
        postal_code=found.of(lambda: checked_postal_code(form.postal_code), ""),
        prefecture=found.of(lambda: checked_prefecture(form.prefecture, of_code=prefectures_of_code), ""),
        city=found.of(lambda: checked_part(form.city, field="city", required=True), ""),
        town=found.of(lambda: checked_part(form.town, field="town", required=False), ""),
        street=found.of(lambda: checked_part(form.street, field="street", required=False), ""),
        building=found.of(lambda: checked_part(form.building, field="building", required=False), ""),
        note=found.of(lambda: checked_note(form.note), ""),
        lines=_checked_lines(form.lines, offered, found),
        read_back_at=found.of(lambda: checked_read_back(form.read_back_at, at=at), at),
        customer_id=form.customer_id,
    )
    for field in ("name", "city", "town", "street", "building", "note"):
        found.of(partial(refuse_card_number, getattr(form, field), field=field), None)
    if found.refusals:
        raise OrderRefused(found.refusals)
    return checked


def _checked_lines(
    lines: tuple[LineForm, ...], offered: Mapping[int, Offered], found: _Findings
) -> tuple[CheckedLine, ...]:
    found.of(lambda: _refuse_line_count(len(lines)), None)
    checked = [
        found.of(partial(checked_line, line, n, offered=offered), None)
        for n, line in enumerate(lines[:MOST_LINES])
    ]
    return tuple(line for line in checked if line is not None)


def _refuse_line_count(count: int) -> None:
    if count == 0:
        raise Refusal(
            "lines_missing",
            ja="商品が選ばれていません。ご注文の商品を1つ以上選んでください。",
            en="No product is chosen. Choose at least one product.",
            field="lines",
        )
    if count > MOST_LINES:
        raise Refusal(
            "lines_too_many",
            ja=f"商品は1件のご注文で{MOST_LINES}行までです。ご注文を分けて入力してください。",
            en=f"One order has at most {MOST_LINES} lines. Split the order.",
            field="lines",
        )


def checked_line(line: LineForm, index: int, *, offered: Mapping[int, Offered]) -> CheckedLine | None:
    """Return a line that can be sold. Fields are called `lines-0-product` and `lines-0-quantity`."""
    product = offered.get(line.product_id) if line.product_id is not None else None
    if product is None:
        raise Refusal(
            "product_unknown",
            ja=f"{index + 1}行目の商品は、この業務では扱っていません。一覧から選び直してください。",
            en=f"The product of line {index + 1} is not on offer here. Choose one from the list.",
            field=f"lines-{index}-product",
        )
    digits = unicodedata.normalize("NFKC", line.quantity).strip()
    quantity = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
    if not 1 <= quantity <= MOST_OF_ONE:
        raise Refusal(
            "quantity_range",
            ja=f"{index + 1}行目の数量は1から{MOST_OF_ONE}までの整数で入力してください。",
            en=f"The quantity of line {index + 1} must be a whole number from 1 to {MOST_OF_ONE}.",
            field=f"lines-{index}-quantity",
        )
    return CheckedLine(product=product, quantity=quantity)


def checked_note(text: str) -> str:
    """Return a note, line breaks kept as `\\n`. Raise `Refusal`."""
    note = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    if len(note) > NOTE_LENGTH:
        raise Refusal(
            "note_too_long",
            ja=f"備考は{NOTE_LENGTH}文字までです。短くして入力してください。",
            en=f"A note has at most {NOTE_LENGTH} characters. Shorten it.",
            field="note",
        )
    if any(unicodedata.category(character) in {"Cs", "Cc"} and character not in "\n\t" for character in note):
        raise Refusal(
            "note_unprintable",
            ja="備考に印字できない文字が含まれています。その文字を消して入力し直してください。",
            en="The note holds a character that cannot be printed. Delete it and type it again.",
            field="note",
        )
    return note


def checked_read_back(read_back_at: datetime | None, *, at: datetime) -> datetime:
    """Return the moment of the read-back (requirement K2). Raise `Refusal`."""
    if read_back_at is None:
        raise Refusal(
            "read_back_missing",
            ja="復唱確認がされていません。数量・合計金額・お支払い・お届け・解約条件を復唱してから、確認に印を付けてください。",
            en="The terms are not marked as read back. Read back quantity, total, payment, delivery and cancellation, then mark it.",
            field="read_back",
        )
    if read_back_at > at:
        raise Refusal(
            "read_back_in_future",
            ja="復唱確認の時刻が未来になっています。もう一度、復唱確認に印を付けてください。",
            en="The read-back is marked with a time to come. Mark it again.",
            field="read_back",
        )
    return read_back_at


def refuse_card_number(text: str, *, field: str) -> None:
    """Raise `Refusal` when a free text holds a card number (requirement K6)."""
    if holds_card_number(text):
        raise Refusal(
            "card_number",
            ja="カード番号と思われる数字が入力されています。カード番号は入力も保存もできません。消してください。",
            en="This looks like a card number. Card numbers are neither typed nor kept here. Delete it.",
            field=field,
        )
