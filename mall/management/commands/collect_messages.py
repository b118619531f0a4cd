"""`manage.py collect_messages`: bring the English catalogue up to date, and name what it lacks."""

from typing import Any

from django.core.management.base import BaseCommand

from mall import messages


class Command(BaseCommand):
    help = "Collects the strings of code and templates into locale/en and compiles it; names those without translation."

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = messages.updated()
        path = messages.catalogue_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(messages.text_of(catalogue))
        path.with_suffix(".mo").write_bytes(messages.compiled(messages.kept()))
        missing = messages.untranslated(catalogue)
        self.stdout.write(f"{len(catalogue)} strings, {len(missing)} without translation")
        for text in missing:
            self.stdout.write(f"  {text}")
