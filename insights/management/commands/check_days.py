"""Compare the operators' figures of every day with the rows that they were made from."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insights.commands import check_days
from mall.core import clock

SHOWN_MAX = 50


class Command(BaseCommand):
    help = "Compare the figures of every day that is over with the rows; exit 1 where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        found = check_days(at=clock.now())
        for day, column, kept, true in found[:SHOWN_MAX]:
            self.stdout.write(f"{day} {column}: kept {'nothing' if kept is None else kept}, rows say {true}")
        if found:
            raise CommandError(f"{len(found)} figures differ: run rebuild_days")
        self.stdout.write("every figure is what the rows say")
