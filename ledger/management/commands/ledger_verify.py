from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from ledger import queries


class Command(BaseCommand):
    help = "Prove the ledger: entries balanced and sealed, balances equal to their replay. Exit 1 on a finding."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=10, help="how many findings of each kind to name")

    def handle(self, *args: Any, limit: int, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            found = list(queries.findings(limit=limit))
            entries, postings = queries.totals()
        for finding in found:
            self.stderr.write(finding.text)
        if found:
            raise SystemExit(1)
        self.stdout.write(
            f"The ledger holds: {entries} entries, {postings} postings, every balance equal to its replay."
        )
