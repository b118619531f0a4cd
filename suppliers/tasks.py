"""What the catalogue does by itself."""

from celery import shared_task
from django.core.cache import cache

from mall.core import clock
from mall.core.doorbell import Doorbell

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
    """Warn of papers that run out, and take off the shelf what was sold with a permit that did, or lacks one for too
    long."""
    at = clock.now()
    return commands.check_papers(at=at) + commands.watch_permits(at=at)


def progress_key(sheet_id: int) -> str:
    """How the cache calls how far an import is: products done, and how many there are."""
    return f"import:{sheet_id}"


@shared_task(name="suppliers.tasks.import_sheet", base=Doorbell)
def import_sheet(sheet_id: int) -> None:
    """Make the drafts of a file that was confirmed."""
    commands.run_import(
        sheet_id=sheet_id,
        at=clock.now(),
        tell=lambda done, of: cache.set(progress_key(sheet_id), (done, of)),
    )


@shared_task
def sweep_imports() -> int:
    """Ring again for files whose ring was lost, or whose worker is gone. Returns how many."""
    waiting = commands.unfinished_imports()
    for sheet_id in waiting:
        import_sheet.ring(sheet_id)
    return len(waiting)
