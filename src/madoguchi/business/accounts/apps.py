from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "madoguchi.business.accounts"
    verbose_name = "利用者"
