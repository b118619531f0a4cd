import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from mall.demo.people import ACCOUNTS, AGENT, PASSWORD
from members.models import Member


class Command(BaseCommand):
    help = "Tell as whom one can log in to the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: there are no demo accounts.")
        known = Member.objects.in_bulk([account.phone for account in ACCOUNTS], field_name="phone")
        if len(known) < len(ACCOUNTS):
            raise CommandError("There are no demo data: `manage.py load_demo` makes them.")
        if json:
            self._print_json(known)
        else:
            self._print_table(known)

    def _print_json(self, known: dict[str, Member]) -> None:
        answer = {}
        for account in ACCOUNTS:
            row = {
                "phone": account.phone,
                "nickname": account.nickname,
                "referral_code": known[account.phone].referral_code,
            }
            answer[account.name] = row | ({"password": PASSWORD, "site": account.site} if account.site else {})
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))

    def _print_table(self, known: dict[str, Member]) -> None:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for account in ACCOUNTS:
            table.add_row(
                account.phone.removeprefix("+86"), account.nickname, account.role, account.site or "/account/login/"
            )
        code = known[next(account.phone for account in ACCOUNTS if account.name == AGENT)].referral_code
        console = Console(highlight=False, soft_wrap=True)
        console.print(table)
        console.print(f"Members log in by the code that {settings.SITE_URL}/demo/outbox shows;")
        console.print(f"on /supplier/ and /ops/ the password is [bold]{PASSWORD}[/].")
        console.print("/ops/ also asks for a one-time code: the outbox shows the operators' codes.")
        console.print(f"A referral link of the partner: {settings.SITE_URL}/r/{code}")
