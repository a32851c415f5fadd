from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "madoguchi.business.handover.delivery"
    label = "delivery"
    verbose_name = "納品"

    def ready(self) -> None:
        # Connects the receiver of intake's word of a new order, whatever else has been imported.
        import_module(f"{self.name}.actions")
