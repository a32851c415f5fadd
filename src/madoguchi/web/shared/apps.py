from __future__ import annotations

from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "madoguchi.web.shared"
    label = "shared"
    verbose_name = "共通"
