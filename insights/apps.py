from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = "经营"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from insights import listening

        listening.listen()
