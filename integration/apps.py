from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    name = "integration"
    verbose_name = "接口"
    default_auto_field = "django.db.models.BigAutoField"
