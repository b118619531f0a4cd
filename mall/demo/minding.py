"""What lies on the desks of suppliers and operators: statements, goods on their way, samples, changes that wait for a
look, a refund that waits for the second person, and days of which the books were compared."""

from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise

from django.db.models import Q

import agents.commands
import orders.commands
import reconciliation.commands
import remittance.commands
import suppliers.commands
from agents.models import Shop as OwnShop
from mall.core import clock
from mall.core.ids import SHANGHAI
from members.queries import default_address
from orders.models import Order, OrderState
from orders.queries.refund_sums import rest_of_order
from reconciliation.models import Day
from reconciliation.queries import closing_obstacles
from remittance.models import Statement
from remittance.rules import REST
from suppliers.models import Product, Sku, Supplier

from .opening import Shop

STATED_MONTHS = 3
COMPARED_DAYS = 3
BANKS = ("工商银行武夷山支行", "农业银行五常支行", "建设银行抚松支行", "招商银行南京分行")
# Product, what its supplier wants to say of it from now on.
CHANGED = {"da-hong-pao": "岩骨花香，三坑两涧原料拼配，足火慢炖三道"}
OFFERED = {"da-hong-pao": "秋茶新到，朋友圈图文已备好，卖得动再补货", "long-jing": "明前春茶尾货，送礼装好卖"}
SAMPLED = ("da-hong-pao", "walnut-crisp", "goji")
REFUNDED = "买家收到的包装破损，电话沟通后同意整单退"


def mind_the_desks(*, shop: Shop, at: datetime) -> None:
    """Leave all of it but the compared days behind."""
    _order_goods(shop, at)
    _propose_changes(shop, at)
    _offer_goods(shop, at)
    _ask_for_samples(at)
    _ask_for_refund(shop, at)
    _state_months(shop, at)


def compare_books(*, shop: Shop, at: datetime) -> None:
    """Compare the last days with the provider's bills, and close the first of them by two persons where nothing is
    open. The provider is at hand."""
    today = at.astimezone(SHANGHAI).date()
    days = [today - timedelta(days=number) for number in range(COMPARED_DAYS, 0, -1)]
    with clock.standing_at(at):
        for day in days:
            check = reconciliation.commands.ask_check(day=day, by=shop.reviewer, at=at)
            reconciliation.commands.run_check(check_id=check.pk, tick=lambda: at)
    if closing_obstacles(day=Day.objects.get(date=days[0]), is_over=True):
        return
    reconciliation.commands.ask_to_close(day=days[0], words="三方一致，没有未平", by=shop.reviewer, at=at)
    reconciliation.commands.close_day(day=days[0], by=shop.releaser, at=at)


def _order_goods(shop: Shop, at: datetime) -> None:
    """Each supplier buys what is sold out or nearly so; of one purchase a part has come."""
    today = at.astimezone(SHANGHAI).date()
    order_restock = partial(suppliers.commands.order_restock, at=at - timedelta(days=4), note="按建议采购")
    for supplier in Supplier.objects.order_by("pk"):
        scarce = Sku.objects.filter(product__supplier=supplier, is_active=True).order_by("on_hand", "pk")[:2]
        ordered = order_restock(
            supplier=supplier,
            items={sku.pk: 60 for sku in scarce},
            expected_date=today + timedelta(days=3),
            by=shop.keepers[supplier.pk],
        )
        first, *_rest = ordered.lines.order_by("pk")
        if supplier.slug == "yanxu":
            suppliers.commands.receive_restock(
                restock=ordered, items={first.pk: 24}, by=shop.keepers[supplier.pk], at=at - timedelta(hours=20)
            )


def _propose_changes(shop: Shop, at: datetime) -> None:
    for product in Product.objects.filter(slug__in=CHANGED).order_by("pk"):
        suppliers.commands.propose_changes(
            product=product,
            content={"subtitle": CHANGED[product.slug]},
            by=shop.keepers[product.supplier_id],
            at=at - timedelta(hours=3),
        )


def _offer_goods(shop: Shop, at: datetime) -> None:
    until = (at + timedelta(days=20)).astimezone(SHANGHAI).date()
    for product in Product.objects.filter(slug__in=OFFERED, commission_bps__gt=0).order_by("pk"):
        agents.commands.open_offer(
            product=product, words=OFFERED[product.slug], until_date=until, by=shop.keepers[product.supplier_id], at=at
        )


def _ask_for_samples(at: datetime) -> None:
    """Shopkeepers ask for a piece before they sell it; the first is promised one."""
    slugs = Product.objects.filter(slug__in=SAMPLED, commission_bps__gt=0).order_by("pk").values_list("slug", flat=True)
    for own, slug in zip(OwnShop.objects.select_related("owner").order_by("pk"), slugs, strict=False):
        address = default_address(member=own.owner)
        if address is not None:
            agents.commands.ask_sample(
                member=own.owner,
                slug=slug,
                address=address,
                words="先自己喝两天，再拍图文发给老客户",
                at=at - timedelta(hours=30),
            )


def _ask_for_refund(shop: Shop, at: datetime) -> None:
    """One operator asks for an order to be refunded whole; the other one has not looked yet."""
    open_case = Q(after_sales__isnull=False)
    received = Order.objects.filter(state=OrderState.RECEIVED, packs=0, refunded_fen=0).exclude(open_case)
    order = received.order_by("-pk").first()
    if order is not None:
        seen_fen = rest_of_order(order=order).amount_fen
        orders.commands.ask_refund(
            order=order, reason=REFUNDED, seen_fen=seen_fen, by=shop.reviewer, at=at - timedelta(hours=2)
        )


def _state_months(shop: Shop, at: datetime) -> None:
    """Give every supplier an account and the statements of the last months. Of the first supplier the oldest is paid
    and the next one waits for the second person; the last one waits for the supplier to say yes."""
    ends = _first_days(at.astimezone(SHANGHAI).date(), STATED_MONTHS + 1)
    for number, supplier in enumerate(Supplier.objects.order_by("pk")):
        keeper = shop.keepers[supplier.pk]
        remittance.commands.set_account(
            supplier=supplier,
            holder=f"{supplier.name}有限公司",
            bank_name=BANKS[number % len(BANKS)],
            number=f"62284800{supplier.pk:011d}",
            by=keeper,
            at=at - REST - timedelta(days=30),
        )
        for start, end in pairwise(ends):
            remittance.commands.close_statement(supplier=supplier, start=start, end=end, at=at)
        made = list(Statement.objects.filter(supplier=supplier).order_by("start_date"))
        for statement in made[:-1]:
            remittance.commands.confirm_statement(statement=statement, by=keeper, at=at - timedelta(days=1))
            if number == 0 and statement.payable_fen > 0:
                remittance.commands.approve_payment(statement=statement, by=shop.reviewer, at=at - timedelta(hours=6))
        if number == 0 and len(made) > 1 and made[0].payable_fen > 0:
            remittance.commands.release_payment(
                statement=made[0], bank_reference="2026110288001234", by=shop.releaser, at=at - timedelta(hours=5)
            )


def _first_days(today: date, count: int) -> list[date]:
    """Return the first days of the last months and of this one, in order."""
    days = [today.replace(day=1)]
    while len(days) < count:
        days.insert(0, (days[0] - timedelta(days=1)).replace(day=1))
    return days
