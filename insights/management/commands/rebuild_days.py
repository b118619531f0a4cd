"""Make the operators' figures of every day anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insights.commands import Repeating, rebuild_days
from mall.core import clock


class Command(BaseCommand):
    help = "Make the figures of every day anew from the rows."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            days = rebuild_days(at=clock.now())
        except Repeating:
            raise CommandError("another process is making the figures; try again in a minute") from None
        self.stdout.write(f"{days} days made anew")
