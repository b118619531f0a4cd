from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mall.core import clock


class Command(BaseCommand):
    help = "Put the demo's clock forward, so that deadlines and cooling-off periods pass."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=0)
        parser.add_argument("--hours", type=int, default=0)

    def handle(self, *args: Any, days: int, hours: int, **options: Any) -> None:
        try:
            present = clock.advance(timedelta(days=days, hours=hours))
        except (RuntimeError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The demo's clock now shows {present:%Y-%m-%d %H:%M} UTC.")
