"""What the catalogue does by itself."""

from celery import shared_task

from mall.core import clock

from . import commands


@shared_task
def cool_words() -> None:
    """Let hot words fade."""
    commands.cool_words()


@shared_task
def prune_views() -> None:
    """Forget what was looked at long ago."""
    commands.prune_views(at=clock.now())


@shared_task
def refresh_search() -> None:
    """Count anew what each word finds; drop words that find nothing any more."""
    commands.rebuild_search()


@shared_task
def prune_sheets() -> int:
    """Forget files of rows after ninety days."""
    return commands.prune_sheets(at=clock.now())


@shared_task
def prune_offers() -> None:
    """Forget whom seats were offered long ago."""
    commands.prune_offers(at=clock.now())


@shared_task
def apply_price_changes() -> int:
    """Let prices whose rest is over come into force."""
    return commands.apply_price_changes(at=clock.now())


@shared_task
def check_papers() -> int:
    """Warn of papers that run out, and take off the shelf what was sold with a permit that did."""
    return commands.check_papers(at=clock.now())
