"""What the mall does by itself beside its apps."""

from celery import shared_task

from mall import missing_pictures


@shared_task
def draw_missing_pictures() -> None:
    """Draw pictures of goods that came without one."""
    missing_pictures.draw_missing_pictures()
