"""What is asked about orders. Queries for pages take the member and find nothing of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from members.models import Member
from orders.models import Order, OrderLine, OrderState, Parcel, Payment, PaymentState, Purchase, Refund, RefundState
from orders.rules import BANK_HOLDER, CASH_HOLDERS, IMPORTED, PAID_STATES, cooled_off_at, is_refundable
from orders.rules.shipping import CARRIERS, WAYBILL_PATTERN
from suppliers.models import Supplier

from .open_cases import open_cases_of_lines, open_cases_of_orders
from .quoting import Agreed, Quote, QuoteLine, QuotePart, assess, quote

__all__ = [
    "BANK_HOLDER",
    "CARRIERS",
    "IMPORTED",
    "WAYBILL_PATTERN",
    "Agreed",
    "Quote",
    "QuoteLine",
    "QuotePart",
    "Step",
    "assess",
    "cash_holders",
    "channel_names",
    "is_order_refundable",
    "line_names",
    "numbers_of",
    "open_cases_of_lines",
    "open_cases_of_orders",
    "open_payment",
    "order_by_number",
    "order_counts",
    "order_of",
    "orders_of",
    "orders_page",
    "orders_to_ship",
    "paid_between",
    "payment_by_number",
    "payment_of",
    "provider_names",
    "purchase_of",
    "quote",
    "refund_of",
    "refunds_under_way",
    "supplier_counts",
    "supplier_paid_between",
    "timeline",
    "unasked_payments",
    "unsent_refunds",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an order's timeline; without `at` it is still to come, `due_at` says by when."""

    label: str
    at: datetime | None
    due_at: datetime | None = None


def orders_of(*, member: Member, states: Sequence[str] = ()) -> QuerySet[Order]:
    """Return a member's orders, newest first, with lines, products and supplier loaded."""
    own = _with_details().filter(member=member)
    return own.filter(state__in=states) if states else own


def orders_page(*, member: Member, states: Sequence[str] = (), before: str = "", limit: int) -> list[Order]:
    """Return up to `limit` of a member's orders, newest first, from the one after the order numbered `before` on.

    A number that is none of the member's counts as no number.
    """
    own = orders_of(member=member, states=states)
    last = Order.objects.filter(member=member, number=before).values_list("placed_at", "pk").first() if before else None
    if last is not None:
        own = own.filter(Q(placed_at__lt=last[0]) | Q(placed_at=last[0], pk__lt=last[1]))
    return list(own[:limit])


def order_of(*, member: Member, number: str) -> Order | None:
    """Return one of the member's own orders with its details."""
    return orders_of(member=member).filter(number=number).first()


def order_by_number(*, number: str) -> Order | None:
    """Return an order whoever's it is, for operators and for providers' notices."""
    return _with_details().filter(number=number).first()


def order_counts(*, member: Member) -> dict[str, int]:
    """Return how many orders a member has in each state, 0 for none."""
    found = Order.objects.filter(member=member).values_list("state").annotate(count=Count("id"))
    return {**dict.fromkeys(OrderState.values, 0), **dict(found)}


def orders_to_ship(*, supplier: Supplier) -> QuerySet[Order]:
    """Return a supplier's paid orders, oldest first."""
    return _with_details().filter(supplier=supplier, state=OrderState.PAID).order_by("paid_at", "id")


def supplier_counts(*, supplier: Supplier) -> dict[str, int]:
    """Return how many orders of a supplier are in each state, 0 for none."""
    found = Order.objects.filter(supplier=supplier).values_list("state").annotate(count=Count("id"))
    return {**dict.fromkeys(OrderState.values, 0), **dict(found)}


def supplier_paid_between(*, supplier: Supplier, since: datetime, until: datetime) -> tuple[int, int]:
    """Return how many of a supplier's orders paid in that time stand, and what it gets for them in fen."""
    paid = Order.objects.filter(supplier=supplier, state__in=PAID_STATES, paid_at__gte=since, paid_at__lte=until)
    found = paid.aggregate(count=Count("id"), supply_fen=Coalesce(Sum("supply_total_fen"), 0))
    return found["count"], int(found["supply_fen"])


def purchase_of(*, member: Member, number: str) -> Purchase | None:
    """Return one of the member's own purchases, its orders loaded with their details."""
    orders = Prefetch("orders", _with_details().order_by("id"))
    return Purchase.objects.filter(member=member, number=number).prefetch_related(orders).first()


def open_payment(*, purchase_id: int) -> Payment | None:
    """Return the payment that has a purchase's money, or else the newest that waits for the buyer."""
    payments = Payment.objects.filter(purchase=purchase_id, state__in=[PaymentState.CREATED, PaymentState.CAPTURED])
    return payments.order_by(F("captured_at").desc(nulls_last=True), "-id").first()


