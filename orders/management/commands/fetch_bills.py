"""Fetch the bills of payment providers by hand."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from mall.core import clock
from mall.core.ids import SHANGHAI
from orders.commands import fetch_bill
from orders.gateways import GatewayError
from orders.queries.bills import unmatched


class Command(BaseCommand):
    help = "Fetch the bills of a day from all payment providers, and name what stands in only one of the two books."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", help="a day in Shanghai, as in 2026-11-21; yesterday without it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = parse_date(options["date"]) if options["date"] else None
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["date"] and day is None:
            raise CommandError("The day is written as in 2026-11-21.")
        day = day or (clock.now().astimezone(SHANGHAI) - timedelta(days=1)).date()
        failed = []
        for provider in settings.PAYMENT_GATEWAYS:
            try:
                bill = fetch_bill(provider=provider, day=day, at=clock.now())
            except GatewayError as error:
                failed.append(f"{provider}: {error}")
                continue
            if bill is None:
                self.stdout.write(f"{provider} {day}: no bill")
                continue
            differences = unmatched(provider=provider, day=day)
            self.stdout.write(f"{provider} {day}: {bill.lines.count()} lines, {len(differences)} differences")
            for found in differences:
                self.stdout.write(f"  {found.difference} {found.kind} {found.number} {found.bill_fen} {found.our_fen}")
        if failed:
            raise CommandError("; ".join(failed))
