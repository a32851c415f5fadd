"""What a form must hold, and that all of its mistakes are told at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.business.intake.rules import (
    CheckedOrder,
    LineForm,
    OrderRefused,
    check_order,
    checked_kana,
    checked_name,
    checked_phone,
    checked_postal_code,
    holds_card_number,
    shown_phone,
    shown_postal_code,
    tax_shares,
)
from madoguchi.business.intake.rules.cards import luhn_sum
from madoguchi.business.intake.rules.places import PREFECTURES
from madoguchi.kernel.errors import Refusal

from .forms import NOON, ON_OFFER, order_form


def checked(**changes: Any) -> CheckedOrder:
    return check_order(order_form(**changes), offered=ON_OFFER, prefectures_of_code={"東京都"}, at=NOON)


def mistakes(**changes: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(OrderRefused) as refused:
        checked(**changes)
    return [(refusal.field, refusal.code) for refusal in refused.value.refusals]


def code_of(check: Any, text: str) -> str:
    with pytest.raises(Refusal) as refused:
        check(text)
    return refused.value.code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("髙﨑　美咲", "髙﨑 美咲"),
        ("  山田  花子 ", "山田 花子"),
        ("塚本 神谷", "塚本 神谷"),
        ("辻󠄀 誠", "辻󠄀 誠"),
        ("ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ ハナコ"),
        ("𠮷野 家", "𠮷野 家"),
        ("㈱みどり", "㈱みどり"),
    ],
)
def test_a_name_keeps_the_very_characters_of_its_family(typed: str, kept: str) -> None:
    assert checked_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_missing"),
        ("　", "name_missing"),
        ("花" * 61, "name_too_long"),
        ("花\x00子", "name_unprintable"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused(typed: str, code: str) -> None:
    assert code_of(checked_name, typed) == code


@pytest.mark.parametrize(
    "typed", ["やまだ はなこ", "ヤマダ　ハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ  はなこ ", "ヤマタ\u3099 ハナコ"]
)
def test_a_reading_becomes_full_width_katakana(typed: str) -> None:
    assert checked_kana(typed) == "ヤマダ ハナコ"


def test_a_hyphen_in_a_reading_is_a_long_vowel() -> None:
    assert checked_kana("ｼﾞｮ-ｼﾞ・ｵ－ｳｪﾙ") == "ジョージ・オーウェル"


@pytest.mark.parametrize(
    ("typed", "code"), [("山田", "kana_not_kana"), ("Yamada", "kana_not_kana"), (" ", "kana_missing")]
)
def test_a_reading_that_is_not_kana_is_refused(typed: str, code: str) -> None:
    assert code_of(checked_kana, typed) == code


@pytest.mark.parametrize(
    ("typed", "digits", "shown"),
    [
        ("０９０－１２３４－５６７８", "09012345678", "090-1234-5678"),
        ("+81 90 1234 5678", "09012345678", "090-1234-5678"),
        ("+81(0)3-1234-5678", "0312345678", "03-1234-5678"),
        ("０６０ー１２３４ー５６７８", "06012345678", "060-1234-5678"),
        ("07012345678", "07012345678", "070-1234-5678"),
        ("(080)1234.5678", "08012345678", "080-1234-5678"),
        ("050-1234-5678", "05012345678", "050-1234-5678"),
        ("0120-000-123", "0120000123", "0120-000-123"),
        ("0800-200-0000", "08002000000", "0800-200-0000"),
        ("06-6123-4567", "0661234567", "06-6123-4567"),
        ("0267-12-3456", "0267123456", "0267-12-3456"),
    ],
)
def test_a_phone_number_is_kept_as_digits_and_shown_with_hyphens(typed: str, digits: str, shown: str) -> None:
    assert checked_phone(typed) == digits
    assert shown_phone(digits) == shown


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone_missing"),
        ("090-1234-567", "phone_unused"),
        ("090-1234-56789", "phone_length"),
        ("1234-5678", "phone_without_area_code"),
        ("090-12E4-5678", "phone_not_digits"),
        ("+1 202 555 0123", "phone_foreign"),
        ("000-0000-0000", "phone_unused"),
        ("110", "phone_without_area_code"),
    ],
)
def test_a_phone_number_that_nobody_has_is_refused(typed: str, code: str) -> None:
    assert code_of(checked_phone, typed) == code


@pytest.mark.parametrize("typed", ["100-0001", "〒１００－０００１", " 1000001 ", "100ー0001"])
def test_a_postal_code_is_kept_as_seven_digits(typed: str) -> None:
    assert checked_postal_code(typed) == "1000001"
    assert shown_postal_code("1000001") == "100-0001"


@pytest.mark.parametrize(("typed", "code"), [("", "postal_code_missing"), ("100-001", "postal_code_form")])
def test_a_malformed_postal_code_is_refused(typed: str, code: str) -> None:
    assert code_of(checked_postal_code, typed) == code


@pytest.mark.requirement("K6")
@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "カードは 4111-1111-1111-1111 です",
        "４１１１　１１１１　１１１１　１１１１ 有効期限 12/28",
        "3530 1113 3330 0000（JCB）",
        "3782-822463-10005",
        "30569309025904",
    ],
)
def test_a_card_number_is_found_however_it_is_written(text: str) -> None:
    assert holds_card_number(text)


@pytest.mark.requirement("K6")
@given(
    body=st.text("0123456789", min_size=11, max_size=17),
    first=st.sampled_from("23456"),
    mark=st.sampled_from(["", " ", "-", "－", "　", "・"]),
    size=st.integers(1, 6),
)
def test_any_number_with_a_cards_check_digit_is_found(body: str, first: str, mark: str, size: int) -> None:
    check = next(digit for digit in "0123456789" if luhn_sum(first + body + digit) % 10 == 0)
    number = first + body + check
    written = mark.join(number[at : at + size] for at in range(0, len(number), size))
    assert holds_card_number(f"番号は{written}。")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "090-1234-5678 か 03-1234-5678",
        "4111111111111112",
        "注文は2026-11-24 10:30 頃",
        "伝票 123456789012",
    ],
)
def test_other_numbers_are_not_taken_for_cards(text: str) -> None:
    assert not holds_card_number(text)


@pytest.mark.requirement("K6")
@pytest.mark.parametrize("field", ["name", "city", "town", "street", "building", "note"])
def test_no_field_of_the_form_takes_a_card_number(field: str) -> None:
    assert (field, "card_number") in mistakes(**{field: "4111 1111 1111 1111"})


@pytest.mark.requirement("K2")
def test_an_order_needs_its_read_back() -> None:
    assert mistakes(read_back_at=None) == [("read_back", "read_back_missing")]
    assert mistakes(read_back_at=NOON + timedelta(seconds=1)) == [("read_back", "read_back_in_future")]


def test_all_mistakes_of_a_form_are_told_at_once() -> None:
    assert mistakes(
        name="",
        kana="山田",
        phone="12",
        postal_code="1",
        prefecture="東京",
        city="",
        lines=(LineForm(1, "0"), LineForm(9, "1")),
        read_back_at=None,
    ) == [
        ("name", "name_missing"),
        ("kana", "kana_not_kana"),
        ("phone", "phone_without_area_code"),
        ("postal_code", "postal_code_form"),
        ("prefecture", "prefecture_unknown"),
        ("city", "city_missing"),
        ("lines-0-quantity", "quantity_range"),
        ("lines-1-product", "product_unknown"),
        ("read_back", "read_back_missing"),
    ]


def test_every_mistake_is_said_in_both_languages() -> None:
    with pytest.raises(OrderRefused) as refused:
        checked(name="", lines=())
    for refusal in refused.value.refusals:
        assert refusal.ja.endswith("。")
        assert refusal.en.endswith(".")
        assert refusal.ja in refused.value.ja


@pytest.mark.parametrize("quantity", ["0", "1000", "-1", "1.5", "二", "", "１０００", "9" * 30])
def test_a_quantity_is_a_whole_number_up_to_999(quantity: str) -> None:
    assert mistakes(lines=(LineForm(1, quantity),)) == [("lines-0-quantity", "quantity_range")]


def test_a_full_width_quantity_counts() -> None:
    assert checked(lines=(LineForm(1, "９９９"),)).lines[0].quantity == 999


def test_an_order_without_products_is_refused() -> None:
    assert mistakes(lines=()) == [("lines", "lines_missing")]
    assert mistakes(lines=(LineForm(1, "1"),) * 51) == [("lines", "lines_too_many")]


def test_a_prefecture_must_fit_its_postal_code() -> None:
    assert mistakes(prefecture="大阪府") == [("prefecture", "prefecture_of_other_code")]
    assert len(PREFECTURES) == 47


def test_a_note_keeps_its_lines_and_no_control_characters() -> None:
    assert checked(note="夕方に\r\nお届け  \n").note == "夕方に\nお届け"
    assert mistakes(note="a\x1bb") == [("note", "note_unprintable")]
    assert mistakes(note="あ" * 2001) == [("note", "note_too_long")]


def test_the_tax_is_rounded_once_per_rate() -> None:
    order = checked(lines=(LineForm(1, "3"), LineForm(2, "1"), LineForm(1, "1")))
    assert order.total_yen == 4 * 1080 + 550
    assert [(share.rate, share.total_yen, share.tax_yen) for share in order.tax_shares] == [
        (8, 4320, 320),
        (10, 550, 50),
    ]


@given(st.lists(st.tuples(st.sampled_from([8, 10]), st.integers(0, 10**7)), max_size=30))
def test_tax_contained_is_whole_yen_and_never_more_than_exact(amounts: list[tuple[int, int]]) -> None:
    for share in tax_shares(amounts):
        exact = share.total_yen * share.rate / (100 + share.rate)
        assert 0 <= exact - share.tax_yen < 1 + 1e-6
    assert sum(share.total_yen for share in tax_shares(amounts)) == sum(yen for _, yen in amounts)
