"""How the desk writes durations, money and telephone numbers."""

from __future__ import annotations

from django import template

from madoguchi.business.intake.rules import shown_phone

register = template.Library()


@register.filter
def clock(seconds: float) -> str:
    """Write a duration as minutes and seconds, such as `5:12`, or with hours from one hour on."""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


@register.filter
def yen(amount: int) -> str:
    """Write an amount of money, such as `4,320円`."""
    return f"{amount:,}円"


@register.filter
def phone(digits: str) -> str:
    """Write a telephone number with its hyphens."""
    return shown_phone(digits)
