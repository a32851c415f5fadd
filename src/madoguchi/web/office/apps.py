from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "madoguchi.web.office"
    label = "office"
    verbose_name = "事務"
