from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from linkage import importer
from linkage.rules.event_file import EventFileError
from mall.core import clock


class Command(BaseCommand):
    help = "Import another mall's history, an event file, into an empty mall; an interrupted import goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--chunk", type=int, default=importer.CHUNK, help="lines of one transaction")

    def handle(self, *args: Any, file: Path, chunk: int, **options: Any) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        try:
            with Progress(*columns, console=Console(stderr=True)) as bar:
                task = bar.add_task("events", total=None)
                run = importer.import_file(
                    file,
                    at=clock.now(),
                    chunk_size=max(1, chunk),
                    progress=lambda done, lines: bar.update(task, completed=done, total=lines),
                )
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=2) from error
        except (EventFileError, importer.ImportRefused) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"Imported {run.lines} events.")
