"""The client's file: opens with the password only, and keeps every text as it was spoken."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import msoffcrypto
import openpyxl
import pytest

from madoguchi.business.handover.delivery.workbook import (
    HEADINGS,
    OrderSheet,
    SheetLine,
    looks_like_formula,
    protected_workbook,
    workbook,
)

PASSWORD = "緑の葉-2026!"


def a_sheet(**changes: Any) -> OrderSheet:
    told: dict[str, Any] = {
        "id": UUID("0193b1c2-0000-7000-8000-00000000000a"),
        "programme": "青汁 受注",
        "taken_at": datetime(2026, 11, 24, 3, 5, tzinfo=UTC),
        "name": "髙﨑 花子",
        "kana": "タカサキ ハナコ",
        "phone": "090-1234-5678",
        "postal_code": "060-0001",
        "prefecture": "北海道",
        "city": "札幌市中央区",
        "town": "北一条西",
        "street": "3-12",
        "building": "",
        "note": "夕方に\nお届け",
        "total_yen": 1630,
        "tax_yen": {8: 80, 10: 50},
        "lines": [SheetLine("007", "有機青汁", 1, 1080, 8), SheetLine("010", "シェーカー", 1, 550, 10)],
    }
    return OrderSheet(**(told | changes))


def opened(file: bytes, password: str) -> bytes:
    office: Any = msoffcrypto.OfficeFile(BytesIO(file))
    office.load_key(password=password, verify_password=True)
    plain = BytesIO()
    office.decrypt(plain, verify_integrity=True)
    return plain.getvalue()


def cells(file: bytes, row: int) -> dict[str, Any]:
    sheet: Any = openpyxl.load_workbook(BytesIO(file)).active
    return dict(zip(HEADINGS, sheet[row], strict=True))


@pytest.mark.requirement("D3")
def test_the_file_opens_with_the_password_and_not_without() -> None:
    file = protected_workbook(a_sheet(), password=PASSWORD)
    assert msoffcrypto.OfficeFile(BytesIO(file)).is_encrypted()
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        opened(file, "wrong")
    assert "髙﨑".encode() not in file
    assert cells(opened(file, PASSWORD), 2)["氏名"].value == "髙﨑 花子"


def test_numbers_that_are_names_stay_text_with_their_zeros() -> None:
    row = cells(workbook(a_sheet()), 2)
    for heading, text in {
        "電話番号": "090-1234-5678",
        "郵便番号": "060-0001",
        "商品コード": "007",
        "番地": "3-12",
        "受注番号": "0193b1c2-0000-7000-8000-00000000000a",
    }.items():
        assert (row[heading].value, row[heading].data_type, row[heading].number_format) == (text, "s", "@")


def test_amounts_are_numbers_and_the_moment_is_japans() -> None:
    row = cells(workbook(a_sheet()), 2)
    assert row["受付日時"].value == datetime.fromisoformat("2026-11-24T12:05:00")
    assert [row[heading].value for heading in ("数量", "単価(税込)", "金額(税込)", "税率(%)")] == [
        1,
        1080,
        1080,
        8,
    ]
    assert [row[h].value for h in ("受注合計(税込)", "内消費税8%", "内消費税10%")] == [1630, 80, 50]
    assert row["数量"].data_type == "n"


def test_there_is_one_row_per_line_under_a_frozen_heading() -> None:
    file = workbook(a_sheet())
    sheet: Any = openpyxl.load_workbook(BytesIO(file)).active
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == 3
    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    assert cells(file, 3)["商品コード"].value == "010"
    assert all(sheet.column_dimensions[cell.column_letter].width >= 7 for cell in sheet[1])


@pytest.mark.parametrize(
    "text", ["=1+1", "+81", "-1", "@SUM(A1)", "＝HYPERLINK(1)", "\t=1", '=cmd|" /C calc"!A0']
)
def test_a_text_that_looks_like_a_formula_is_kept_as_text(text: str) -> None:
    cell = cells(workbook(a_sheet(name=text)), 2)["氏名"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert looks_like_formula(text)


def test_an_address_that_looks_like_a_link_is_no_link() -> None:
    cell = cells(workbook(a_sheet(note="https://example.test/")), 2)["備考"]
    assert cell.value == "https://example.test/"
    assert cell.hyperlink is None
