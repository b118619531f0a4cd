from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ledger import commands
from mall.core import clock


class Command(BaseCommand):
    help = "Chain the entries that are not chained yet, and publish the root of today where there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from-start",
            action="store_true",
            help="look at the whole of the books again, as after a restore; what is chained stays",
        )

    def handle(self, *args: Any, from_start: bool, **options: Any) -> None:
        if from_start:
            commands.rewind_chain()
        chained = commands.chain_entries()
        root = commands.publish_root(at=clock.now())
        self.stdout.write(f"{chained} entries of holders chained")
        if root is not None:
            self.stdout.write(f"{root.date}: {bytes(root.root).hex()} over {root.holders} holders")
