from django.apps import AppConfig


class MallConfig(AppConfig):
    """The project itself, so that every process publishes tasks with the configured queue."""

    name = "mall"

    def ready(self) -> None:
        from mall import celery

        celery.app.set_default()
