from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "agents"
    verbose_name = "代理"
    default_auto_field = "django.db.models.BigAutoField"
