"""Write anew what all products are found by: after a new dictionary, or after rows came in by another way."""

from typing import Any

from django.core.management.base import BaseCommand

from suppliers.commands import rebuild_search


class Command(BaseCommand):
    help = "Write anew what all products are found by."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_search()} products")
