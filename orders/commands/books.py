"""The journal entries of orders. Cash lies with a provider; what a refund owes stands apart until it is paid."""

from collections.abc import Sequence
from datetime import datetime

from ledger.commands import Entry, Line, post_entry
from ledger.models import AccountKind
from orders.models import Order, Payment, Purchase, Refund
from orders.rules import CASH_HOLDERS

PAYMENT = "payment"
LATE_PAYMENT = "late_payment"
REFUND = "refund"
REFUND_PAID = "refund_paid"


def payment_entry(
    *, number: str, provider: str, sales: Sequence[tuple[int, int, int]], at: datetime, memo: str
) -> Entry:
    """Cash against revenue, and the cost of the goods against what the suppliers are owed. `sales` are the orders that
    were paid: supplier, total and supply total in fen.
    """
    lines = [Line(AccountKind.CASH, CASH_HOLDERS[provider], sum(total_fen for _, total_fen, _ in sales))]
    for supplier_id, total_fen, supply_total_fen in sales:
        lines += [
            Line(AccountKind.REVENUE, 0, -total_fen),
            Line(AccountKind.COST_OF_GOODS, 0, supply_total_fen),
            Line(AccountKind.SUPPLIER_PAYABLE, supplier_id, -supply_total_fen),
        ]
    return Entry(PAYMENT, number, at, tuple(lines), memo)


def refund_entry(
    *,
    number: str,
    provider: str,
    supplier_id: int,
    total_fen: int,
    supply_total_fen: int,
    at: datetime,
    memo: str,
    paid: bool,
) -> Entry:
    """The sale taken back; owed to the buyer, or `paid` already."""
    owed = (
        Line(AccountKind.CASH, CASH_HOLDERS[provider], -total_fen)
        if paid
        else Line(AccountKind.REFUND_PAYABLE, 0, -total_fen)
    )
    lines = (
        Line(AccountKind.REVENUE, 0, total_fen),
        owed,
        Line(AccountKind.SUPPLIER_PAYABLE, supplier_id, supply_total_fen),
        Line(AccountKind.COST_OF_GOODS, 0, -supply_total_fen),
    )
    return Entry(REFUND, number, at, tuple(line for line in lines if line.amount_fen), memo)


def post_payment(purchase: Purchase, orders: Sequence[Order], payment: Payment, at: datetime) -> None:
    """Book the money for a purchase."""
    post_entry(
        payment_entry(
            number=payment.number,
            provider=payment.provider,
            sales=[(order.supplier_id, order.total_fen, order.supply_total_fen) for order in orders],
            at=at,
            memo=purchase.number,
        )
    )


def post_late_payment(purchase: Purchase, payment: Payment, at: datetime) -> None:
    """Book money that came for a purchase which was closed, or paid already: it is owed back."""
    lines = (
        Line(AccountKind.CASH, CASH_HOLDERS[payment.provider], payment.amount_fen),
        Line(AccountKind.REFUND_PAYABLE, 0, -payment.amount_fen),
    )
    post_entry(Entry(LATE_PAYMENT, payment.number, at, lines, purchase.number))


def post_refund(order: Order, payment: Payment, refund: Refund, supply_fen: int, at: datetime) -> None:
    """Book the decision to take an order, or a part of it, back; `supply_fen` is what its supplier is owed less."""
    post_entry(
        refund_entry(
            number=refund.number,
            provider=payment.provider,
            supplier_id=order.supplier_id,
            total_fen=refund.amount_fen,
            supply_total_fen=supply_fen,
            at=at,
            memo=order.number,
            paid=False,
        )
    )


def post_refund_paid(payment: Payment, refund: Refund, at: datetime) -> None:
    """Book the money that went back."""
    lines = (
        Line(AccountKind.REFUND_PAYABLE, 0, refund.amount_fen),
        Line(AccountKind.CASH, CASH_HOLDERS[payment.provider], -refund.amount_fen),
    )
    post_entry(Entry(REFUND_PAID, refund.number, at, lines, payment.number))
