"""The list of deliveries as an Excel file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.web.office.delivery_list import DeliveryRow

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 20_000


class Column(NamedTuple):
    heading: Any
    width: int
    form: str
    value: Callable[[DeliveryRow], Any]


COLUMNS = (
    Column(_("受注日時"), 17, "moment", lambda row: row.delivery.order.taken_at),
    Column(_("状態"), 12, "text", lambda row: row.state),
    Column(_("クライアント"), 20, "text", lambda row: row.delivery.client.name),
    Column(_("業務"), 18, "text", lambda row: row.delivery.order.programme.name),
    Column(_("受注番号"), 38, "text", lambda row: row.delivery.order_id),
    Column(_("お客様"), 14, "text", lambda row: row.name),
    Column(_("電話番号"), 10, "text", lambda row: row.phone),
    Column(_("合計（円）"), 12, "number", lambda row: row.delivery.order.total_yen),
    Column(_("宛先"), 28, "text", lambda row: row.delivery.way.recipient if row.delivery.way else ""),
    Column(_("試行"), 8, "number", lambda row: row.delivery.attempts),
    Column(_("次の送信"), 17, "moment", lambda row: row.delivery.next_at),
    Column(_("納品日時"), 17, "moment", lambda row: row.delivery.delivered_at),
    Column(_("受領の記録"), 40, "text", lambda row: row.delivery.receipt),
    Column(_("理由"), 60, "text", lambda row: row.reason),
)


def deliveries_sheet(rows: Iterable[DeliveryRow]) -> bytes:
    """Return the workbook. Texts are written as texts: nothing in them is taken for a formula."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        look = {"font_name": "Yu Gothic", "font_size": 11, "valign": "top"}
        head = book.add_format(look | {"bold": True, "bg_color": "#E9EEF8", "bottom": 1})
        forms = {
            "text": book.add_format(look | {"num_format": "@", "quote_prefix": True}),
            "number": book.add_format(look | {"num_format": "#,##0"}),
            "moment": book.add_format(look | {"num_format": "yyyy/mm/dd hh:mm"}),
        }
        sheet = book.add_worksheet(str(_("納品")))
        sheet.freeze_panes(1, 0)
        for x, column in enumerate(COLUMNS):
            sheet.write_string(0, x, str(column.heading), head)
            sheet.set_column(x, x, column.width)
        last = 0
        for last, row in enumerate(rows, start=1):
            for x, column in enumerate(COLUMNS):
                _write(sheet, last, x, column.value(row), forms[column.form])
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    return file.getvalue()


def _write(sheet: Any, y: int, x: int, value: Any, form: Any) -> None:
    if value is None:
        sheet.write_blank(y, x, None, form)
    elif isinstance(value, datetime):
        sheet.write_datetime(y, x, timezone.localtime(value).replace(tzinfo=None), form)
    elif isinstance(value, int):
        sheet.write_number(y, x, value, form)
    else:
        sheet.write_string(y, x, str(value), form)
