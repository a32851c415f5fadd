"""An order as a password-protected Excel file: one row per line of the order.

Telephone number, postal code and codes are text cells, so that leading zeros stay and 3-12 does not become a
date. A text that looks like a formula stays exactly as it was typed, in a cell that is text and carries
Excel's quote prefix: neither opening nor editing the cell runs it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msoffcrypto.format.ooxml
import xlsxwriter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class SheetLine:
    product_code: str
    product_name: str
    quantity: int
    unit_price_yen: int
    tax_rate: int


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """What the client is told of an order."""

    id: UUID
    programme: str
    taken_at: datetime
    name: str
    kana: str
    phone: str
    """With hyphens."""
    postal_code: str
    """With a hyphen."""
    prefecture: str
    city: str
    town: str
    street: str
    building: str
    note: str
    total_yen: int
    tax_yen: dict[int, int]
    """The tax contained in the total, by rate in per cent."""
    lines: Sequence[SheetLine]


class _Column(NamedTuple):
    heading: str
    width: int
    form: str
    value: Callable[[OrderSheet, SheetLine], Any]


_COLUMNS = (
    _Column("受注番号", 38, "text", lambda order, line: str(order.id)),
    _Column(
        "受付日時", 17, "moment", lambda order, line: order.taken_at.astimezone(JAPAN).replace(tzinfo=None)
    ),
    _Column("業務", 18, "text", lambda order, line: order.programme),
    _Column("氏名", 16, "text", lambda order, line: order.name),
    _Column("フリガナ", 20, "text", lambda order, line: order.kana),
    _Column("電話番号", 15, "text", lambda order, line: order.phone),
    _Column("郵便番号", 10, "text", lambda order, line: order.postal_code),
    _Column("都道府県", 10, "text", lambda order, line: order.prefecture),
    _Column("市区町村", 18, "text", lambda order, line: order.city),
    _Column("町名", 18, "text", lambda order, line: order.town),
    _Column("番地", 14, "text", lambda order, line: order.street),
    _Column("建物名・部屋番号", 22, "text", lambda order, line: order.building),
    _Column("商品コード", 14, "text", lambda order, line: line.product_code),
    _Column("商品名", 28, "text", lambda order, line: line.product_name),
    _Column("数量", 7, "number", lambda order, line: line.quantity),
    _Column("単価(税込)", 12, "number", lambda order, line: line.unit_price_yen),
    _Column("金額(税込)", 12, "number", lambda order, line: line.unit_price_yen * line.quantity),
    _Column("税率(%)", 8, "number", lambda order, line: line.tax_rate),
    _Column("受注合計(税込)", 15, "number", lambda order, line: order.total_yen),
    _Column("内消費税8%", 12, "number", lambda order, line: order.tax_yen.get(8, 0)),
    _Column("内消費税10%", 12, "number", lambda order, line: order.tax_yen.get(10, 0)),
    _Column("備考", 40, "text", lambda order, line: order.note),
)

HEADINGS = tuple(column.heading for column in _COLUMNS)


def protected_workbook(order: OrderSheet, *, password: str) -> bytes:
    """Return the file's bytes; it opens only with the password (ECMA-376 agile encryption, AES-256)."""
    sealed = BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(BytesIO(workbook(order))).encrypt(password, sealed)
    return sealed.getvalue()


def workbook(order: OrderSheet) -> bytes:
    """Return the file without its protection."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties(
            {"title": "受注データ", "created": order.taken_at.astimezone(JAPAN).replace(tzinfo=None)}
        )
        _fill(book, order)
    return file.getvalue()


def _fill(book: Any, order: OrderSheet) -> None:
    look = {"font_name": "Yu Gothic", "font_size": 11, "valign": "top"}
    head = book.add_format(look | {"bold": True, "bg_color": "#E8EAF6", "bottom": 1, "num_format": "@"})
    forms = {
        "text": book.add_format(look | {"num_format": "@"}),
        "quoted": book.add_format(look | {"num_format": "@", "quote_prefix": True}),
        "number": book.add_format(look | {"num_format": "#,##0"}),
        "moment": book.add_format(look | {"num_format": "yyyy/mm/dd hh:mm"}),
    }
    sheet = book.add_worksheet("受注")
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    for x, column in enumerate(_COLUMNS):
        sheet.write_string(0, x, column.heading, head)
        sheet.set_column(x, x, column.width)
    for y, line in enumerate(order.lines, start=1):
        for x, column in enumerate(_COLUMNS):
            _write(sheet, y, x, column.form, column.value(order, line), forms)
    sheet.autofilter(0, 0, len(order.lines), len(_COLUMNS) - 1)


def _write(sheet: Any, y: int, x: int, form: str, value: Any, forms: dict[str, Any]) -> None:
    if form == "text":
        sheet.write_string(y, x, value, forms["quoted" if looks_like_formula(value) else "text"])
    elif form == "moment":
        sheet.write_datetime(y, x, value, forms[form])
    else:
        sheet.write_number(y, x, value, forms[form])


def looks_like_formula(text: str) -> bool:
    """Say whether a spreadsheet could take a text for a formula (OWASP: CSV injection), full-width signs too."""
    return unicodedata.normalize("NFKC", text[:1]) in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"}
