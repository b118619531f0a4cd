import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mall.demo.drawing import digest_of_code
from mall.demo.gallery import half_hung, hang_views


class Command(BaseCommand):
    help = "Draw the views of the demo's goods that the mall opened without. A repeat goes on with what is left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quietly", action="store_true", help="let pages that somebody looks at come first")
        parser.add_argument("--limit", type=int, help="draw those of so many products at most")

    def handle(self, *args: Any, quietly: bool, limit: int | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: demo data belong into a demo.")
        media = Path(settings.MEDIA_ROOT)
        kept = media.parent / "pictures"
        kept.mkdir(parents=True, exist_ok=True)
        if quietly:
            os.nice(10)
        code = digest_of_code()
        products = half_hung()[:limit]
        for product in products:
            hang_views(product, media=media, kept=kept, code=code)
        self.stdout.write(f"{len(products)} products")
