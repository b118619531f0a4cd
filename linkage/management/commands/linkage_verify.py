from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from linkage import audit


class Command(BaseCommand):
    help = "Replay the plans and all settled events and compare with the database. Reads only; exit 1 on a difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=20, help="how many differences to name")

    def handle(self, *args: Any, limit: int, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            outcome = audit.replay()
            found = list(islice(audit.findings(outcome), limit))
        for finding in found:
            self.stderr.write(finding)
        if found:
            raise SystemExit(1)
        members = sum(1 for _ in outcome.members)
        self.stdout.write(f"The replay of {outcome.events} events agrees: {members} members, every reward and balance.")
