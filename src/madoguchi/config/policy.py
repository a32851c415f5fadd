"""The Content-Security-Policy: what a page of ours may load, and whom it may talk to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from csp.constants import NONE, SELF


def content_security_policy(host_names: Iterable[str], telephone_port: int) -> dict[str, Any]:
    """Return django-csp's setting: our own origin only, nothing inline, and the telephone's WebSocket.

    The browser's telephone speaks to Asterisk on another port of the same host, so `host_names` are
    those under which pages are served.
    """
    # A source list has no way to write an IPv6 address (CSP Level 3, section 2.3.1).
    names = [name for name in host_names if not name.startswith("[")]
    telephones = [f"{scheme}://{name}:{telephone_port}" for name in names for scheme in ("ws", "wss")]
    return {
        "DIRECTIVES": {
            "default-src": [SELF],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, "data:"],
            "font-src": [SELF],
            "connect-src": [SELF, *telephones],
            "media-src": [SELF, "blob:"],
            "object-src": [NONE],
            "base-uri": [NONE],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
        }
    }
