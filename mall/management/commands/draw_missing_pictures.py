"""Draw pictures of goods that have none; the worker does the same every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from mall.missing_pictures import draw_missing_pictures


class Command(BaseCommand):
    help = "Draw pictures of goods that have none."

    def handle(self, *args: Any, **options: Any) -> None:
        drawn = 0
        while done := draw_missing_pictures():
            drawn += done
        self.stdout.write(f"{drawn} products")
