from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "madoguchi.business.clients"
    verbose_name = "クライアント"
