"""Names as people write them: the kanji as they are, the reading in full-width katakana.

Names are not put into a Unicode normal form as a whole. Even NFC turns the 塚, 神 or 祥 that a family
insists on (CJK compatibility ideographs) into another character, and NFKC does worse; 髙, 﨑 and
variation selectors are part of a name.
"""

from __future__ import annotations

import re
import unicodedata

import jaconv

from madoguchi.kernel.errors import Refusal

NAME_LENGTH = 60

_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_KANA_WITH_MARK = re.compile("[ぁ-ヿ][\u3099\u309a]")
_SPACES = re.compile(r"[\s\u3000]+")
_KANA = re.compile("[ァ-ヺー・]+(?: [ァ-ヺー・]+)*")
_HYPHEN_IN_KANA = re.compile("(?<=[ァ-ヺ])[-‐‑–—―−]")
#: Control characters, lone surrogates, private use, not assigned: no system behind us can print them.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def tidy(text: str) -> str:
    """Trim, make one space of many, and write half-width kana full-width; nothing else changes."""
    plain = _HALF_WIDTH_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana[0]), text)
    plain = _KANA_WITH_MARK.sub(lambda kana: unicodedata.normalize("NFC", kana[0]), plain)
    return _SPACES.sub(" ", plain).strip()


def printable(text: str) -> bool:
    """Say whether every character is one that can be printed (line breaks are not)."""
    return all(unicodedata.category(character) not in _UNPRINTABLE for character in text)


def checked_name(text: str, *, field: str = "name") -> str:
    """Return a name ready to keep, its parts parted by one half-width space. Raise `Refusal`."""
    name = tidy(text)
    if not name:
        raise Refusal(
            "name_missing",
            ja="氏名が入力されていません。お客様の氏名を入力してください。",
            en="The name is missing. Enter the customer's name.",
            field=field,
        )
    if len(name) > NAME_LENGTH:
        raise Refusal(
            "name_too_long",
            ja=f"氏名は{NAME_LENGTH}文字までです。短くして入力してください。",
            en=f"A name has at most {NAME_LENGTH} characters. Shorten it.",
            field=field,
        )
    if not printable(name):
        raise Refusal(
            "name_unprintable",
            ja="氏名に印字できない文字が含まれています。その文字を消して入力し直してください。",
            en="The name holds a character that cannot be printed. Delete it and type it again.",
            field=field,
        )
    return name


def checked_kana(text: str, *, field: str = "kana") -> str:
    """Return a reading in full-width katakana, from hiragana and half-width kana too. Raise `Refusal`."""
    plain = jaconv.hira2kata(unicodedata.normalize("NFKC", text))
    kana = _HYPHEN_IN_KANA.sub("ー", _SPACES.sub(" ", plain).strip())
    if not kana:
        raise Refusal(
            "kana_missing",
            ja="フリガナが入力されていません。お名前の読み方を伺って、カタカナで入力してください。",
            en="The reading is missing. Ask how the name is read and enter it in katakana.",
            field=field,
        )
    if len(kana) > NAME_LENGTH:
        raise Refusal(
            "kana_too_long",
            ja=f"フリガナは{NAME_LENGTH}文字までです。短くして入力してください。",
            en=f"A reading has at most {NAME_LENGTH} characters. Shorten it.",
            field=field,
        )
    if not _KANA.fullmatch(kana):
        raise Refusal(
            "kana_not_kana",
            ja="フリガナにカナ以外の文字が含まれています。カタカナかひらがなだけで入力してください。",
            en="The reading holds something other than kana. Use katakana or hiragana only.",
            field=field,
        )
    return kana
