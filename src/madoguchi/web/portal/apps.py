from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "madoguchi.web.portal"
    label = "portal"
    verbose_name = "クライアント窓口"
