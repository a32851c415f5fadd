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
    telephones = [f"{scheme}://{name}:{telephone_port}" for name in host_names for scheme in ("ws", "wss")]
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
