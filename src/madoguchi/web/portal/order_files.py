"""A client's own orders as an Excel or a CSV file, one row per line of an order."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any, NamedTuple

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.business.handover.delivery.workbook import looks_like_formula
from madoguchi.business.intake.models import Order, OrderLine
from madoguchi.web.portal.wording import state_of

MOST_ORDERS = 20_000


class Column(NamedTuple):
    heading: Any
    width: int
    form: str
    value: Callable[[Order, OrderLine], Any]


COLUMNS = (
    Column(_("受注番号"), 38, "text", lambda order, line: order.pk),
    Column(_("受付日時"), 17, "moment", lambda order, line: order.taken_at),
    Column(_("業務"), 18, "text", lambda order, line: order.programme.name),
    Column(_("氏名"), 16, "text", lambda order, line: order.name),
    Column(_("フリガナ"), 20, "text", lambda order, line: order.kana),
    Column(_("電話番号"), 15, "text", lambda order, line: order.shown_phone),
    Column(_("郵便番号"), 10, "text", lambda order, line: order.shown_postal_code),
    Column(_("住所"), 44, "text", lambda order, line: order.address),
    Column(_("商品コード"), 14, "text", lambda order, line: line.product_code),
    Column(_("商品名"), 28, "text", lambda order, line: line.product_name),
    Column(_("数量"), 7, "number", lambda order, line: line.quantity),
    Column(_("単価（税込）"), 12, "number", lambda order, line: line.unit_price_yen),
    Column(_("金額（税込）"), 12, "number", lambda order, line: line.total_yen),
    Column(_("税率（%）"), 8, "number", lambda order, line: line.tax_rate),
    Column(_("受注合計（税込）"), 15, "number", lambda order, line: order.total_yen),
    Column(_("納品状況"), 18, "text", lambda order, line: state_of(getattr(order, "delivery", None))),
    Column(_("備考"), 40, "text", lambda order, line: order.note),
)


def excel(orders: Sequence[Order]) -> bytes:
    """Return the workbook. Texts are written as texts: leading zeros stay, nothing is taken for a formula."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        look = {"font_name": "Yu Gothic", "font_size": 11, "valign": "top"}
        head = book.add_format(look | {"bold": True, "bg_color": "#E9EEF8", "bottom": 1})
        forms = {
            "text": book.add_format(look | {"num_format": "@", "quote_prefix": True}),
            "number": book.add_format(look | {"num_format": "#,##0"}),
            "moment": book.add_format(look | {"num_format": "yyyy/mm/dd hh:mm"}),
        }
        writers = {"text": "write_string", "number": "write_number", "moment": "write_datetime"}
        sheet = book.add_worksheet(str(_("受注")))
        sheet.freeze_panes(1, 0)
        for x, column in enumerate(COLUMNS):
            sheet.write_string(0, x, str(column.heading), head)
            sheet.set_column(x, x, column.width)
        last = 0
        for last, values in enumerate(_rows(orders), start=1):
            for x, (column, value) in enumerate(zip(COLUMNS, values, strict=True)):
                getattr(sheet, writers[column.form])(last, x, value, forms[column.form])
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    return file.getvalue()


def comma_separated(orders: Sequence[Order]) -> bytes:
    """Return CSV in UTF-8 with a byte order mark, as Japanese Excel expects it.

    A text that a spreadsheet could take for a formula is kept apart by an apostrophe (OWASP: CSV injection).
    """
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([str(column.heading) for column in COLUMNS])
    for values in _rows(orders):
        writer.writerow([_plain(value) for value in values])
    return file.getvalue().encode("utf-8-sig")


WRITERS: dict[str, tuple[Callable[[Sequence[Order]], bytes], str]] = {
    "xlsx": (excel, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (comma_separated, "text/csv; charset=utf-8"),
}


def _rows(orders: Sequence[Order]) -> Iterator[list[Any]]:
    for order in orders:
        for line in sorted(order.lines.all(), key=lambda line: line.position):
            yield [_value(column, order, line) for column in COLUMNS]


def _value(column: Column, order: Order, line: OrderLine) -> Any:
    value = column.value(order, line)
    if column.form == "moment":
        return timezone.localtime(value).replace(tzinfo=None)
    return value if column.form == "number" else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y/%m/%d %H:%M}"
    return f"'{value}" if isinstance(value, str) and looks_like_formula(value) else value
