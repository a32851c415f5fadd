from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "madoguchi.business.intake"
    label = "intake"
    verbose_name = "受付"
