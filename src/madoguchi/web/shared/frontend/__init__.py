"""The one part of our pages that is bundled: JsSIP, for the browser telephone."""

from __future__ import annotations

from madoguchi.web.shared.frontend.bundle import build

__all__ = ["build"]
