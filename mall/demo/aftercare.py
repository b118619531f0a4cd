"""What becomes of goods after they were sent: parcels on their way, and after-sale cases in every state."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Least

from mall.core import clock
from mall.core.photos import Photo
from mall.pictures import SNAPSHOTS, draw_snapshot
from members.models import Member
from orders.commands import OrderRefused, ship_order
from orders.commands import after_sale as commands
from orders.commands.hurrying import remind_supplier
from orders.commands.refunding import send_refund
from orders.commands.tracking import announce_parcel, ask_carrier
from orders.models import AfterSale, Order, OrderLine, OrderState, Parcel, Refund
from suppliers.models import Supplier

from .opening import Shop
from .people import ACCOUNTS, CONSUMER

SIDE = 750
ON_THE_WAY = timedelta(days=2)
NEWEST = 30
HOUSES = (
    "浙江省杭州市余杭区良渚街道 8 号仓",
    "福建省武夷山市星村镇 3 号仓",
    "江苏省苏州市吴江区同里路 66 号",
    "广东省佛山市顺德区大良街道 12 号",
)


@dataclass(frozen=True, slots=True)
class Told:
    """A case of the story: asked so many hours ago, then one thing after the other, each so many hours later."""

    kind: str
    reason: str
    hours: int
    steps: tuple[tuple[str, int], ...] = ()
    note: str = ""
    words: str = ""
    photos: int = 0


CASES = (
    Told("return_refund", "damaged", 5, (), "外盒压坏了，里面的罐子也瘪了", photos=2),
    Told(
        "refund_only",
        "not_as_described",
        30,
        (("refuse", 6),),
        "颜色和图片差很多",
        "实物图已在详情页标注，属于正常色差",
        1,
    ),
    Told(
        "return_refund",
        "bad_quality",
        60,
        (("refuse", 8), ("dispute", 20)),
        "打开有受潮的味道",
        "出库检验合格，怀疑是存放不当",
        2,
    ),
    Told("return_refund", "no_reason", 20, (("agree", 4),)),
    Told("return_refund", "wrong_goods", 70, (("agree", 3), ("send_back", 14)), "发成了另一个规格", photos=1),
    Told("return_refund", "damaged", 150, (("agree", 3), ("send_back", 12), ("take_back", 80)), photos=1),
    Told("exchange", "damaged", 110, (("agree", 2), ("send_back", 12), ("take_back", 70)), "杯口有缺口", photos=1),
    Told("exchange", "wrong_goods", 130, (("agree", 2), ("send_back", 9), ("take_back", 60), ("resend", 20))),
    Told(
        "exchange",
        "bad_quality",
        165,
        (("agree", 2), ("send_back", 9), ("take_back", 60), ("resend", 18), ("take_replacement", 50)),
    ),
    Told("refund_only", "too_few", 26, (("agree", 5),), "少了一小袋", photos=1),
    Told("return_refund", "no_reason", 40, (("cancel", 3),)),
    Told(
        "refund_only",
        "not_as_described",
        96,
        (("refuse", 6), ("dispute", 10), ("close", 30)),
        "和想的不一样",
        "图片和实物一致",
        1,
    ),
)


def care_for_orders(*, shop: Shop, pictures: bool, at: datetime) -> int:
    """Follow the parcels and tell the cases; returns how many there are. The provider is at hand."""
    with clock.standing_at(at):
        _houses()
        _arrive()
        _pack_in_parts(shop, at)
        member = Member.objects.get(phone=next(one.phone for one in ACCOUNTS if one.name == CONSUMER))
        _hurry(member, at)
        _call_off(member, at)
        taken: set[int] = set()
        for told in CASES:
            line = _line(told, member, taken, at)
            if line is not None:
                taken.add(line.order_id)
                _tell(told, line, shop, pictures, at - timedelta(hours=told.hours))
        _follow(member, at)
        for number in list(Refund.objects.filter(state="requested", order__packs=0).values_list("number", flat=True)):
            send_refund(number=number, at=at)
    return AfterSale.objects.count()


def _houses() -> None:
    for place, supplier in enumerate(Supplier.objects.order_by("pk")):
        commands.set_return_address(
            supplier=supplier,
            name=f"{supplier.name}售后",
            phone=f"1390000{1000 + place}",
            address=HOUSES[place % len(HOUSES)],
        )


def _arrive() -> None:
    """What was received had been delivered two days after it left, at the latest when it was received."""
    received = Order.objects.filter(pk=OuterRef("order_id")).values("received_at")
    there = Parcel.objects.filter(order__received_at__isnull=False)
    there.update(
        announced_at=F("shipped_at"),
        delivered_at=Least(F("shipped_at") + ON_THE_WAY, Coalesce(Subquery(received), F("shipped_at"))),
    )


def _pack_in_parts(shop: Shop, at: datetime) -> None:
    """Two orders of which one parcel is on its way and the rest is not: paid a day ago, whatever the hour is."""
    sent = 0
    for order in Order.objects.filter(state=OrderState.PAID, packs=0, paid_at__lt=at - timedelta(days=1)).order_by(
        "pk"
    ):
        lines = list(order.lines.order_by("pk"))
        first = lines[0]
        if len(lines) + first.quantity > 2 and sent < 2:
            sent += 1
            ship_order(
                order=order,
                carrier="中通快递",
                tracking_number=f"ZT{order.pk:09d}7{sent}",
                by=shop.keepers[order.supplier_id],
                at=at - timedelta(hours=8),
                items={first.pk: 1},
            )


def _hurry(member: Member, at: datetime) -> None:
    order = Order.objects.filter(member=member, state=OrderState.PAID).order_by("paid_at").first()
    if order is not None:
        remind_supplier(order=order, member=member, at=at - timedelta(hours=1))


def _call_off(member: Member, at: datetime) -> None:
    """A few orders of which a piece was called off before it left."""
    waiting = OrderLine.objects.filter(
        order__state=OrderState.PAID, order__packs=0, quantity__gt=1, shipped_quantity=0
    ).exclude(order__member=member)
    for line in waiting.select_related("order__member").order_by("-pk")[:3]:
        commands.open_case(
            member=line.order.member,
            line=line,
            kind="refund_only",
            before_shipping=True,
            reason="wrong_order",
            quantity=1,
            amount_fen=None,
            note="多拍了一件",
            photos=(),
            at=max(line.order.paid_at or at, at - timedelta(hours=2)),
        )


def _line(told: Told, member: Member, taken: set[int], at: datetime) -> OrderLine | None:
    """Return a line that such a case can be about: the consumer's, where there is one left.

    Looked for in whole days, so that it is the same line at whatever hour the story is told.
    """
    days_ago, days = -(-told.hours // 24), 6 if told.reason == "no_reason" else 14
    asked_by, received_after = at - timedelta(days=days_ago), at - timedelta(days=days + told.hours // 24)
    lines = OrderLine.objects.filter(
        Q(order__received_at__isnull=True) | Q(order__received_at__range=(received_after, asked_by)),
        order__packs=0,
        order__shipped_at__lte=asked_by - timedelta(days=1),
        order__state__in=[OrderState.SHIPPED, OrderState.RECEIVED, OrderState.COMPLETED],
        refunded_quantity=0,
        sku__product__returnable=True,
        order__completed_at=None,
    ).exclude(order__in=taken)
    own = lines.filter(order__member=member)
    found = own.first() or lines.filter(order__supplier__slug="yanxu").first() or lines.order_by("-pk").first()
    return OrderLine.objects.select_related("order__member", "sku__product").get(pk=found.pk) if found else None


def _tell(told: Told, line: OrderLine, shop: Shop, pictures: bool, at: datetime) -> None:
    buyer, keeper = line.order.member, shop.keepers[line.order.supplier_id]
    try:
        case = commands.open_case(
            member=buyer,
            line=line,
            kind=told.kind,
            before_shipping=False,
            reason=told.reason,
            quantity=1,
            amount_fen=900 if told.reason == "too_few" and line.unit_price_fen > 900 else None,
            note=told.note,
            photos=list(_photos(line, told.photos)) if pictures else [],
            at=at,
        )
    except OrderRefused:
        return
    number = f"SF{case.pk:07d}12345"
    for act, hours in told.steps:
        at += timedelta(hours=hours)
        if act == "agree":
            commands.agree_case(case=case, by=keeper, at=at)
        elif act == "refuse":
            commands.refuse_case(case=case, by=keeper, reason=told.words, at=at)
        elif act == "dispute":
            commands.dispute_case(case=case, member=buyer, text="照片拍得很清楚，请平台看看", at=at)
        elif act == "close":
            commands.decide_case(
                case=case, by=shop.reviewer, verdict="close", reason="详情页写明了规格和色差，支持商家", at=at
            )
        elif act == "send_back":
            commands.send_back(case=case, member=buyer, carrier="顺丰速运", tracking_number=number, at=at)
        elif act == "take_back":
            commands.take_back(case=case, by=keeper, restock=told.kind == "return_refund", at=at)
        elif act == "resend":
            commands.resend(case=case, by=keeper, carrier="京东快递", tracking_number=f"JD{number}", at=at)
        elif act == "take_replacement":
            commands.take_replacement(case=case, member=buyer, at=at)
        else:
            commands.cancel_case(case=case, member=buyer, at=at)


def _photos(line: OrderLine, count: int) -> Iterator[Photo]:
    product = line.sku.product
    for view in SNAPSHOTS[:count]:
        content = draw_snapshot(product.slug, product.hue, product.silhouette, product.label, view)
        yield Photo(content=content, width=SIDE, height=SIDE)


def _follow(member: Member, at: datetime) -> None:
    """Announce the consumer's parcels, those of cases and the newest of others, and ask what happened to them. The rest
    are announced by the mall itself once it runs (`orders.tasks.follow_parcels`)."""
    told = Parcel.objects.filter(Q(order__member=member) | Q(after_sale__isnull=False)).values_list("pk", flat=True)
    newest = Parcel.objects.filter(delivered_at=None).order_by("-pk").values_list("pk", flat=True)[:NEWEST]
    Parcel.objects.filter(delivered_at=None).update(announced_at=None)
    for parcel_id in sorted({*told, *newest}):
        Parcel.objects.filter(pk=parcel_id).update(announced_at=None)
        if announce_parcel(parcel_id=parcel_id, at=at):
            ask_carrier(parcel_id=parcel_id, at=at)
