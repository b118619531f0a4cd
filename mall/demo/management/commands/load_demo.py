import gc
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import linkage.commands
from linkage.models import LinkageEvent
from mall.core import clock
from mall.demo.advising import tend_relations
from mall.demo.aftercare import care_for_orders
from mall.demo.aiming import aim
from mall.demo.appealing import doubt_and_withdraw
from mall.demo.carts import buy_together, fill_carts
from mall.demo.connecting import connect_a_system
from mall.demo.consenting import bind_wechat_identities, let_people_agree, name_addresses
from mall.demo.days import DAYS, Calendar
from mall.demo.drawing import Drawers, NotDrawn, drawers_at_work
from mall.demo.gallery import hang_banners, hang_gallery, keep_favourites
from mall.demo.goods import subjects
from mall.demo.governing import govern
from mall.demo.minding import compare_books, mind_the_desks
from mall.demo.noting import rank_shopkeepers, write_down
from mall.demo.opening import open_shop
from mall.demo.procuring import buy_for_companies
from mall.demo.provider import provider_at_hand
from mall.demo.reviewing import review_orders
from mall.demo.serving import handle_disputes, serve_customers, write_help
from mall.demo.sharing import open_shops
from mall.demo.shelves import lay_out, limit_goods, look_around
from mall.demo.stage import Stage
from mall.demo.story import tell
from mall.demo.supplying import suppliers_apply
from mall.demo.suspecting import look_for_fraud
from members.models import Member
from orders.models import Order
from suppliers.models import Supplier
from suppliers.queries import miscounted_skus


class Command(BaseCommand):
    help = "Fill an empty mall with the demo: a living shop with 120 days behind it. Only where DEMO is on."

    console = Console(highlight=False)
    # The pages are checked by whatever serves them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=100, help="percent of the members and orders")
        parser.add_argument("--no-pictures", dest="pictures", action="store_false", help="draw no pictures")
        parser.add_argument("--drawers", type=int, default=1, help="processes that draw")

    def handle(self, *args: Any, scale: int, pictures: bool, drawers: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: demo data belong into a demo.")
        if Order.objects.exists() or Member.objects.exists() or Supplier.objects.exists():
            raise CommandError("This mall is not empty: demo data are loaded into an empty, migrated one.")
        if not 5 <= scale <= 100:
            raise CommandError("--scale is a percentage from 5 to 100.")
        # Nearly everything that is made here is short-lived and in no circle: looking for circles is a waste.
        gc.set_threshold(200_000, 20, 20)
        with connection.cursor() as cursor:
            # A load that a power cut ends begins afresh anyway.
            cursor.execute("SET synchronous_commit TO off")
        media = Path(settings.MEDIA_ROOT)
        wanted = subjects() if pictures else []
        with drawers_at_work(wanted, media=media, kept=media.parent / "pictures", processes=drawers) as drawing:
            self._play(scale, drawing, len(wanted))
        self._prove()

    def _play(self, scale: int, drawing: Drawers, pictures: int) -> None:
        started = monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console) as progress:
            days = progress.add_task("Days of the shop", total=DAYS)
            drawn = progress.add_task("Pictured products", total=pictures) if pictures else None

            def show(day: int) -> None:
                progress.update(days, completed=day)
                if drawn is not None:
                    progress.update(drawn, completed=drawing.done())

            calendar = Calendar(clock.now().replace(microsecond=0))
            with provider_at_hand() as provider:
                with transaction.atomic():
                    shop = open_shop(at=calendar.start)
                    write_help(at=calendar.start)
                    hang_gallery()
                    lay_out(at=calendar.start)
                    hang_banners(by=shop.reviewer, at=calendar.start)
                Stage(tell(scale=scale), calendar=calendar, shop=shop, provider=provider).play(on_day=show)
                with transaction.atomic():
                    tend_relations(shop=shop, at=calendar.now)
                with transaction.atomic():
                    let_people_agree(at=calendar.start)
                    name_addresses(at=calendar.now)
                bind_wechat_identities(at=calendar.now)
                with transaction.atomic():
                    limit_goods()
                    look_around(at=calendar.now)
                    keep_favourites(at=calendar.now)
                review_orders(keepers=shop.keepers, operator=shop.reviewer, at=calendar.now)
                serve_customers(shop=shop, pictures=bool(pictures), at=calendar.now)
                care_for_orders(shop=shop, pictures=bool(pictures), at=calendar.now)
                handle_disputes(shop=shop, at=calendar.now)
                buy_together(shop=shop, provider=provider, at=calendar.now)
                fill_carts(shop=shop, at=calendar.now)
                buy_for_companies(shop=shop, provider=provider, at=calendar.now)
                with transaction.atomic():
                    write_down(at=calendar.now)
                    rank_shopkeepers(at=calendar.now)
                    open_shops(shop=shop, pictures=bool(pictures), at=calendar.now)
                govern(shop=shop, at=calendar.now)
                doubt_and_withdraw(shop=shop, at=calendar.now)
                with transaction.atomic():
                    suppliers_apply(at=calendar.now)
                    connect_a_system(at=calendar.now)
                with transaction.atomic():
                    mind_the_desks(shop=shop, at=calendar.now)
                    look_for_fraud(shop=shop, at=calendar.now)
                # What was paid, refunded and decided since the last evening.
                linkage.commands.settle_waiting(at=calendar.now)
                with transaction.atomic():
                    aim(shop=shop, at=calendar.now)
                compare_books(shop=shop, at=calendar.now)
            told = monotonic()
            try:
                drawing.wait()
            except NotDrawn as error:
                raise CommandError(f"The pictures could not be drawn: {error}") from error
            show(DAYS)
        waited = monotonic() - told
        self.console.print(f"{DAYS} days played in {told - started:.1f} s, pictures waited for {waited:.1f} s.")

    def _prove(self) -> None:
        """Prove the books, or fail."""
        waiting = LinkageEvent.objects.filter(number=None, refusal="").count()
        refused = list(LinkageEvent.objects.exclude(refusal="").values_list("key", "refusal")[:5])
        miscounted = [sku.code for sku in miscounted_skus()[:5]]
        if waiting or refused or miscounted:
            raise CommandError(f"{waiting} events wait; refused: {refused}; miscounted stock: {miscounted}.")
        call_command("ledger_verify")
        call_command("linkage_verify")
        call_command("ledger_chain")
        call_command("check_days")
