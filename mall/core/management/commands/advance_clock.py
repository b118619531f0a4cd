from datetime import timedelta
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandError, CommandParser
from kombu.exceptions import OperationalError

from mall.core import clock


class Command(BaseCommand):
    help = (
        "Put the demo's clock forward, so that deadlines and cooling-off periods pass, and ring for the periodic work."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=0)
        parser.add_argument("--hours", type=int, default=0)

    def handle(self, *args: Any, days: int, hours: int, **options: Any) -> None:
        try:
            present = clock.advance(timedelta(days=days, hours=hours))
        except (RuntimeError, ValueError, OverflowError) as error:
            raise CommandError(f"The clock stays as it is: {error}.") from error
        self.stdout.write(f"The demo's clock now shows {present:%Y-%m-%d %H:%M} UTC.")
        try:
            for entry in current_app.conf.beat_schedule.values():
                current_app.send_task(entry["task"], retry=False)
        except OperationalError:
            self.stderr.write("The queue does not answer; the periodic work follows within minutes of its return.")
