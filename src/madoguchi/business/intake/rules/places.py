"""Where the parcel goes: postal code, prefecture and the parts of a Japanese address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from madoguchi.kernel.errors import Refusal

from .names import printable, tidy

PREFECTURES = (
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
)

PART_LENGTH = 100

_POSTAL_MARKS = re.compile(r"[〒\s\-‐‑‒–—―−ー]+")


def checked_postal_code(text: str, *, field: str = "postal_code") -> str:
    """Return the seven digits of a postal code. Raise `Refusal`."""
    digits = _POSTAL_MARKS.sub("", unicodedata.normalize("NFKC", text))
    if not digits:
        raise Refusal(
            "postal_code_missing",
            ja="郵便番号が入力されていません。7桁の郵便番号を入力してください。",
            en="The postal code is missing. Enter its seven digits.",
            field=field,
        )
    if not (len(digits) == 7 and digits.isascii() and digits.isdigit()):
        raise Refusal(
            "postal_code_form",
            ja="郵便番号は7桁の数字です。123-4567のように入力してください。",
            en="A postal code has seven digits. Enter it like 123-4567.",
            field=field,
        )
    return digits


def shown_postal_code(digits: str) -> str:
    """Return a postal code with its hyphen, such as `100-0001`."""
    return f"{digits[:3]}-{digits[3:]}" if len(digits) == 7 else digits


def checked_prefecture(text: str, *, of_code: Collection[str] = ()) -> str:
    """Return a prefecture; `of_code` are those of the postal code, empty when the code is not known."""
    prefecture = tidy(text)
    if prefecture not in PREFECTURES:
        raise Refusal(
            "prefecture_unknown",
            ja="都道府県が正しくありません。「東京都」のように、都道府県まで入力してください。",
            en="The prefecture is not one of the 47. Enter it in full, such as 東京都.",
            field="prefecture",
        )
    if of_code and prefecture not in of_code:
        expected = "・".join(sorted(of_code))
        raise Refusal(
            "prefecture_of_other_code",
            ja=f"郵便番号と都道府県が合いません（この郵便番号は{expected}です）。どちらかを直してください。",
            en=f"Postal code and prefecture do not fit: the code is of {expected}. Correct one of them.",
            field="prefecture",
        )
    return prefecture


_PARTS = {
    "city": ("市区町村", "city"),
    "town": ("町名", "town"),
    "street": ("番地", "street number"),
    "building": ("建物名・部屋番号", "building"),
}


def checked_part(text: str, *, field: str, required: bool) -> str:
    """Return one part of an address (`city`, `town`, `street`, `building`). Raise `Refusal`."""
    ja, en = _PARTS[field]
    part = tidy(text)
    if required and not part:
        raise Refusal(
            f"{field}_missing",
            ja=f"{ja}が入力されていません。{ja}を入力してください。",
            en=f"The {en} is missing. Enter it.",
            field=field,
        )
    if len(part) > PART_LENGTH:
        raise Refusal(
            f"{field}_too_long",
            ja=f"{ja}は{PART_LENGTH}文字までです。短くして入力してください。",
            en=f"The {en} has at most {PART_LENGTH} characters. Shorten it.",
            field=field,
        )
    if not printable(part):
        raise Refusal(
            f"{field}_unprintable",
            ja=f"{ja}に印字できない文字が含まれています。その文字を消して入力し直してください。",
            en=f"The {en} holds a character that cannot be printed. Delete it and type it again.",
            field=field,
        )
    return part
