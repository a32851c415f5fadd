"""Asterisk versions: which we take, and what the newer ones can do."""

from __future__ import annotations

import re

Version = tuple[int, int, int]

OLDEST: Version = (22, 0, 0)
"""The oldest server that we work with."""
REST_OVER_WEBSOCKET: Version = (22, 4, 0)
"""From here ARI requests may travel over a WebSocket; before it over HTTP only."""


def version_of(text: str) -> Version | None:
    """Return the version in `Asterisk 22.10.1~dfsg…` or `22.10.1`; None where there is none (`GIT-…`)."""
    found = re.search(r"(?<![\w.-])(\d+)\.(\d+)(?:\.(\d+))?", text)
    if found is None:
        return None
    major, minor, patch = found.groups(default="0")
    return int(major), int(minor), int(patch)
