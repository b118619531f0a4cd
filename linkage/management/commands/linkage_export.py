import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from linkage import exporter
from linkage.rules.result import write_result
from mall.core import clock


class Command(BaseCommand):
    help = "Write standings, rewards and ledger balances as the result JSON of the rules (docs/rules.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, help="where to write it; otherwise to the standard output")

    def handle(self, *args: Any, out: Path | None, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            result = exporter.result(at=clock.now())
            if out is None:
                write_result(result, sys.stdout)
                return
            try:
                with out.open("w", encoding="utf-8") as target:
                    write_result(result, target)
            except OSError as error:
                raise CommandError(f"{out} cannot be written: {error.strerror}", returncode=2) from error
        self.stdout.write(f"Wrote {out}.")
