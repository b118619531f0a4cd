from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "linkage"
    verbose_name = "链动 2+1"
    default_auto_field = "django.db.models.BigAutoField"
