from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "madoguchi.business.knowledge"
    verbose_name = "商品"