def payment_of(*, purchase: Purchase, number: str) -> Payment | None:
    """Return one of the payments that were begun for a purchase."""
    return None if "\x00" in number else Payment.objects.filter(purchase=purchase, number=number).first()


def payment_by_number(*, number: str) -> Payment | None:
    """Return one payment with its purchase."""
    return Payment.objects.select_related("purchase__member").filter(number=number).first()


def refund_of(*, order: Order) -> Refund | None:
    """Return the latest refund of an order."""
    return Refund.objects.select_related("payment").filter(order=order).order_by("-id").first()


def is_order_refundable(*, order: Order, at: datetime) -> bool:
    """Say whether the order can be returned whole at an instant."""
    return is_refundable(
        state=order.state,
        packs=order.packs,
        received_at=order.received_at,
        cooling_off_days=order.cooling_off_days,
        at=at,
    )


def timeline(*, order: Order) -> list[Step]:
    """Return what happened to an order and what is to come, in order."""
    steps = [Step(_("提交订单"), order.placed_at)]
    if order.state == OrderState.CANCELLED:
        return [*steps, Step(_("订单已取消"), order.cancelled_at)]
    cooled_off = cooled_off_at(order.received_at, order.cooling_off_days) if order.received_at else None
    steps += [
        Step(_("付款成功"), order.paid_at, order.expires_at),
        Step(_("商家发货"), order.shipped_at),
        Step(_("确认收货"), order.received_at, order.auto_receive_at),
        Step(_("交易完成"), order.completed_at, cooled_off),
    ]
    if order.state == OrderState.REFUNDED:
        return [*(step for step in steps if step.at is not None), Step(_("退款"), order.refunded_at)]
    return steps


def unasked_payments(*, at: datetime, limit: int) -> list[str]:
    """Return numbers of payments about which their provider is to be asked, or told that they are closed."""
    due = Payment.objects.filter(ask_at__lte=at, state__in=[PaymentState.CREATED, PaymentState.CLOSED])
    return list(due.order_by("ask_at").values_list("number", flat=True)[:limit])


def unsent_refunds(*, at: datetime, limit: int) -> list[str]:
    """Return numbers of refunds to be sent, and of those whose outcome has been unknown for a minute."""
    waiting = Refund.objects.filter(
        Q(state=RefundState.REQUESTED) | Q(state=RefundState.SENT, sent_at__lt=at - timedelta(minutes=1))
    )
    return list(waiting.order_by("created_at").values_list("number", flat=True)[:limit])


def _with_details() -> QuerySet[Order]:
    return (
        Order.objects.select_related("purchase", "supplier", "member", "adviser")
        .prefetch_related(
            Prefetch("lines", OrderLine.objects.select_related("sku__product").order_by("id")),
            Prefetch("parcels", Parcel.objects.order_by("id")),
        )
        .order_by("-placed_at", "-id")
    )


def channel_names(holders: list[int]) -> dict[int, str]:
    """Return what people call the channels that hold cash for the mall, by their holder id in the ledger."""
    words = provider_names()
    known = {holder: words.get(name, name) for name, holder in CASH_HOLDERS.items()} | {BANK_HOLDER: _("银行账户")}
    return {holder: name for holder, name in known.items() if holder in holders}


def cash_holders() -> dict[str, int]:
    """Return who holds the cash of each provider in the ledger."""
    return dict(CASH_HOLDERS)


def provider_names() -> dict[str, str]:
    """Return what people call each channel that takes money."""
    return {
        "wechat": _("微信支付"),
        "alipay": _("支付宝"),
        "sandbox": _("沙箱渠道"),
        "import": _("历史导入"),
    }


def paid_between(*, since: datetime, until: datetime) -> tuple[int, int]:
    """Return how many payments were captured in a period, and their sum in fen."""
    found = Payment.objects.filter(captured_at__gte=since, captured_at__lt=until).aggregate(
        count=Count("id"), total=Sum("amount_fen")
    )
    return found["count"], found["total"] or 0


def refunds_under_way() -> int:
    """Return how many refunds were decided and are not back with the buyer."""
    open_states = (RefundState.REQUESTED, RefundState.SENT, RefundState.FAILED)
    return Refund.objects.filter(state__in=open_states).count()


def numbers_of(order_ids: list[int]) -> dict[int, str]:
    """Return the numbers of these orders."""
    return dict(Order.objects.filter(pk__in=order_ids).values_list("pk", "number"))


def line_names(line_ids: list[int]) -> dict[int, str]:
    """Return what people know these lines by: the order's number and the goods."""
    lines = OrderLine.objects.filter(pk__in=line_ids).select_related("order")
    return {line.pk: f"{line.order.number} {line.product_name}" for line in lines}
