import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from mall.demo.people import ACCOUNTS, PASSWORD
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
        table = Table(box=None, header_style="bold")
        for title in ("Who", "", "Phone", "How to log in"):
            table.add_column(title)
        for account in ACCOUNTS:
            member = known[account.phone]
            way = (
                f"{settings.SITE_URL}{account.site} with the password {PASSWORD}"
                if account.site
                else f"{settings.SITE_URL}/account/login/ with the code shown at /demo/outbox"
            )
            table.add_row(account.nickname, account.role, account.phone.removeprefix("+86"), way)
            if account.name == "agent":
                table.add_row("", "", "", f"its referral link: {settings.SITE_URL}/r/{member.referral_code}")
        Console(highlight=False, soft_wrap=True).print(table)
