"""Passwords of clients' files: kept encrypted (Fernet), readable only with the key of the settings."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from madoguchi.kernel.errors import Refusal


def sealed(text: str) -> str:
    """Encrypt a text for a column."""
    return _cipher().encrypt(text.encode()).decode("ascii")


def opened(token: str) -> str:
    """Decrypt what `sealed` made. Raise `Refusal` when it was sealed with another key."""
    try:
        return _cipher().decrypt(token.encode("ascii")).decode()
    except InvalidToken as error:
        raise Refusal(
            "password_unreadable",
            ja="ファイルのパスワードを復号できません。鍵（MADOGUCHI_FIELD_KEY）が変わっています。管理画面の「納品方法」でパスワードを登録し直してください。",
            en="The file's password cannot be decrypted: the key (MADOGUCHI_FIELD_KEY) has changed. Enter the password anew under “納品方法” in the administration.",
        ) from error


def _cipher() -> Fernet:
    return Fernet(settings.MADOGUCHI_FIELD_KEY)
