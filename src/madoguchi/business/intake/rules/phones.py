"""Telephone numbers: kept as the digits one dials within Japan, shown with hyphens.

The digits are checked against Google's numbering data (`phonenumbers`), which knows the mobile numbers
060 that began in July 2026, IP telephones 050, toll-free 0120 and 0800, and every area code.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from madoguchi.kernel.errors import Refusal

_PUNCTUATION = re.compile(r"[\s().\-‐‑‒–—―−ーｰ・/]+")
_JAPAN = re.compile(r"(?:\+|010|00)810?(?=[1-9])")


def checked_phone(text: str, *, field: str = "phone") -> str:
    """Return the digits of a Japanese telephone number, such as `09012345678`. Raise `Refusal`."""
    plain = unicodedata.normalize("NFKC", text)
    spaceless = _PUNCTUATION.sub("", plain)
    if not spaceless:
        raise Refusal(
            "phone_missing",
            ja="電話番号が入力されていません。市外局番から入力してください。",
            en="The telephone number is missing. Enter it with its area code.",
            field=field,
        )
    digits = _JAPAN.sub("0", spaceless, count=1)
    if digits.startswith("+"):
        raise Refusal(
            "phone_foreign",
            ja="海外の電話番号は登録できません。日本国内でつながる電話番号を伺ってください。",
            en="Telephone numbers abroad cannot be taken. Ask for a number within Japan.",
            field=field,
        )
    if not (digits.isascii() and digits.isdigit()):
        raise Refusal(
            "phone_not_digits",
            ja="電話番号に数字以外の文字が含まれています。数字とハイフンで入力してください。",
            en="The telephone number holds something other than digits. Use digits and hyphens.",
            field=field,
        )
    return _dialable(digits, field=field)


def _dialable(digits: str, *, field: str) -> str:
    if not digits.startswith("0"):
        raise Refusal(
            "phone_without_area_code",
            ja="電話番号が0から始まっていません。市外局番から入力してください。",
            en="The telephone number does not begin with 0. Enter it with its area code.",
            field=field,
        )
    if not 10 <= len(digits) <= 11:
        raise Refusal(
            "phone_length",
            ja=f"電話番号の桁数が違います（{len(digits)}桁）。固定電話は10桁、携帯電話は11桁です。確認してください。",
            en=f"The telephone number has {len(digits)} digits. Landlines have 10, mobiles 11. Check it.",
            field=field,
        )
    if not phonenumbers.is_valid_number(phonenumbers.parse(digits, "JP")):
        raise Refusal(
            "phone_unused",
            ja="この電話番号は日本で使われていない番号です。復唱して確認してください。",
            en="No telephone in Japan has a number like this. Read it back and check it.",
            field=field,
        )
    return digits


def shown_phone(digits: str) -> str:
    """Return a number with its hyphens, such as `03-1234-5678`; unknown digits come back as they are."""
    try:
        number = phonenumbers.parse(digits, "JP")
    except phonenumbers.NumberParseException:
        return digits
    if not phonenumbers.is_valid_number(number):
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
