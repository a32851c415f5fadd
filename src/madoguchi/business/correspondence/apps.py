from __future__ import annotations

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "madoguchi.business.correspondence"
    label = "correspondence"
    verbose_name = "通信"
