from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from ledger import queries


class Command(BaseCommand):
    help = "Check the chains: every entry as it was chained, none left out, the published root. Exit 1 on a flaw."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=20, help="how many flaws to name")
        parser.add_argument("--all-roots", action="store_true", help="check the root of every day, not the newest only")

    def handle(self, *args: Any, limit: int, all_roots: bool, **options: Any) -> None:
        checked, found = queries.Checked(), 0
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for flaw in queries.chain_flaws(checked=checked, all_roots=all_roots):
                self.stderr.write(flaw.text)
                found += 1
                if found == limit:
                    break
        if found:
            raise SystemExit(1)
        self.stdout.write(
            f"The chains hold: {checked.links} entries of {checked.holders} holders, {checked.roots} roots checked."
        )
