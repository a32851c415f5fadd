from django.apps import AppConfig


class LinesConfig(AppConfig):
    name = "madoguchi.business.lines"
    verbose_name = "回線"
