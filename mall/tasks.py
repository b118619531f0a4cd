"""What the mall does by itself beside its apps."""

from celery import shared_task

from mall import missing_pictures
from mall.core import clock, personal


@shared_task
def draw_missing_pictures() -> None:
    """Draw pictures of goods that came without one."""
    missing_pictures.draw_missing_pictures()


@shared_task
def end_terms() -> int:
    """Empty what was kept of closed accounts for as long as the law asks; returns how many rows."""
    return personal.end_terms(at=clock.now())
