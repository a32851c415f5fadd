"""Lengths of time as people at a telephone say them."""

from __future__ import annotations


def minutes_and_seconds(seconds: float | None) -> str:
    """Return a length as `2:05` or `1:02:05`, half seconds rounded away; nothing for None."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
