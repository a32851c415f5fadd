from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "madoguchi.web.desk"
    label = "desk"
    verbose_name = "デスク"
