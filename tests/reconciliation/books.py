"""Money in all three books, made through the commands of the mall and the stand-ins' own books."""

from datetime import date, timedelta
from typing import Any

from mall.core import clock
from mall.core.ids import SHANGHAI
from orders.commands import capture_payment, start_payment
from orders.models import Order
from payouts.commands import approve_withdrawal, release_withdrawal
from payouts.models import Withdrawal
from reconciliation.commands import ask_check, run_check
from reconciliation.models import Check, Day, Item
from sandbox.payments.models import Trade, TradeRefund
from tests.factories import a_placed_order, a_sku, fresh
from tests.payouts.people import asked, person


def today() -> date:
    return clock.now().astimezone(SHANGHAI).date()


def placed(price_fen: int = 6_800) -> Order:
    return a_placed_order(sku=a_sku(price_fen=price_fen), at=clock.now())


def on_channel(order: Order, reference: str, provider: str = "wechat", **changes: Any) -> Trade:
    """The provider has taken the money for an order's payment; we have not heard of it."""
    payment = start_payment(purchase=order.purchase, provider=provider, at=clock.now())
    merchant, kind = {"wechat": ("1900000109", "h5"), "alipay": ("2088000000000001", "wap")}[provider]
    values = {"number": payment.number, "amount_fen": payment.amount_fen, "state": "paid", "paid_at": clock.now()}
    return Trade.objects.create(
        provider=provider,
        merchant_id=merchant,
        kind=kind,
        reference=reference,
        token=reference,
        currency="CNY",
        subject="x",
        notify_url="http://127.0.0.1:9/",
        return_url="http://127.0.0.1:9/",
        expires_at=clock.now() + timedelta(hours=1),
        created_at=clock.now(),
        **(values | changes),
    )


def captured(order: Order, reference: str) -> Order:
    payment = order.purchase.payments.get()
    capture_payment(
        payment_number=payment.number,
        provider_ref=reference,
        amount_fen=payment.amount_fen,
        currency="CNY",
        captured_at=clock.now(),
    )
    return fresh(order)


def paid(reference: str, *, price_fen: int = 6_800, provider: str = "wechat", **changes: Any) -> Order:
    """An order paid in both books; `changes` are what the provider's book says instead."""
    order = placed(price_fen)
    on_channel(order, reference, provider, **changes)
    return captured(order, reference)


def given_back_by_hand(order: Order, amount_fen: int) -> TradeRefund:
    """Somebody gives money back on the provider's own pages."""
    return TradeRefund.objects.create(
        trade=Trade.objects.get(number=order.purchase.payments.get().number),
        number="BYHAND1",
        reference="BYHAND1",
        amount_fen=amount_fen,
        state="succeeded",
        succeeded_at=clock.now(),
        created_at=clock.now(),
    )


def paid_out(amount_fen: int = 50_000) -> Withdrawal:
    """A withdrawal that two people let pass and the sandbox paid; nothing of it was earned, so the ledger lacks it."""
    withdrawal = asked(person("周敏"), amount_fen, at=clock.now())
    approve_withdrawal(number=withdrawal.number, by=person("苏敏", staff=True), at=clock.now())
    return release_withdrawal(number=withdrawal.number, by=person("陈立", staff=True), at=clock.now())


def checked(day: date) -> Check:
    """Ask for a check of a day and run it, as its worker would."""
    return run_check(check_id=ask_check(day=day, by=None, at=clock.now()).pk, tick=clock.now)


def causes(day: date) -> dict[str, str]:
    """Return what was found on a day: numbers with their causes."""
    return dict(Item.objects.filter(day__date=day).exclude(state="gone").values_list("number", "cause"))


def figures(day: date) -> dict[str, Any]:
    found: dict[str, Any] = Day.objects.get(date=day).figures
    return found
