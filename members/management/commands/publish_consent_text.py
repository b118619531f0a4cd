from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mall.core import clock
from members.commands import publish_consent_text
from members.consent_texts import MalformedText, read_wording
from members.models import ConsentKind


class Command(BaseCommand):
    help = (
        "Put new words of an agreement into force: whoever logs in agrees to them, and the old version stays readable."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=ConsentKind.values)
        parser.add_argument("file", type=Path, help="`# title`, `> purpose`, an empty line, the body")

    def handle(self, *args: Any, kind: str, file: Path, **options: Any) -> None:
        try:
            wording = read_wording(file.read_text(encoding="utf-8"))
        except (OSError, MalformedText) as error:
            raise CommandError(f"{file} cannot be read as a text: it needs a title, a purpose and a body") from error
        text = publish_consent_text(kind=kind, wording=wording, at=clock.now())
        self.stdout.write(f"{kind} version {text.version} is in force")
