from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "madoguchi.business.staff"
    verbose_name = "スタッフ"
