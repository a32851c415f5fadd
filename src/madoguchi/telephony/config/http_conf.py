"""http.conf and ari.conf: one port for ARI and for the browser telephones' WebSocket (`/ws`)."""

from __future__ import annotations

from madoguchi.telephony.settings import TelephoneSettings

from .sections import document, section

SESSIONS = 5000
"""ARI's sockets and every browser telephone count; Asterisk's own limit of 100 is a small centre."""
WRITE_TIMEOUT_MS = 2000
"""A client that takes no message for so long is cut off; Asterisk's own 100 ms is one long garbage collection."""


def render_http(settings: TelephoneSettings) -> str:
    """Return http.conf."""
    general = [
        ("enabled", True),
        ("bindaddr", settings.bind),
        ("bindport", settings.http_port),
        ("sessionlimit", SESSIONS),
        ("enable_static", False),
        ("enable_status", False),
    ]
    return document([section("general", general)])


def render_ari(settings: TelephoneSettings) -> str:
    """Return ari.conf. It holds the password of ARI."""
    general = [("enabled", True), ("pretty", False), ("websocket_write_timeout", WRITE_TIMEOUT_MS)]
    user = [
        ("type", "user"),
        ("read_only", False),
        ("password_format", "plain"),
        ("password", settings.ari_password),
    ]
    return document([section("general", general), section(settings.ari_user, user)])
