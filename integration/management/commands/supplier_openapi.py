"""Print the document of the suppliers' interface in English, as docs/api/supplier-openapi.json keeps it."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from integration.api.openapi import described


class Command(BaseCommand):
    help = "Print the OpenAPI document of the suppliers' interface in English."

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            self.stdout.write(json.dumps(described(), ensure_ascii=False, indent=2))
