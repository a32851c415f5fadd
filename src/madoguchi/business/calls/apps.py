from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "madoguchi.business.calls"
    verbose_name = "通話"
