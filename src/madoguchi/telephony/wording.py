"""The sentences that callers hear from the machine, before a client has its own."""

from __future__ import annotations

WAITING = "ただいま電話が大変混み合っております。順番におつなぎいたしますので、このままお待ちください。"
"""Nobody is free yet."""
AWAY = "お電話ありがとうございます。おつなぎするまで、少々お時間をいただいております。恐れ入りますが、このままお待ちください。"
"""The switchboard is being restarted; the caller's place is kept."""
NOT_IN_USE = (
    "おかけになった電話番号は、現在使われておりません。番号をお確かめになって、もう一度おかけ直しください。"
)
"""The number belongs to no programme."""
PLEASE_HOLD = "担当者におつなぎいたします。少々お待ちください。"
"""Said before a communicator's telephone rings, where a programme wants it."""

ALL: tuple[str, ...] = (WAITING, AWAY, NOT_IN_USE, PLEASE_HOLD)
