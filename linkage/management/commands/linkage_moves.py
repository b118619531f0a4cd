from typing import Any

from django.core.management.base import BaseCommand

from linkage.commands import write_missing_moves


class Command(BaseCommand):
    help = "Write who left which team, where the rows are missing: once, in a mall that is older than that table."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{write_missing_moves()} moves written.")
